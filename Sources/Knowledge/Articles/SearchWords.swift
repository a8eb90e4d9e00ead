import Foundation

/// Text as the index sees it: words without case, accents, endings and fillers.
package enum SearchWords {
    /// The words to search for, in order, repeated ones included.
    package static func words(_ text: String) -> [String] {
        split(text).compactMap { fillers.contains($0) ? nil : EnglishStem.stem(String($0)) }
    }

    /// Runs of letters and digits, folded; an apostrophe belongs to its word and is dropped.
    static func split(_ text: String) -> [Substring] {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        return (isPlain ? plainFolded(text) : folded(text)).split(separator: " ")
    }

    private static func plainFolded(_ text: String) -> String {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 where byte != UInt8(ascii: "'") {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                folded.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte | 0x20)
            default: folded.append(UInt8(ascii: " "))
            }
        }
        return String(decoding: folded, as: UTF8.self)
    }

    private static func folded(_ text: String) -> String {
        var folded = ""
        for scalar in text.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if scalar == "'" || scalar == "\u{2019}" { continue }
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            folded.unicodeScalars.append(isWord ? scalar : " ")
        }
        return folded
    }

    /// Words that say nothing about a subject; in questions they outnumber those that do.
    private static let fillers: Set<Substring> = [
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
        "can", "cant", "could", "did", "do", "does", "doesnt", "dont", "for", "from", "get", "go",
        "got", "had", "has", "have", "he", "hello", "help", "her", "hey", "hi", "his", "how", "i",
        "id", "if", "ill", "im", "in", "into", "is", "isnt", "it", "its", "ive", "just", "know",
        "like", "may", "me", "my", "need", "no", "not", "of", "on", "one", "or", "our", "out",
        "please",
        "she", "should", "so", "some", "tell", "than", "that", "the", "their", "them", "then",
        "there", "they", "this", "to", "until", "up", "us", "was", "way", "we", "were", "what",
        "when",
        "where", "which", "who", "why", "will", "with", "would", "you", "your",
    ]
}
