/// Phrases to find in a turn, each standing for something.
///
/// A phrase is written as words with a small notation: `a|b` is either word, `(a|b)` may be
/// missing, `~` skips up to three words, `^` and `$` are the start and the end of the turn, and
/// `abc*` is any word that begins so. Words are written as ``PlainWords`` spells them: lower
/// case, without accents and apostrophes.
struct PhraseBook<Meaning: Sendable & Hashable>: Sendable {
    /// A phrase found.
    struct Match: Sendable {
        var meaning: Meaning
        /// The words it covers.
        var range: Range<Int>
    }

    private enum Element: Sendable {
        case word([String], isOptional: Bool)
        case stem(String)
        case gap
        case start
        case end
    }

    private struct Phrase: Sendable {
        var elements: [Element]
        var meaning: Meaning
    }

    /// Phrases by their first word; those that begin with none are under "".
    private var phrases: [String: [Phrase]] = [:]

    init(_ entries: KeyValuePairs<Meaning, [String]>) {
        for (meaning, list) in entries {
            for phrase in list { add(phrase, meaning) }
        }
    }

    /// All matches, by where they begin.
    func matches(in text: PlainWords) -> [Match] {
        var found: [Match] = []
        for start in text.words.indices {
            let candidates = (phrases[text.words[start].text] ?? []) + (phrases[""] ?? [])
            for phrase in candidates {
                if let end = match(phrase.elements[...], text.words, start) {
                    found.append(Match(meaning: phrase.meaning, range: start..<end))
                }
            }
        }
        return found
    }

    private mutating func add(_ phrase: String, _ meaning: Meaning) {
        let elements = phrase.split(separator: " ").map { part -> Element in
            switch part {
            case "~": return .gap
            case "^": return .start
            case "$": return .end
            default: break
            }
            if part.hasSuffix("*") { return .stem(String(part.dropLast())) }
            let isOptional = part.hasPrefix("(") && part.hasSuffix(")")
            let words = isOptional ? part.dropFirst().dropLast() : part
            return .word(words.split(separator: "|").map { String($0) }, isOptional: isOptional)
        }
        let entry = Phrase(elements: elements, meaning: meaning)
        if case .word(let words, isOptional: false) = elements.first {
            for word in words { phrases[word, default: []].append(entry) }
        } else {
            phrases["", default: []].append(entry)
        }
    }

    /// Where the phrase ends when it matches from a place on.
    private func match(
        _ elements: ArraySlice<Element>,
        _ words: [PlainWords.Word],
        _ place: Int
    ) -> Int? {
        guard let element = elements.first else { return place }
        let rest = elements.dropFirst()
        switch element {
        case .start:
            return place == 0 ? match(rest, words, place) : nil
        case .end:
            return place == words.count ? match(rest, words, place) : nil
        case .gap:
            for skipped in 0...3 where place + skipped <= words.count {
                if let end = match(rest, words, place + skipped) { return end }
            }
            return nil
        case .stem(let stem):
            guard place < words.count, words[place].text.hasPrefix(stem) else { return nil }
            return match(rest, words, place + 1)
        case .word(let choices, let isOptional):
            if place < words.count, choices.contains(words[place].text),
                let end = match(rest, words, place + 1)
            {
                return end
            }
            return isOptional ? match(rest, words, place) : nil
        }
    }
}
