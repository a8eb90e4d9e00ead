// SPDX-License-Identifier: Apache-2.0

/// Words that say nothing about a subject, by language, and what they tell of a text's language.
///
/// A text in a language without a list keeps its small words as content.
enum Fillers {
    /// The ISO 639-1 code of a text's language; nil when it cannot be told.
    ///
    /// Told by the script where it belongs to one language, else by small words. Two different ones
    /// are needed, and more of them than of any other language.
    static func language(of text: String) -> String? {
        if let script = Script.language(of: text) { return script }
        let words = Set(Words.all(in: text).map { String($0) })
        let counts = lists.map { (code: $0.key, count: words.intersection($0.value).count) }
            .sorted { ($0.count, $1.code) > ($1.count, $0.code) }
        guard let first = counts.first, first.count >= 2 else { return nil }
        return counts.count > 1 && counts[1].count == first.count ? nil : first.code
    }

    /// The small words of a language; none for one that is not known.
    static func words(of language: String?) -> Set<String> {
        language.flatMap { lists[$0] } ?? []
    }

    private static let lists = texts.mapValues { text in
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static let texts = [
        "en": """
        a about after again all also always am an and another any anyone anything are as at away be
        because been before being both but by can cannot could did didn do does doesn doing don done
        down each either else even ever every everything feel few for free from further get gets
        getting give given gladly glad go goes going got had happy has hasn have haven having he
        hello help her here hers hey hi him his how however i if in indeed instead into is isn it
        its itself just know let like ll looking make makes may maybe me might more most much must
        my need needs never no none nor not nothing now of off ok okay on once one only onto or
        other others our ours out over own per please quite rather re really same see she should
        simply since so some something soon still such sure take takes than thank thanks that the
        their them then there these they thing things this those though through thus to too under
        unless until up upon us use using ve very via want wants was wasn way we welcome well were
        what whatever when whenever where whether which while who whole why will with within without
        won would yes yet you your yours yourself
        """,
        "de": """
        ab aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei
        beim bereits bin bis bist bitte bzw da dabei dafür dagegen dann daran darauf daraus darf
        darin darüber das dass davon dazu dein deine deinem deinen deiner dem den denn der deren des
        deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch dürfen eben
        ein eine einem einen einer eines einfach er erst es etwa etwas euch euer eure falls für gar
        ganz geben gegen gern gerne gibt hab habe haben hallo hast hat hatte hier hilfe ich ihm ihn
        ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem ins ist ja je jede jedem jeden
        jeder jedes jedoch jetzt kann kannst kein keine keinen können könnt lassen man mehr mein
        meine meinem meinen meiner mich mir mit möchte möchten muss müssen nach natürlich nein nicht
        nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seit selbst sich sie
        sind so sobald sofern solange soll sollte sollten sondern sonst sowie stets tun über um und
        uns unser unsere unserem unseren unserer unter viel vielen vom von vor wann war waren warum
        was weil welche welchem welchen welcher wenn wer werde werden wie wieder wir wird wo wollen
        worden wurde wurden würde würden zu zum zur zwar zwischen
        """,
        "fr": """
        afin ai ainsi alors après assez au aucun aucune aujourd aussi autre autres aux avait avant
        avec avez avoir avons ayant bien bonjour car ce ceci cela celle celles celui ces cet cette
        chaque chez comme comment dans de déjà depuis des dès deux doit doivent donc dont du elle
        elles en encore entre es est et étaient était été être eu eux faire fait faites faut hui il
        ils je jusqu la là le les lequel leur leurs lors lorsque lui ma mais me même mêmes merci mes
        moi moins mon ne ni non nos notre nous on ont ou où oui par parce pas pendant peu peut
        peuvent peux plus pour pourquoi pouvez pouvons puis puisque qu quand que quel quelle quelles
        quels qui quoi sa sans se sera seront ses si soit son sont sous suis sur ta tandis te tes
        toi ton toujours tous tout toute toutes très tu un une va vers veuillez via voici voilà vos
        votre voulez vous voudrais
        """,
        "es": """
        a además al algo alguna algunas alguno algunos ante antes aquí así aun aunque bajo bien cada
        casi como cómo con contra cual cuál cuales cualquier cuando cuándo cuanto de debe deben del
        desde después donde dónde dos durante e el él ella ellas ellos en entonces entre era eran es
        esa esas ese eso esos esta está estaba están estar estas este esto estos fue fueron gracias
        ha haber había hace hacer hacia han has hasta hay haya hola la las le les lo los luego más
        me mediante mi mientras mis misma mismo muy nada ni no nos nosotros nuestra nuestro nunca o
        os otra otras otro otros para pero poco por porque pueda puede pueden puedes pues que qué
        quien quién se sea sean según ser será serán si sí sido siempre sin sino sobre solo sólo son
        su sus también tan tanto te tener tengo ti tiene tienen tienes toda todas todo todos tras tu
        tú tus un una unas uno unos usted ustedes ya yo
        """,
        "it": """
        a abbiamo ad agli ai al alcune alcuni alla alle allo allora anche ancora avere avete bene
        che chi ci ciao ciascun come con contro cosa così cui da dagli dai dal dalla dalle dallo
        deve devono degli dei del della delle dello dentro di dopo dove due durante e è ed entro era
        erano essere fa fare fatto fino fra già gli grazie ha hai hanno ho i il in infatti invece io
        la le lei li lo loro lui ma me mentre mi mia mie miei mio molto ne negli nei nel nella nelle
        nello no noi non nostra nostro o ogni oppure per perché però più poi possibile possono può
        puoi qualche quale quali quando quella quelle quelli quello questa queste questi questo qui
        quindi sarà se sempre senza sono sotto stata stati stato su sua subito sue sugli sui sul
        sulla sulle suo suoi tra tu tua tue tuo tuoi tutta tutte tutti tutto un una uno va verso vi
        viene vengono voi vostra vostro
        """,
        "pt": """
        a à além ao aos apenas após aquela aquele aqui as às assim até através bem cada com como
        contra da das de dela dele deles depois desde dessa desse desta deste deve devem do dois dos
        durante e é ela elas ele eles em enquanto então entre era essa essas esse esses esta está
        estão estar estas este estes eu faz fazer foi foram há isso isto já lá lhe lhes mais mas me
        mediante mesma mesmo meu meus minha minhas muito na nas nem nenhum nessa nesta neste no nos
        nós nossa nosso não num numa o obrigada obrigado olá onde os ou outra outras outro outros
        para pela pelas pelo pelos pode podem poder pois por porque porém qual quais qualquer quando
        que quem são se seja sem sempre ser será serão seu seus sim só sob sobre sua suas também tem
        têm ter teu teus toda todas todo todos tu tua um uma umas uns você vocês
        """,
        "nl": """
        aan af al alle alleen als altijd andere ben bent bij binnen daar daarna dan dat de deze die
        dit doen door dus een elk elke en er geen graag haar had hallo heb hebben hebt heeft hem het
        hier hij hoe hun iets ik in indien is ja je jij jou jouw jullie kan kon kunnen kunt maar mag
        me meer men met mij mijn moet moeten na naar nee niet niets nog nu of om omdat ons onze ook
        op over reeds sinds te tegen ten ter terwijl toch toen tot tussen u uit uw vaak van vanaf
        veel via voor vóór waar waarom wanneer want waren was wat we wel welke werd werden wie wij
        wil willen word worden wordt zal ze zei zich zij zijn zo zoals zodat zonder zou zouden
        zullen zult
        """,
        "sv": """
        alla allt än är att av bara behöver bli blir blivit både då där de dem den denna deras dess
        dessa det detta dig din dina ditt du efter ej eller en er era ett finns för från får få
        genom göra ha hade han har hej hela hennes hon honom hur här i in inga ingen inget innan
        inte jag kan kommer kunde man med medan mellan men mer mig min mina mitt måste ni nog något
        några när nu och också om oss på redan samma sedan sen ser sig sin sina sitt ska skall
        skulle som så tack till under upp ut utan vad var vara varje vem vi via vid vilka vilken
        vilket vill
        """,
        "da": """
        af alle alt at blev blive bliver da de dem den denne deres det dette dig din dine dit du
        efter eller en end er et fik for fordi fra få får gennem gør gøre ham han hans har havde hej
        helst hende her hun hvad hvem hver hvis hvor hvordan hvorfor hvornår i igen ikke ind ingen
        ja jeg jer jeres kan kun kunne man med mellem men mens mere mig min mine mit må nej noget
        nogle når nu og også om op os over på samme selv siden sig sin sine sit skal skulle som så
        tak til ud uden under var ved vi via vil ville vores være været
        """,
        "no": """
        alle alt at av ble bli blir både bare da de dem den denne deres det dette dere deg din dine
        ditt du eller en enn er et etter for fordi fra før få får gjennom gjør gjøre ham han hans
        har hadde hei hennes henne hun hva hvem hver hvis hvor hvordan hvorfor når i igjen ikke inn
        ingen ja jeg kan kun kunne man med mellom men mens mer meg min mine mitt må nei noe noen nå
        og også om opp oss over på samme selv siden seg sin sine sitt skal skulle som så takk til ut
        uten under var ved vi via vil ville vår våre være vært
        """,
        "pl": """
        a aby albo ale ani bardzo bez będą będzie bo by być był była było były chce ci cię co coś
        czy czyli dla dlaczego do dlatego dzień dobry dziękuję gdy gdzie go i ich ile im inne innych
        ja jak jako jego jej jest jestem jeszcze jeśli jeżeli już każda każde każdy kiedy kto która
        które którego której który których lub ma mają mam mamy masz mi między mnie może można mogą
        możesz możemy musi musisz my na nad nam nas nasz nasza nasze nawet nic nich nie niego niej
        nim niż o od oraz pan pani po pod podczas ponieważ poza proszę przed przez przy również są
        się swoje swój ta tak także tam te tego tej ten też to tu twoja twoje twój ty tych tylko tym
        w wam was wasz we więc wszystkie wszystko wtedy z za zanim zaś ze żeby
        """,
        "cs": """
        a aby aj ale ani ano ať by byl byla bylo být co což další dobrý do ho i ich já jak jako je
        jeho jej její jejich jen jestli ještě jsem jsi jsme jsou jste k každý kde kdo když která
        které který lze ma má mají máte mezi mi mne mně mohou moje můj může můžete my na nad nám nás
        náš naše ne nebo nebyl než nic o od pak po pod podle pokud pouze pro prosím proč proto
        protože před při s se si svůj ta tak také tam te tedy ten tento to toho tom tuto ty u už v
        vám vás váš vaše ve však vy z za ze že
        """,
        "ru": """
        а без более бы был была были было быть в вам вас ваш ваша ваше ваши вашего вашей вашем вашу
        ведь весь во вот все всё всегда всего всех вы где да даже для до должен должны его ее её
        если есть еще ещё же за здесь здравствуйте и из или им их к как какой когда которая которое
        которого которой который которые кто ли либо между меня мне можете можно может могут мой моя
        мы на над надо нас наш не него нее неё нет ни них но нужно о об обычно однако он она они оно
        от перед по под пожалуйста после потом потому при про с со свой свою себя сейчас снова
        спасибо так также там то того тоже только том ты у уже чего чем через что чтобы эта эти это
        этого этой этом этот эту я
        """,
        "uk": """
        а або але без би був була були було бути в вам вас ваш ваша ваше ваші вже ви від він вона
        вони все всі де для до його її є же за з зі із і й їх йому коли крім лише між мене мені може
        можете можна можуть ми на над нам нас наш не неї немає ні ніж нього о об один ось перед під
        по потім потрібно при про просто після та так також там те тільки то того тому у хто це цей
        ця ці цього цьому через чи чому що щоб як який яка яке які якщо я
        """,
        "tr": """
        sonra önce içinde bize bizim sizi üzere etmek edilir edin ama aynı bana bazı ben benim bile
        bir biraz biri biz bu bunu bunun çok çünkü da daha de değil defa diğer diye eğer en evet
        gibi göre hangi hayır hem hep her hiç için ile ilgili ise iyi kadar kendi ki kim lütfen mi
        mı mu mü nasıl ne neden nerede niçin niye o olan olarak oldu olduğu olur ona onlar onu onun
        oysa siz sizin şey şu tarafından tüm var ve veya ya yani yok yalnızca
        """,
        "fi": """
        ei eikä eivät ellei en enemmän ennen että hän hänen he hei heidän hyvin ilman itse ja jo
        johon joka jokainen jolloin jonka jos jossa jota jotka kaikki kanssa keskellä kiitos koko
        koska kuin kuinka kun kuten me meidän mihin mikä mikäli miksi milloin minä minun missä mitä
        mukaan mutta myös ne niin niiden niitä noin nyt oli ole olet olla on ovat se sekä sen siellä
        siinä siitä sillä sinä sinun sitä tai tämä tämän tässä tätä te teidän tulee vai vain vaan
        vielä voi voit voitte
        """,
    ]
}
