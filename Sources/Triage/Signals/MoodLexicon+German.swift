extension MoodLexicon {
    static let german: [(Float, String)] = [
        (
            3,
            """
            fantastisch ausgezeichnet hervorragend perfekt wunderbar genial grossartig begeistert
            liebe spitze klasse traumhaft
            """
        ),
        (
            2,
            """
            toll super prima freue freut gefreut glucklich dankbar danke dankeschon vielen
            freundlich hilfreich empfehlen zufrieden lob schon
            """
        ),
        (
            1.2,
            """
            gut gute guten guter besser schnell einfach klar zuverlassig nett gelost funktioniert
            hilft sicher angenehm
            """
        ),
        (
            -0.8,
            """
            warte warten langsam spat verspatet unklar leider schwierig teuer kompliziert
            verwirrend frage fehlt
            """
        ),
        (
            -1.5,
            """
            problem probleme fehler falsch kaputt defekt schlecht schlechte schlechter enttauscht
            enttauschend nervt nervig argerlich frustriert frustrierend verloren sorge sorgen
            angst unzufrieden mangelhaft beschwerde beschweren abgelehnt ignoriert traurig mist
            absturz unzuverlassig verschwendet umstandlich
            """
        ),
        (
            -2.3,
            """
            schrecklich furchtbar katastrophe katastrophal unverschamt frech frechheit
            unverschamtheit lacherlich inakzeptabel hasse sauer wutend verzweifelt panik unmoglich
            peinlich betrug abzocke schande horror grauenhaft miserabel
            """
        ),
        (-3, "scheisse scheiss stinksauer arschloch betruger verarscht kotzen saftladen"),
    ]
}
