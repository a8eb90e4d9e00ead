extension MoodLexicon {
    static let spanish: [(Float, String)] = [
        (
            3,
            """
            excelente fantastico increible perfecto maravilloso genial encanta encantado encantada
            estupendo espectacular
            """
        ),
        (
            2,
            """
            gracias feliz contento contenta agradecido agradecida amable recomiendo satisfecho
            satisfecha gusta alegra bueno buenisimo
            """
        ),
        (
            1.2,
            "bien buena rapido facil claro util mejor funciona resuelto solucionado seguro comodo"
        ),
        (
            -0.8,
            """
            espero esperando lento tarde retraso dificil confuso caro complicado falta duda
            lamentablemente
            """
        ),
        (
            -1.5,
            """
            problema problemas error errores mal mala malo roto defectuoso falla fallo molesto
            molesta decepcionado decepcionada decepcion frustrado frustrada frustrante perdido
            preocupado preocupada miedo triste queja rechazado ignoran
            """
        ),
        (
            -2.3,
            """
            terrible horrible pesimo pesima fatal inaceptable ridiculo vergonzoso verguenza odio
            enfadado enfadada enojado enojada desesperado desesperada harto harta estafa desastre
            indignado indignada asco
            """
        ),
        (-3, "mierda furioso furiosa ladrones estafadores puta joder cabrones"),
    ]

    static let french: [(Float, String)] = [
        (
            3,
            """
            excellent excellente fantastique incroyable parfait parfaite merveilleux genial
            geniale adore superbe magnifique
            """
        ),
        (
            2,
            """
            merci content contente heureux heureuse ravi ravie aimable recommande satisfait
            satisfaite aime plaisir bravo
            """
        ),
        (
            1.2,
            """
            bien bon bonne rapide facile clair claire utile mieux fonctionne resolu agreable
            efficace
            """
        ),
        (
            -0.8,
            """
            attends attente lent lente retard difficile confus cher complique manque
            malheureusement
            """
        ),
        (
            -1.5,
            """
            probleme problemes erreur erreurs mauvais mauvaise casse cassee defectueux panne decu
            decue deception frustre frustree frustrant perdu inquiet inquiete peur triste plainte
            refuse ignore enerve enervee
            """
        ),
        (
            -2.3,
            """
            horrible affreux nul nulle inacceptable inadmissible ridicule honteux honte deteste
            colere desespere desesperee marre arnaque catastrophe scandaleux lamentable
            """
        ),
        (-3, "merde putain furieux furieuse escrocs voleurs connard connards salauds"),
    ]
}
