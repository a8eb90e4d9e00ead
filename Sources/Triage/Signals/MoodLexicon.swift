/// The words that ``Mood`` knows, written for support conversations.
///
/// Grouped by strength, from −3 to 3. English first, then German, Spanish and French; spelt as
/// ``PlainWords`` spells them.
enum MoodLexicon {
    /// A word's value; inflected English forms are found under their stem.
    static func value(of word: String) -> Float? {
        if let value = values[word] { return value }
        for ending in ["s", "ed", "d", "ing", "ly", "es", "er", "est", "ness"]
        where word.utf8.count > ending.utf8.count + 3 && word.hasSuffix(ending) {
            let stem = String(word.dropLast(ending.utf8.count))
            if let value = values[stem] ?? values[stem + "e"] { return value }
        }
        return nil
    }

    static let contrasts: Set<String> = ["but", "however", "although", "aber", "pero", "mais"]

    static let negations: Set<String> = [
        "not", "no", "never", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "cant",
        "cannot",
        "couldnt", "wont", "wouldnt", "shouldnt", "havent", "hasnt", "hadnt", "without", "nothing",
        "nobody",
        "none", "hardly", "barely", "neither", "nor", "aint", "lacks", "lack", "lacking",
        "nicht", "kein", "keine", "keinen", "nie", "niemals", "ohne",
        "nunca", "sin", "nada", "jamas", "pas", "jamais", "sans", "rien", "aucun", "aucune",
    ]

    static let intensifiers: [String: Float] = [
        "very": 1.3, "really": 1.3, "so": 1.25, "extremely": 1.5, "absolutely": 1.45,
        "totally": 1.4,
        "completely": 1.4, "utterly": 1.5, "incredibly": 1.45, "highly": 1.3, "too": 1.15,
        "super": 1.3,
        "most": 1.2, "truly": 1.3, "quite": 1.1, "such": 1.2, "deeply": 1.35, "insanely": 1.45,
        "fucking": 1.5,
        "bloody": 1.35, "damn": 1.3, "seriously": 1.25, "especially": 1.2, "exceptionally": 1.45,
        "much": 1.15,
        "slightly": 0.6, "somewhat": 0.7, "bit": 0.7, "little": 0.75, "kinda": 0.75, "fairly": 0.9,
        "barely": 0.6, "almost": 0.8, "mildly": 0.6, "sehr": 1.3, "total": 1.35, "vollig": 1.4,
        "echt": 1.25,
        "extrem": 1.45, "ziemlich": 1.1, "etwas": 0.7, "muy": 1.3, "tan": 1.2, "demasiado": 1.25,
        "totalmente": 1.4, "completamente": 1.4, "bastante": 1.1, "poco": 0.7, "tres": 1.3,
        "trop": 1.25,
        "vraiment": 1.3, "totalement": 1.4, "tellement": 1.3, "completement": 1.4, "assez": 1.05,
        "peu": 0.7,
    ]

    /// Emoji by scalar.
    static let emoji: [UInt32: Float] = {
        var table: [UInt32: Float] = [:]
        for (value, symbols) in symbolGroups {
            for scalar in symbols.unicodeScalars { table[scalar.value] = value }
        }
        // Modifiers and joiners that such lists carry along mean nothing.
        for scalar: UInt32 in [0xFE0F, 0x200D, 0x20] { table[scalar] = nil }
        return table
    }()

    private static let symbolGroups: KeyValuePairs<Float, String> = [
        2.5: "\u{1F60D}\u{1F970}\u{1F929}\u{2764}\u{1F495}\u{1F496}\u{1F973}\u{1F389}",
        1.8: "\u{1F600}\u{1F603}\u{1F604}\u{1F601}\u{1F60A}"
            + "\u{1F642}\u{263A}\u{1F44D}\u{1F64F}\u{1F44F}\u{1F60E}",
        1.0: "\u{1F609}\u{1F602}\u{1F923}\u{1F605}\u{1F44C}\u{1F64C}",
        -1.2: "\u{1F610}\u{1F611}\u{1F615}\u{1F644}\u{1F612}"
            + "\u{1F614}\u{1F641}\u{2639}\u{1F61F}\u{1F928}",
        -1.9: "\u{1F61E}\u{1F622}\u{1F629}\u{1F62B}\u{1F623}"
            + "\u{1F616}\u{1F44E}\u{1F494}\u{1F630}\u{1F628}\u{1F625}",
        -2.6: "\u{1F620}\u{1F621}\u{1F624}\u{1F92C}"
            + "\u{1F62D}\u{1F631}\u{1F595}\u{1F47F}\u{1F92E}",
    ]

    private static let values: [String: Float] = {
        var table: [String: Float] = [:]
        for (value, list) in english + german + spanish + french {
            for word in list.split(whereSeparator: \.isWhitespace) where table[String(word)] == nil
            {
                table[String(word)] = value
            }
        }
        return table
    }()
}
