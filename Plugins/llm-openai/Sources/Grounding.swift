// SPDX-License-Identifier: Apache-2.0

/// The check that a draft says nothing but what its passages say.
///
/// A sentence passes when
/// 1. it names at least one passage, and only passages that were given;
/// 2. of its content words (``Words/content(of:language:)``, with the fillers of the passage's own
///    language) one named passage has at least ``leastShare``, inflected forms included;
/// 3. each of its numbers and addresses stands in a named passage;
/// 4. it denies something exactly if the sentence of the passage that it is closest to does.
///
/// The share was chosen on one half of `Tests/grounding.json` and measured on the other: 28 help
/// texts in 14 languages, with sentences written for this purpose. `Tests/test_llm_openai.py`
/// measures it again through the whole plugin. Sentences that pass, first and second half:
///
///     supported, in other words                     42 of 45   38 of 39
///     about something else                           0 of 45    0 of 39
///     half supported, half invented                  0 of 30    1 of 26
///     supported, but by a passage that is not named  0 of 96    1 of 84
///     a wrong number or address                      0 of 15    0 of 13
///     supported, with "not" put in or taken out      3 of 15    1 of 13
///
/// In the second half ten of the 26 half invented ones pass at 0.5, and only 35 of the 39 supported
/// ones at 0.7. Without rule 4 all 28 denials pass; it costs three supported sentences. The check
/// compares words and does not understand sentences: exchanged roles ("the shop pays the customer",
/// "the customer pays the shop") pass, which is why an agent reads each draft.
struct Grounding: Sendable {
    /// The least share of a sentence's content words that a named passage must have.
    static let leastShare = 0.6

    /// Why a sentence does not pass, for the agent; without the sentence itself.
    enum Fault: Error, Equatable {
        case uncited
        case unknownPassage(Int)
        case unsupported
        case figures
        case denial

        var reason: String {
            switch self {
            case .uncited: "a sentence of the draft names no passage"
            case .unknownPassage(let number): "the draft names passage \(number), but there is none"
            case .unsupported: "a sentence of the draft is not supported by the passage it names"
            case .figures: "the draft has a number or an address that its passages do not have"
            case .denial: "a sentence of the draft says the opposite of the passage it names"
            }
        }
    }

    /// The language of the passages, if it can be told.
    let language: String?
    private let sources: [Source]

    init(_ passages: [Passage]) {
        sources = passages.map(Source.init)
        language = Fillers.language(of: passages.map(\.wholeText).joined(separator: "\n"))
    }

    /// Whether a piece of text has any content; "Yes." and "1." have none.
    func saysSomething(_ text: String) -> Bool {
        !Words.content(of: text, language: language).isEmpty
    }

    /// Throws what is wrong with a sentence.
    func check(_ sentence: Sentence) throws(Fault) {
        guard !sentence.citations.isEmpty else { throw .uncited }
        for number in sentence.citations where !(1...sources.count).contains(number) {
            throw .unknownPassage(number)
        }
        let named = Set(sentence.citations).sorted().map { sources[$0 - 1] }
        let close = named.filter { $0.share(of: sentence.bare) >= Self.leastShare }
        guard !close.isEmpty else { throw .unsupported }
        let text = sentence.bare.withoutListNumbers
        let numbers = named.reduce(into: Set()) { $0.formUnion($1.numbers) }
        let addresses = named.reduce(into: Set()) { $0.formUnion($1.addresses) }
        guard Figures.numbers(in: text).isSubset(of: numbers),
            Figures.addresses(in: text).isSubset(of: addresses)
        else { throw .figures }
        guard close.contains(where: { $0.agrees(with: sentence.bare) }) else { throw .denial }
    }

    /// The sentence of a passage that a sentence of the draft is closest to.
    func quote(from number: Int, for sentence: Sentence) -> String {
        sources[number - 1].closest(to: sentence.bare).first?.text ?? ""
    }
}

/// A passage, cut up for comparison.
private struct Source: Sendable {
    struct Statement: Sendable {
        let text: String
        let words: [[Character]]
        let denies: Bool
    }

    let numbers: Set<String>
    let addresses: Set<String>
    private let language: String?
    private let words: Set<[Character]>
    private let statements: [Statement]

    init(_ passage: Passage) {
        let text = passage.wholeText
        let language = Fillers.language(of: text)
        self.language = language
        words = Set(Words.content(of: text, language: language))
        numbers = Figures.numbers(in: text)
        addresses = Figures.addresses(in: text)
        var splitter = SentenceSplitter()
        let cut = splitter.take(passage.text)
        statements = (cut + [splitter.finish()].compactMap { $0 }).map { sentence in
            Statement(
                text: sentence.raw.trimmed,
                words: Words.content(of: sentence.raw, language: language),
                denies: Negation.isPresent(in: sentence.raw, language: language)
            )
        }
    }

    /// The share of a text's content words that stand here; 0 for a text without any.
    func share(of text: String) -> Double {
        let asked = Words.content(of: text, language: language)
        guard !asked.isEmpty else { return 0 }
        let found = asked.count { word in
            words.contains(word) || words.contains { Words.related(word, $0) }
        }
        return Double(found) / Double(asked.count)
    }

    /// The sentences that have most of a text's content words: one, or several with as many.
    func closest(to text: String) -> [Statement] {
        let asked = Words.content(of: text, language: language)
        let counts = statements.map { statement in
            asked.count { word in statement.words.contains { Words.related(word, $0) } }
        }
        guard let most = counts.max() else { return [] }
        return zip(statements, counts).filter { $0.1 == most }.map(\.0)
    }

    func agrees(with text: String) -> Bool {
        let denies = Negation.isPresent(in: text, language: language)
        let close = closest(to: text)
        return close.isEmpty || close.contains { $0.denies == denies }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// Without the `2.` or `2)` that makes a line an entry of a list.
    fileprivate var withoutListNumbers: String {
        let lines = split(whereSeparator: \.isNewline).map { line -> Substring in
            let text = line.drop(while: \.isWhitespace)
            let rest = text.drop(while: \.isNumber)
            guard (1...2).contains(text.count - rest.count), let mark = rest.first,
                mark == "." || mark == ")", rest.dropFirst().first?.isWhitespace ?? false
            else { return text }
            return rest.dropFirst()
        }
        return lines.joined(separator: "\n")
    }
}
