/// A reason for a machine to step back at once.
public struct Distress: Sendable, Hashable {
    /// What it is about, most serious first.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Danger to their own or another's life.
        case crisis
        /// Danger to health or property from a thing or a place.
        case safety
        /// A lawyer, a court, an authority, the press.
        case legal
        /// Abuse, fury, or a threat to leave in anger.
        case anger
        /// Despair, panic or tears.
        case despair
        /// Help that has failed again and again.
        case failure
    }

    /// What it is about.
    public var kind: Kind
    /// The words that show it, as the rules spell them; nil where the whole turn does.
    public var words: String?

    init(_ kind: Kind) { self.kind = kind }

    /// Finds the most serious reason in a text; nil when there is none.
    public init?(in text: String) {
        self.init(in: PlainWords(text))
    }

    init?(in text: PlainWords) {
        let matches = Self.book.matches(in: text)
        let order = Kind.allCases
        let worst = matches.min {
            (order.firstIndex(of: $0.meaning) ?? 0, $0.range.lowerBound)
                < (order.firstIndex(of: $1.meaning) ?? 0, $1.range.lowerBound)
        }
        guard let worst else { return nil }
        kind = worst.meaning
        words = text.words[worst.range].map(\.text).joined(separator: " ")
    }

    private static let book = PhraseBook<Kind>([
        .crisis: [
            "kill|hurt|harm|hang myself", "killing|hurting|harming myself", "suicide|suicidal",
            "end my life", "end it all", "want|wanna|going (to) die",
            "dont want to live", "no reason to live", "better off dead", "take my (own) life",
            "overdose|overdosed", "heart attack", "cant breathe",
            "bring mich um", "mich umbringen|umzubringen", "selbstmord|suizid", "nicht mehr leben",
            "mir das leben nehmen", "will sterben",
            "quiero morir|morirme", "suicidio|suicidarme|matarme", "quitarme la vida",
            "no quiero (seguir) vivir|viviendo",
            "veux mourir", "me suicider|tuer", "envie de mourir", "en finir avec la vie",
            "mettre fin a mes jours",
        ],
        .safety: [
            "caught|catching|on fire", "burst into flames", "smoke|smoking|sparks|sparking ~ from",
            "electric|electrical shock", "electrocuted", "got|been|was injured|burned|burnt",
            "gas leak", "explode|exploded|exploding|explosion", "ambulance|emergency room",
            "in danger", "being stalked|followed|threatened", "allergic reaction", "poisoned",
            "unsafe", "domestic violence|abuse", "threatened me", "he|she|they hit me",
            "brennt|feuer|rauch", "stromschlag|explodiert|explosion", "verletzt",
            "lebensgefahr|notarzt", "bedroht mich",
            "fuego|incendio|humo", "descarga electrica", "herido|herida", "explotado|exploto",
            "en peligro", "me amenaza|amenazan",
            "pris feu", "incendie|fumee", "choc electrique", "blesse|blessee", "explose",
            "en danger", "me menace",
        ],
        .legal: [
            "my|our|a|the|by|with|from lawyer|lawyers|attorney|solicitor", "lawsuit|litigation",
            "sue|suing you|your|them|this",
            "going to sue", "will sue", "legal action|proceedings|team|steps",
            "take|taking you to court",
            "see you in court", "small claims", "ombudsman", "trading standards",
            "better business bureau", "consumer protection", "report|reporting|reported you to",
            "file|filing a (formal) complaint with",
            "call|calling|contact|go|going (to) the police",
            "go|going|talk|talking to the press|media",
            "data protection authority|officer|agency|commissioner",
            "gdpr complaint|breach|violation", "class action", "cease and desist",
            "anwalt|anwaltin|rechtsanwalt|rechtsanwaltin|anwalte", "klage|verklagen|verklage",
            "rechtliche schritte", "verbraucherzentrale|verbraucherschutz", "strafanzeige",
            "anzeige erstatten", "vor gericht", "datenschutzbehorde",
            "abogado|abogada|abogados|demanda|demandar|demandare|demandarlos", "acciones legales",
            "denuncia|denunciar|denunciare", "tribunal|juicio", "proteccion al consumidor",
            "avocat|avocate|avocats", "porter plainte",
            "action|poursuites en|justice|judiciaire|judiciaires",
            "tribunal", "mise en demeure", "repression des fraudes",
        ],
        .anger: [
            "fuck*", "bullshit|asshole|assholes|bastards|bastard|bitch|motherfucker",
            "wtf|ffs|stfu",
            "shit|shitty company|service|support|app|product|show", "piece of shit|crap|junk",
            "go to hell", "absolutely|totally|completely disgusted|fuming",
            "furious|livid|enraged|infuriating|outraged", "fed up", "sick and tired", "sick of",
            "had enough of", "had enough $", "(a) (bunch|pack) of thieves|crooks|scammers|liars",
            "scammers|thieves|crooks",
            "you (are|all|people) (are) idiots|liars|thieves|useless|crooks|incompetent|pathetic",
            "worst company|service|support|experience|customer ever", "never again", "screw you",
            "this is a joke|disgrace|scandal",
            "utterly|absolutely|totally unacceptable|ridiculous|useless",
            "i hate you|this", "last straw", "pissed (off)",
            "scheiss*", "verarscht|verarschen|arschloch|arschlocher", "unverschamtheit|frechheit",
            "betruger|abzocke|abzocker", "stinksauer|wutend", "schnauze voll", "mir reichts",
            "mir reicht es", "es reicht",
            "zum kotzen", "saftladen|sauladen",
            "mierda|joder|cabrones|hijos|puta|pendejos", "estafadores|ladrones|sinverguenzas",
            "estoy harto|harta|furioso|furiosa|indignado|indignada", "es una verguenza",
            "merde|putain|connards|connard|salauds", "escrocs|voleurs|arnaqueurs",
            "jen ai marre|assez",
            "marre de", "furieux|furieuse", "cest une honte|inadmissible|inacceptable|scandaleux",
            "ras le bol",
        ],
        .failure: [],
        .despair: [
            "so|getting|feeling|really|truly|absolutely desperate", "desperate please", "im crying",
            "in tears", "panicking|panic attack",
            "having a breakdown", "cant cope", "cant take it|this anymore|longer|any",
            "at my wits end", "hopeless", "dont know what else to do",
            "dont know what to do anymore",
            "lose|losing my|our home|house|job", "cant sleep", "so scared|afraid|worried|anxious",
            "please please (please) help", "begging you", "nervous breakdown", "freaking out",
            "im terrified|scared|devastated|panicking",
            "verzweifelt|verzweifele", "weiss nicht (mehr) weiter", "am ende meiner krafte",
            "nervlich am ende", "grosse angst", "panik",
            "desesperado|desesperada|desesperacion", "no se que mas hacer", "ya no se que hacer",
            "estoy llorando",
            "mucho miedo", "ataque de panico|ansiedad",
            "desespere|desesperee|desespoir", "je ne sais plus quoi faire", "a bout", "je pleure",
            "tres peur", "je panique", "en larmes",
        ],
    ])
}
