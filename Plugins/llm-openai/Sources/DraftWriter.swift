// SPDX-License-Identifier: Apache-2.0

/// Turns what a model writes into a draft, sentence by sentence, as long as each one passes.
struct DraftWriter {
    /// What passed, with its citations numbered in the order of their first mention.
    private(set) var text = ""
    private(set) var citations: [Citation] = []
    /// Why there is no draft; nothing more is taken then.
    private(set) var fault: String?

    private let passages: [Passage]
    private let grounding: Grounding
    private var splitter = SentenceSplitter()
    /// What says nothing by itself, such as "Yes." or "1.": it belongs to what follows.
    private var lead = ""
    /// The passages by their new numbers.
    private var order: [Int] = []

    init(_ passages: [Passage], _ grounding: Grounding) {
        self.passages = passages
        self.grounding = grounding
    }

    /// Takes a piece of text; returns what has passed because of it.
    mutating func take(_ piece: String) -> String {
        guard fault == nil else { return "" }
        return splitter.take(piece).map { accept($0) }.joined()
    }

    /// Takes the end; what then still says nothing is left out.
    mutating func finish() -> String {
        guard fault == nil, let rest = splitter.finish() else { return "" }
        return accept(rest)
    }

    private mutating func accept(_ next: Sentence) -> String {
        guard fault == nil else { return "" }
        if next.raw.range(ofText: Prompt.noAnswer) != nil {
            fault = "the passages do not answer the question"
            return ""
        }
        let sentence = lead.isEmpty ? next : Sentence(lead + next.raw)
        if sentence.citations.isEmpty, !grounding.saysSomething(sentence.bare) {
            lead = sentence.raw
            return ""
        }
        lead = ""
        do throws(Grounding.Fault) {
            try grounding.check(sentence)
        } catch {
            fault = error.reason
            return ""
        }
        let passed = sentence.renumbered { number in
            newNumber(of: number, in: sentence)
        }
        let visible = text.isEmpty ? String(passed.drop(while: \.isWhitespace)) : passed
        text += visible
        return visible
    }

    private mutating func newNumber(of number: Int, in sentence: Sentence) -> Int {
        if let known = order.firstIndex(of: number) { return known + 1 }
        order.append(number)
        let quote = grounding.quote(from: number, for: sentence)
        citations.append(Citation(id: passages[number - 1].id, quote: quote))
        return order.count
    }
}
