import Foundation

/// A turn cut into words, ready for hashing.
///
/// The rules are those of the measured method: Unicode lower case, apostrophes dropped, every
/// digit written as `0`, words are runs of letters and digits, and `?` and `!` are words of their
/// own. At most ``maximumBytes`` and ``maximumWords`` are looked at; the rest of a longer text is
/// ignored.
struct TurnText: Sendable {
    /// The most of a text that is read, in bytes of UTF-8.
    static let maximumBytes = 4096
    /// The most words that are read.
    static let maximumWords = 500

    /// Where one word lies in ``hashed`` and in ``plain``.
    struct Word: Sendable {
        /// The word with its marks, `<word>`, in ``hashed``.
        var hashed: Range<Int>
        /// The word as it was written, in lower case, in ``plain``.
        var plain: Range<Int>
    }

    /// `<word>` after `<word>`, digits as `0`, without apostrophes: what the n-grams are cut from.
    private(set) var hashed: [UInt8] = []
    /// The words in lower case with digits and apostrophes kept and accents taken off, as the
    /// vocabulary of the static embeddings spells them.
    private(set) var plain: [UInt8] = []
    private(set) var words: [Word] = []

    init(_ text: String) {
        hashed.reserveCapacity(256)
        plain.reserveCapacity(256)
        words.reserveCapacity(64)
        let bounded = Self.bounded(text)
        let isPlainASCII = bounded.utf8.allSatisfy { $0 < 0x80 }
        // Composed and decomposed spellings of a letter must hash alike.
        scan(isPlainASCII ? bounded : bounded.precomposedStringWithCanonicalMapping)
    }

    /// The part of a text that is looked at; cut before a scalar, never inside one.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        let cut = text.utf8.index(text.startIndex, offsetBy: maximumBytes)
        let scalars = text.unicodeScalars
        return String(scalars[..<scalars.index(before: scalars.index(after: cut))])
    }

    /// A word as it was written, in lower case.
    func spelling(of word: Word) -> String {
        String(decoding: plain[word.plain], as: UTF8.self)
    }

    private mutating func scan(_ text: String) {
        var isInWord = false
        for scalar in text.unicodeScalars {
            guard words.count < Self.maximumWords || isInWord else { return }
            switch scalar.value {
            case 0x61...0x7A:
                begin(&isInWord)
                append(UInt8(truncatingIfNeeded: scalar.value))
            case 0x41...0x5A:
                begin(&isInWord)
                append(UInt8(truncatingIfNeeded: scalar.value | 0x20))
            case 0x30...0x39:
                begin(&isInWord)
                hashed.append(0x30)
                plain.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0x27, 0x2018, 0x2019, 0x02BC:
                if isInWord { plain.append(0x27) }
            case 0x3F, 0x21:
                end(&isInWord)
                guard words.count < Self.maximumWords else { return }
                begin(&isInWord)
                append(UInt8(truncatingIfNeeded: scalar.value))
                end(&isInWord)
            case 0x80...:
                appendForeign(scalar, isInWord: &isInWord)
            default:
                end(&isInWord)
            }
        }
        end(&isInWord)
    }

    private mutating func appendForeign(_ scalar: Unicode.Scalar, isInWord: inout Bool) {
        guard scalar.isWordPart else {
            end(&isInWord)
            return
        }
        begin(&isInWord)
        if scalar.properties.numericType == .decimal {
            append(0x30)
            return
        }
        hashed.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        plain.append(contentsOf: AccentFolding.fold(scalar).utf8)
    }

    private mutating func append(_ byte: UInt8) {
        hashed.append(byte)
        plain.append(byte)
    }

    private mutating func begin(_ isInWord: inout Bool) {
        guard !isInWord else { return }
        isInWord = true
        words.append(
            Word(hashed: hashed.count..<hashed.count, plain: plain.count..<plain.count)
        )
        hashed.append(0x3C)
    }

    private mutating func end(_ isInWord: inout Bool) {
        guard isInWord else { return }
        isInWord = false
        hashed.append(0x3E)
        if plain.last == 0x27 { plain.removeLast() }
        let last = words.count - 1
        words[last].hashed = words[last].hashed.lowerBound..<hashed.count
        words[last].plain = words[last].plain.lowerBound..<plain.count
    }
}

extension Unicode.Scalar {
    /// Whether the scalar belongs to a word: a letter, a mark on one, or a digit.
    fileprivate var isWordPart: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber:
            true
        default:
            false
        }
    }
}
