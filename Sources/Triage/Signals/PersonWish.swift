/// An explicit wish to deal with a person rather than a machine.
///
/// Always honoured, so the phrases are narrow: they must name both the wish and the person, or be
/// the whole turn. English, German, Spanish and French.
public enum PersonWish {
    private enum Meaning: Sendable { case wish, refusal }

    /// Whether a text asks for a person.
    public static func isExpressed(in text: String) -> Bool {
        isExpressed(in: PlainWords(text))
    }

    static func isExpressed(in text: PlainWords) -> Bool {
        let matches = book.matches(in: text)
        let refusals = matches.filter { $0.meaning == .refusal }
        return matches.contains { match in
            match.meaning == .wish && !refusals.contains { $0.range.overlaps(match.range) }
        }
    }

    private static let book = PhraseBook<Meaning>([
        .wish: english + german + spanish + french,
        .refusal: [
            // Asking whether one must, or what one is talking to, is not asking for it.
            "do|must|should i (need|have) (to) speak|talk (to) (a|an|your) \(nouns)",
            "you (are) (a|an) real|actual|live|human person|human|agent|being",
            "dont|not|never|without|no|wont ~ speak|talk|chat|speaking|talking|need|want ~"
                + " \(nouns)",
            "nicht|kein|keinen|ohne ~ sprechen|mitarbeiter|menschen",
            "no ~ hablar|quiero|necesito ~ persona|agente|humano",
            "pas|sans ~ parler|besoin ~ humain|conseiller|agent|personne",
        ],
    ])

    private static let nouns =
        "human|humans|person|people|agent|agents|representative|rep|operator|advisor|adviser|"
        + "supervisor|manager|employee|staff|specialist|someone|somebody"

    private static let english = [
        "speak|talk|chat|talking|speaking|chatting to|with|too (a|an|the|some|any|one) (of)"
            + " (your|actual|real|live|human|support|customer|service|different)"
            + " (service|support|human|care|sales) \(nouns)",
        "connect|transfer|put|pass|forward|redirect|escalate|direct|patch|hand me|us|this|it ~"
            + " human|person|agent|representative|rep|operator|advisor|adviser|supervisor|manager|"
            + "someone|somebody",
        "want|need|get|give|gimme|prefer|require (me|us) (to) (a|an|the|my)"
            + " (real|live|actual|human|support|customer|service) (support|service)"
            + " human|person|agent|representative|operator|advisor|adviser|supervisor",
        "real|live|actual|human person|human|agent|being|representative|operator|support|advisor",
        "^ (please) (a) human|agent|operator|representative|person|supervisor (please|now|pls) $",
        "agent|human|operator|representative|supervisor please|pls|now",
        "is (there) anyone|anybody|someone (real|human) there $",
        "stop|hate|sick|tired ~ bot|bots|robot|chatbot|machine|machines",
        "dont want|need|like (to) (talk|speak|chat) (to|with) (a|the|this|your)"
            + " bot|bots|robot|chatbot|machine",
        "call me back",
        "talk|speak to|with your manager|boss|supervisor",
    ]

    private static let germanNouns =
        "mensch|menschen|mitarbeiter|mitarbeiterin|mitarbeitern|person|berater|beraterin|"
        + "kundenberater|ansprechpartner|jemand|jemandem|jemanden|kollegen|vorgesetzten"

    private static let german = [
        "mit ~ \(germanNouns) ~ sprechen|reden|chatten|verbinden|verbunden",
        "verbinden|verbinde|verbindet ~ mit ~ \(germanNouns)",
        "echten|echter|richtigen|richtiger|lebenden mensch|menschen|mitarbeiter|person|berater",
        "echte|richtige person",
        "^ (bitte) (einen|ein) mensch|menschen|mitarbeiter|berater (bitte) $",
        "will|mochte|brauche|hatte ~ (einen) mitarbeiter|menschen|berater|ansprechpartner",
        "kein|keinen|keine bot|roboter|maschine",
    ]

    private static let spanishNouns =
        "persona|humano|humana|agente|asesor|asesora|operador|operadora|representante|alguien|"
        + "supervisor|encargado"

    private static let spanish = [
        "hablar|hablo|hable|comunicar|comunicarme|chatear con (una|un|el|la|algun|alguna)"
            + " \(spanishNouns)",
        "paseme|pasame|comuniqueme|comunicame|transfierame|conecteme con ~ \(spanishNouns)",
        "persona|humano|agente real|humana|humano",
        "ser humano",
        "quiero|necesito (a) (una|un) agente|humano|asesor|operador|persona|representante",
        "^ (un|una) agente|humano|persona|operador|asesor (por) (favor) $",
    ]

    private static let frenchNouns =
        "humain|humaine|personne|conseiller|conseillere|agent|operateur|responsable|quelquun|"
        + "superieur|collegue"

    private static let french = [
        "parler|parle|discuter|echanger a|avec (un|une|le|la|votre) (vrai|vraie|etre)"
            + " \(frenchNouns)",
        "passez|mettez|transferez|passer ~ \(frenchNouns)",
        "vrai|vraie humain|personne|conseiller|agent",
        "etre humain",
        "veux|voudrais|besoin|souhaite (dun|dune|un|une) (vrai) conseiller|agent|humain|operateur",
        "^ (un|une) humain|conseiller|agent|operateur (svp|sil) (vous) (plait) $",
    ]
}
