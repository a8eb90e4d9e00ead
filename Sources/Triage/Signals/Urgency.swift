import Foundation

/// How pressing a turn is, and why.
///
/// Rules with weights that are added and squashed: each reason alone is worth saying to an agent,
/// and several together count more. Weights are prior beliefs until agents' changes of priority
/// correct them.
public struct Urgency: Sendable, Hashable {
    /// Why a turn is pressing.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Danger to people; nothing is more pressing.
        case danger
        /// A deadline or an event is near.
        case deadline
        /// Something does not work at all, or for everyone.
        case outage
        /// They cannot work or get in until it is solved.
        case blocked
        /// Money was taken, lost or is missing.
        case money
        /// Fraud, theft or a stolen account.
        case security
        /// Lawyers, authorities or press were named.
        case legal
        /// They say that it is urgent.
        case stated
        /// They have written before or waited long.
        case repeated
        /// They are leaving.
        case leaving
        /// Written in capitals or with several exclamation marks.
        case shouting
        /// They feel bad about it.
        case mood
    }

    /// 0 can wait, 1 cannot.
    public var score: Float
    /// The reasons, strongest first.
    public var reasons: [Reason]

    /// Judges a text.
    public init(of text: String) {
        let words = PlainWords(text)
        self.init(of: words, mood: Mood(of: words), distress: Distress(in: words))
    }

    init(of text: PlainWords, mood: Mood, distress: Distress?) {
        var found = Set(Self.book.matches(in: text).map(\.meaning))
        if let distress { found.insert(Self.reason(of: distress)) }
        let capitals = text.words.count { $0.isCapitals && $0.text.count > 2 }
        if text.exclamations >= 2 || (capitals >= 3 && capitals * 3 >= text.words.count) {
            found.insert(.shouting)
        }
        if mood.score <= -1.5 { found.insert(.mood) }
        reasons = []
        score = 0
        if !text.words.isEmpty { judge(found) }
    }

    /// Takes in a reason to step back that was found otherwise.
    mutating func add(_ distress: Distress) {
        judge(Set(reasons).union([Self.reason(of: distress)]))
    }

    /// Added up strongest first: sums of floats depend on their order, and a set has none.
    private mutating func judge(_ found: Set<Reason>) {
        reasons = found.sorted { Self.weight($0) > Self.weight($1) }
        score = logistic(reasons.reduce(Self.base) { $0 + Self.weight($1) })
    }

    private static func reason(of distress: Distress) -> Reason {
        switch distress.kind {
        case .crisis, .safety: .danger
        case .legal: .legal
        case .anger, .despair: .mood
        case .failure: .repeated
        }
    }

    /// A turn without any reason is at 0.1.
    private static let base: Float = -2.2

    private static func weight(_ reason: Reason) -> Float {
        switch reason {
        case .danger: 5
        case .security: 2.4
        case .outage: 2.1
        case .stated: 2.0
        case .legal: 1.9
        case .deadline: 1.8
        case .blocked: 1.6
        case .money: 1.3
        case .repeated: 1.2
        case .leaving: 1.1
        case .mood: 0.8
        case .shouting: 0.7
        }
    }

    private static let book = PhraseBook<Reason>([
        .deadline: [
            "by|before|until tomorrow|tonight|today|noon|midnight",
            "by|before|until (this|next) monday|tuesday|wednesday|thursday|friday",
            "deadline", "due today|tomorrow|tonight", "in|within (the) (next) * hour|hours|minutes",
            "flight|meeting|demo|launch|presentation|interview ~ today|tomorrow|tonight|soon",
            "(running) out of time", "last minute", "expires|expiring today|tomorrow|tonight",
            "bis|vor morgen|heute|montag|dienstag|mittwoch|donnerstag|freitag", "frist|stichtag",
            "antes de manana|hoy", "para manana|hoy", "fecha limite", "plazo vence",
            "avant|dici demain|ce|lundi|vendredi", "date limite", "delai expire",
        ],
        .outage: [
            "is|are|went|gone|totally|completely|entire|whole ~ down $",
            "site|server|service|system|app|platform is|are|went down",
            "not working for (all|any|anyone|everyone)", "outage|outages",
            "nothing works|loads|is working",
            "everything is|has broken|down|stopped", "stopped working",
            "production ~ down|broken|failing",
            "all (of) our|my users|customers|team", "no one|nobody can",
            "data loss|lost|gone|deleted",
            "500|502|503|504 error|errors",
            "ausfall|ausgefallen", "nichts funktioniert|geht", "funktioniert (gar) nicht mehr",
            "alles ist down|kaputt", "komplett down",
            "nada funciona", "no funciona nada", "sistema|servicio|servidor caido", "se ha caido",
            "plus rien ne", "rien ne fonctionne|marche", "en panne", "ne fonctionne|marche plus",
        ],
        .blocked: [
            "locked out", "cant|cannot|unable|couldnt (to) log|login|sign|access|work",
            "blocks|blocking|blocked us|me|my|our", "stuck", "cant do anything",
            "ausgesperrt", "kann (mich) nicht (mehr) einloggen|anmelden|arbeiten",
            "komme nicht rein",
            "no puedo acceder|entrar|trabajar|iniciar", "bloqueado|bloqueada",
            "impossible de ~ connecter|acceder|travailler", "ne peux|puis plus|pas",
            "bloque|bloquee",
        ],
        .money: [
            "charged ~ twice|double|again|wrong|wrongly|too", "double|doubly charged|billed|charge",
            "overcharged|overbilled",
            "money ~ missing|gone|lost|taken|disappeared|stolen",
            "lost|losing|missing (my|our) money|revenue|sales",
            "took|taken|withdrew ~ money", "pay|need ~ rent|mortgage|salary|payroll|wages",
            "unexpected|unknown|wrong charge|charges|payment",
            "where is my money|refund", "refund ~ not|never|still|weeks|days", "costing (us|me)",
            "doppelt abgebucht|belastet|berechnet", "geld ~ weg|fehlt|verschwunden",
            "falsch|zu viel abgebucht",
            "cobrado|cobraron dos|doble|demas", "dinero ~ perdido|desaparecido",
            "donde esta mi dinero",
            "debite|preleve|facture deux|double", "argent ~ disparu|perdu", "ou est mon argent",
        ],
        .security: [
            "hacked|hacker|hackers|phishing|phished", "fraud|fraudulent|fraudster", "stolen|stole",
            "scammed|scam", "unauthorized|unauthorised|unrecognized|unrecognised", "compromised",
            "someone (else) ~ used|using|accessed|logged|has",
            "didnt make|authorize|authorise ~ payment|transaction|purchase|withdrawal",
            "identity theft", "security|data breach", "lost (my) card|phone|wallet|passport",
            "gehackt|gestohlen|betrug|phishing", "unberechtigt|unbefugt*", "konto ~ ubernommen",
            "hackeado|hackeada|hackearon|robado|robada|robaron|fraude|estafa",
            "no autorizado|autorizada",
            "pirate|piratee|vole|volee|fraude|arnaque", "non autorise|autorisee",
        ],
        .legal: [],
        .stated: [
            "urgent|urgently|urgency|emergency|asap|immediately|critical|priority",
            "right now|away", "as soon as possible", "cant|cannot wait", "time sensitive",
            "need|help ~ now $",
            "dringend|eilig|sofort|schnellstmoglich|notfall|umgehend", "so schnell wie moglich",
            "eilt",
            "urgente|urgentemente|inmediatamente|emergencia", "cuanto antes", "lo antes posible",
            "ahora mismo",
            "urgence|urgemment|immediatement", "des que possible", "au plus vite", "tout de suite",
        ],
        .repeated: [
            "third|fourth|fifth|second|3rd|4th|5th|2nd|nth time",
            "havent|not|never heard|received (anything) back|from|anything",
            "no|without reply|response|answer",
            "still waiting",
            "waiting (for) (over|more|about|since|almost) * days|weeks|hours|months|day|week|month",
            "already|previously|repeatedly ~ wrote|written|contacted|emailed|called",
            "already|previously|repeatedly ~ asked|told|reported|complained",
            "nobody|noone ~ answers|answered|replies|replied|responds|responded|helps|helped",
            "no one ~ answers|answered|replies|replied|responds|responded|helps|helped",
            "wrote|written|contacted|called|emailed|asked|tried ~ times|twice|already|again",
            "again and again", "over and over", "keeps happening", "how many times",
            "immer noch", "schon wieder", "zum dritten|zweiten|x mal", "keine antwort",
            "warte seit",
            "todavia|aun sigo|estoy|no", "otra vez", "sin respuesta", "llevo ~ esperando",
            "nadie responde",
            "toujours pas|rien", "encore une fois", "sans|aucune reponse", "jattends depuis",
            "personne ne repond",
        ],
        .leaving: [
            "cancel|cancelling|canceling my|our|the|this subscription|contract|plan|account",
            "close|closing|delete|terminate my|our account|subscription|contract|membership",
            "switch|switching|move|moving|going to ~ competitor|provider|elsewhere", "leaving you",
            "taking my business",
            "kundigen|kundigung|kundige", "konto schliessen|loschen", "anbieter wechseln",
            "cancelar|dar mi|la cuenta|suscripcion|contrato|baja", "cambiar de proveedor",
            "resilier|resiliation", "fermer|supprimer mon compte", "changer de fournisseur",
        ],
    ])
}
