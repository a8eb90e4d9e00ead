/// Light English stemming: what singular and plural, and the forms of a verb, have in common.
///
/// Stems are for matching, not for reading. Words with anything but ASCII letters stay as they are.
enum EnglishStem {
    static func stem(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard word.utf8.count > 3, isPlain else { return word }
        var stem = Array(word.utf8)
        dropPlural(&stem)
        dropVerbEnding(&stem)
        dropFinalLetters(&stem)
        return String(decoding: stem, as: UTF8.self)
    }

    private static func dropPlural(_ word: inout [UInt8]) {
        if word.ends(with: "ies".utf8), word.count > 4 {
            word.replaceSubrange((word.count - 3)..., with: "y".utf8)
        } else if word.ends(with: "sses".utf8) || word.ends(with: "xes".utf8) {
            word.removeLast(2)
        } else if word.last == UInt8(ascii: "s"),
            !["ss", "us", "is"].contains(where: { word.ends(with: $0.utf8) })
        {
            word.removeLast()
        }
    }

    private static func dropVerbEnding(_ word: inout [UInt8]) {
        for ending in ["ation", "ing", "ed"] where word.ends(with: ending.utf8) {
            let rest = word.dropLast(ending.utf8.count)
            guard rest.count >= 3, rest.contains(where: isVowel) else { return }
            word = Array(rest)
            return
        }
    }

    /// A silent e, a doubled consonant, and y for i: so that `bill`, `billing` and `billed` meet.
    private static func dropFinalLetters(_ word: inout [UInt8]) {
        if word.count > 3, word.last == UInt8(ascii: "e") { word.removeLast() }
        if word.count > 3, let last = word.last, word[word.count - 2] == last, !isVowel(last) {
            word.removeLast()
        }
        if word.count > 2, word.last == UInt8(ascii: "y") {
            word[word.count - 1] = UInt8(ascii: "i")
        }
    }

    private static func isVowel(_ letter: UInt8) -> Bool { "aeiouy".utf8.contains(letter) }
}

extension [UInt8] {
    fileprivate func ends(with ending: String.UTF8View) -> Bool {
        count >= ending.count && suffix(ending.count).elementsEqual(ending)
    }
}
