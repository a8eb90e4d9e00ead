import Foundation

/// A turn as the rules see it: words without accents, with what their writing shows.
///
/// Unlike ``TurnText``, which prepares text for hashing, this keeps what a reader notices:
/// capitals, where sentences end, exclamation marks and emoji.
struct PlainWords: Sendable {
    /// One word of the turn.
    struct Word: Sendable {
        /// Lower case, accents taken off, apostrophes dropped: `möchte` → `mochte`, `don't` →
        /// `dont`.
        var text: String
        /// Whether it was written in capitals, and has at least two letters.
        var isCapitals: Bool
        /// Which clause it stands in; clauses end at punctuation.
        var clause: Int
    }

    private(set) var words: [Word] = []
    /// How many letters were written, marks on them included.
    private(set) var letters = 0
    private(set) var exclamations = 0
    /// Scalars outside letters that may be emoji, in order.
    private(set) var symbols: [Unicode.Scalar] = []
    /// Letters with accents or from other scripts, for telling languages apart.
    private(set) var foreign: [Unicode.Scalar] = []

    /// The word being read.
    private var current = ""
    private var currentLetters = 0
    private var currentCapitals = 0
    private var clause = 0

    init(_ text: String) {
        words.reserveCapacity(32)
        for scalar in TurnText.bounded(text).unicodeScalars {
            guard words.count < TurnText.maximumWords else { break }
            read(scalar)
        }
        finishWord()
    }

    private mutating func read(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x30...0x39:
            current.unicodeScalars.append(scalar)
        case 0x61...0x7A:
            current.unicodeScalars.append(scalar)
            currentLetters += 1
        case 0x41...0x5A:
            current.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value | 0x20)))
            currentLetters += 1
            currentCapitals += 1
        case 0x27, 0x2018, 0x2019, 0x02BC:
            break
        case 0x80... where scalar.isLetterOrMark:
            current += AccentFolding.fold(scalar)
            foreign.append(scalar)
            currentLetters += 1
            if scalar.properties.isUppercase { currentCapitals += 1 }
        default:
            finishWord()
            note(scalar)
        }
    }

    private mutating func note(_ mark: Unicode.Scalar) {
        switch mark {
        case "!":
            exclamations += 1
            clause += 1
        case "?", ".", ",", ";", ":", "\n":
            clause += 1
        case _ where mark.value >= 0x80:
            symbols.append(mark)
        default:
            break
        }
    }

    private mutating func finishWord() {
        guard !current.isEmpty else { return }
        letters += currentLetters
        let isCapitals = currentLetters > 1 && currentCapitals == currentLetters
        words.append(Word(text: current, isCapitals: isCapitals, clause: clause))
        current = ""
        currentLetters = 0
        currentCapitals = 0
    }
}

extension Unicode.Scalar {
    fileprivate var isLetterOrMark: Bool {
        properties.isAlphabetic || properties.generalCategory == .nonspacingMark
    }
}
