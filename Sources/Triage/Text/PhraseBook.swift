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

    /// One object, so that it is not copied part by part for every word of a turn.
    private final class Phrase: Sendable {
        let elements: [Element]
        let meaning: Meaning
        /// Whether it can match at the first word only.
        let isAtStart: Bool

        init(_ elements: [Element], _ meaning: Meaning) {
            self.elements = elements
            self.meaning = meaning
            isAtStart = if case .start? = elements.first { true } else { false }
        }
    }

    /// Phrases by their first word.
    private var phrases: [String: [Phrase]] = [:]
    /// Those that begin with none.
    private var others: [Phrase] = []

    init(_ entries: KeyValuePairs<Meaning, [String]>) {
        for (meaning, list) in entries {
            for phrase in list { add(phrase, meaning) }
        }
    }

    /// All matches, by where they begin.
    func matches(in text: PlainWords) -> [Match] {
        var found: [Match] = []
        for start in text.words.indices {
            if let candidates = phrases[text.words[start].text] {
                for phrase in candidates { find(phrase, text.words, start, &found) }
            }
            for phrase in others where start == 0 || !phrase.isAtStart {
                find(phrase, text.words, start, &found)
            }
        }
        return found
    }

    private func find(
        _ phrase: Phrase,
        _ words: [PlainWords.Word],
        _ start: Int,
        _ found: inout [Match]
    ) {
        guard let end = match(phrase, from: 0, words, start) else { return }
        found.append(Match(meaning: phrase.meaning, range: start..<end))
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
        let entry = Phrase(elements, meaning)
        if case .word(let words, isOptional: false) = elements.first {
            for word in words { phrases[word, default: []].append(entry) }
        } else {
            others.append(entry)
        }
    }

    /// Where the phrase ends when its elements from one on match the words from a place on.
    private func match(
        _ phrase: Phrase,
        from element: Int,
        _ words: [PlainWords.Word],
        _ place: Int
    ) -> Int? {
        guard element < phrase.elements.count else { return place }
        let next = element + 1
        switch phrase.elements[element] {
        case .start:
            return place == 0 ? match(phrase, from: next, words, place) : nil
        case .end:
            return place == words.count ? match(phrase, from: next, words, place) : nil
        case .gap:
            for skipped in 0...3 where place + skipped <= words.count {
                if let end = match(phrase, from: next, words, place + skipped) { return end }
            }
            return nil
        case .stem(let stem):
            guard place < words.count, words[place].text.hasPrefix(stem) else { return nil }
            return match(phrase, from: next, words, place + 1)
        case .word(let choices, let isOptional):
            if place < words.count, choices.contains(words[place].text),
                let end = match(phrase, from: next, words, place + 1)
            {
                return end
            }
            return isOptional ? match(phrase, from: next, words, place) : nil
        }
    }
}
