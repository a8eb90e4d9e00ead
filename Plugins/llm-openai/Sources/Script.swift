// SPDX-License-Identifier: Apache-2.0

/// What the writing system of a letter means for comparing words.
enum Script {
    /// Written without spaces between words: Thai, Lao, Burmese, Khmer, Han, kana.
    case unspaced
    /// Hiragana: in Japanese it writes endings and particles, hardly ever the subject.
    case hiragana
    /// Syllables: two of them are a stem.
    case hangul
    /// Consonants, or syllables of consonant and vowel: stems are short.
    case compact
    case alphabet

    init(_ letter: Character) {
        let value = letter.unicodeScalars.first?.value ?? 0
        self =
            switch value {
            case 0x3040...0x309F: .hiragana
            case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x30A0...0x30FF,
                0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
                .unspaced
            case 0x1100...0x11FF, 0xAC00...0xD7AF: .hangul
            case 0x0590...0x08FF, 0x0900...0x0DFF: .compact
            default: .alphabet
            }
    }

    /// The letters of the shortest word that is compared.
    var shortestWord: Int {
        switch self {
        case .alphabet: 3
        case .compact, .hangul: 2
        case .unspaced, .hiragana: 1
        }
    }

    /// How many letters two words must have in common, in one piece, to share a stem.
    var shortestStem: Int {
        switch self {
        case .alphabet: 5
        case .compact: 3
        case .hangul, .unspaced, .hiragana: 2
        }
    }

    /// The language that most letters of a text belong to by their script alone.
    static func language(of text: String) -> String? {
        var counts: [String: Int] = [:]
        var letters = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            letters += 1
            let code = languages.first { $0.range.contains(scalar.value) }?.code
            if let code { counts[code, default: 0] += 1 }
        }
        // Japanese mixes kana with Han; a tenth of kana decide.
        if let kana = counts["ja"], kana * 10 >= letters { return "ja" }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let most, most.value * 2 > letters else { return nil }
        return most.key
    }

    private static let languages: [(range: ClosedRange<UInt32>, code: String)] = [
        (0x0370...0x03FF, "el"), (0x0590...0x05FF, "he"), (0x0600...0x06FF, "ar"),
        (0x0900...0x097F, "hi"), (0x0980...0x09FF, "bn"), (0x0B80...0x0BFF, "ta"),
        (0x0E00...0x0E7F, "th"), (0x10A0...0x10FF, "ka"), (0x3040...0x30FF, "ja"),
        (0x3400...0x9FFF, "zh"), (0x1100...0x11FF, "ko"), (0xAC00...0xD7AF, "ko"),
    ]
}
