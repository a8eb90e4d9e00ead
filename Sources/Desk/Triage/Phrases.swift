/// What the assistant says on its own account, in the customer's language.
package struct Phrases: Sendable {
    package var handOff: String
    package var nobodyThere: String
    package var clarify: String
    package var somethingElse: String
    package var relatedReading: String
    package var whoAreYou: String
    package var yourName: String
    package var yourEmail: String
    package var yes: String
    package var no: String
    package var notUnderstood: String
    /// The customer does not want to go on with a workflow.
    package var stopped: String
    /// A workflow has ended without a word of its own.
    package var finished: String

    /// The phrases of a language by its tag, such as `ar-EG`; English for those not here.
    package static func `in`(_ language: String?) -> Phrases {
        let primary = (language ?? "en").lowercased().prefix { $0 != "-" && $0 != "_" }
        return tables[String(primary)] ?? english
    }

    private static let tables = [
        "ar": arabic, "de": german, "en": english, "es": spanish, "fr": french,
    ]

    private static let english = Phrases(
        handOff: """
            I am bringing in a person from the team. They will see everything you have written, \
            so there is no need to repeat it.
            """,
        nobodyThere: """
            Nobody from the team is here right now. Leave your email address and they will \
            write to you; what you have told me is kept for them.
            """,
        clarify: "I want to get this right. Which of these is it?",
        somethingElse: "Something else: talk to a person",
        relatedReading: "Read more",
        whoAreYou: "While you wait: how can we reach you?",
        yourName: "Your name",
        yourEmail: "Email address",
        yes: "Yes",
        no: "No",
        notUnderstood: "I did not understand that.",
        stopped: "All right, I have left it as it is.",
        finished: "That is all I needed. Thank you."
    )

    private static let arabic = Phrases(
        handOff: """
            سأستدعي شخصًا من الفريق. سيرى كل ما كتبته، فلا حاجة إلى أن تكرره.
            """,
        nobodyThere: """
            لا يوجد أحد من الفريق الآن. اترك بريدك الإلكتروني وسيكتبون إليك؛ وما أخبرتني به \
            محفوظ لهم.
            """,
        clarify: "أريد أن أفهمك جيدًا. أيّ من هذه تقصد؟",
        somethingElse: "شيء آخر: التحدث إلى شخص",
        relatedReading: "اقرأ المزيد",
        whoAreYou: "ريثما يأتي دورك: كيف يمكننا التواصل معك؟",
        yourName: "اسمك",
        yourEmail: "البريد الإلكتروني",
        yes: "نعم",
        no: "لا",
        notUnderstood: "لم أفهم ذلك.",
        stopped: "حسنًا، تركت الأمر كما هو.",
        finished: "هذا كل ما أحتاج إليه. شكرًا لك."
    )

    private static let german = Phrases(
        handOff: """
            Ich hole jemanden aus dem Team dazu. Alles, was Sie geschrieben haben, ist dort zu \
            sehen; Sie müssen nichts wiederholen.
            """,
        nobodyThere: """
            Gerade ist niemand aus dem Team da. Hinterlassen Sie Ihre E-Mail-Adresse, dann \
            meldet sich jemand; Ihre Nachrichten bleiben erhalten.
            """,
        clarify: "Damit ich richtig helfe: Worum geht es?",
        somethingElse: "Etwas anderes: mit einem Menschen sprechen",
        relatedReading: "Mehr dazu",
        whoAreYou: "Während Sie warten: Wie erreichen wir Sie?",
        yourName: "Ihr Name",
        yourEmail: "E-Mail-Adresse",
        yes: "Ja",
        no: "Nein",
        notUnderstood: "Das habe ich nicht verstanden.",
        stopped: "Gut, ich lasse alles, wie es ist.",
        finished: "Das war alles, was ich wissen musste. Danke."
    )

    private static let spanish = Phrases(
        handOff: """
            Voy a pasarle con una persona del equipo. Verá todo lo que ha escrito, así que no \
            tendrá que repetirlo.
            """,
        nobodyThere: """
            Ahora mismo no hay nadie del equipo. Deje su correo electrónico y le escribirán; \
            lo que me ha contado queda guardado.
            """,
        clarify: "Quiero entenderlo bien. ¿De qué se trata?",
        somethingElse: "Otra cosa: hablar con una persona",
        relatedReading: "Más información",
        whoAreYou: "Mientras espera: ¿cómo podemos localizarle?",
        yourName: "Su nombre",
        yourEmail: "Correo electrónico",
        yes: "Sí",
        no: "No",
        notUnderstood: "No he entendido eso.",
        stopped: "De acuerdo, lo dejo como está.",
        finished: "Es todo lo que necesitaba. Gracias."
    )

    private static let french = Phrases(
        handOff: """
            Je fais venir quelqu’un de l’équipe. Cette personne verra tout ce que vous avez \
            écrit, inutile de le répéter.
            """,
        nobodyThere: """
            Personne de l’équipe n’est là pour le moment. Laissez votre adresse e-mail et on \
            vous écrira ; ce que vous m’avez dit est conservé.
            """,
        clarify: "Je veux être sûr de comprendre. De quoi s’agit-il ?",
        somethingElse: "Autre chose : parler à une personne",
        relatedReading: "En savoir plus",
        whoAreYou: "En attendant : comment vous joindre ?",
        yourName: "Votre nom",
        yourEmail: "Adresse e-mail",
        yes: "Oui",
        no: "Non",
        notUnderstood: "Je n’ai pas compris.",
        stopped: "Très bien, je laisse les choses en l’état.",
        finished: "C’est tout ce qu’il me fallait. Merci."
    )
}
