// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// What is asked for; which members count depends on the task.
struct Input: Decodable, Sendable {
    enum Task: String, Decodable, Sendable { case draft, summary, translate, intents, raw }

    /// Only in `llm.complete`; the other hooks are one task each.
    let task: Task?
    let question: String?
    /// ISO 639-1, with or without a region.
    let language: String?
    let passages: [Passage]?
    let history: [Turn]?
    let intents: [Intent]?
    let text: String?
    /// The language to translate to.
    let to: String?
    /// The actions that a draft may propose.
    let tools: [ModelTool]?
}

/// A stretch of an article that was found for the question.
struct Passage: Decodable, Sendable {
    let id: String
    let title: String?
    let text: String

    var wholeText: String { [title, text].compactMap { $0 }.joined(separator: "\n") }
}

/// Something that was said in the conversation.
struct Turn: Codable, Sendable {
    /// `customer`, `bot`, `agent` or `system`.
    let from: String
    let text: String
}

/// One of the intents that may be named.
struct Intent: Codable, Sendable {
    let name: String
    let title: String?
    let description: String?
}

extension Input {
    /// The most that is sent of each list, and characters of each text.
    private enum Limit {
        static let passages = 12, passage = 6000
        static let turns = 40, turn = 4000
        static let intents = 200, description = 300
        static let text = 20_000
        static let tools = 16
    }

    /// The passages that have text, cut to what is sent: what is cut off supports nothing.
    var usablePassages: [Passage] {
        let usable = (passages ?? []).filter { !$0.text.trimmed.isEmpty }
        return usable.prefix(Limit.passages).map { passage in
            let text = String(passage.text.prefix(Limit.passage))
            return Passage(id: passage.id, title: passage.title, text: text)
        }
    }

    /// The latest turns, oldest first.
    var recentHistory: [Turn] {
        (history ?? []).suffix(Limit.turns).map { turn in
            Turn(from: turn.from, text: String(turn.text.prefix(Limit.turn)))
        }
    }

    var usableIntents: [Intent] {
        (intents ?? []).filter { !$0.name.isEmpty }.prefix(Limit.intents).map { intent in
            Intent(
                name: intent.name,
                title: intent.title,
                description: intent.description.map { String($0.prefix(Limit.description)) }
            )
        }
    }

    /// The actions that may be proposed, under names that models take.
    var usableTools: ModelToolSet {
        ModelToolSet(Array((tools ?? []).filter { !$0.name.isEmpty }.prefix(Limit.tools)))
    }

    /// What the customer wants to know: the question, the text, or what they said last.
    func wish() throws -> String {
        let said = recentHistory.last { $0.from == "customer" }?.text
        let wish = [question, text, said].compactMap { $0?.trimmed }.first { !$0.isEmpty }
        guard let wish else { throw PluginFailure(.invalid, "there is no question") }
        return String(wish.prefix(Limit.text))
    }

    /// The text to work on.
    func wholeText() throws -> String {
        guard let text = text?.trimmed, !text.isEmpty else {
            throw PluginFailure(.invalid, "there is no text")
        }
        guard text.count <= Limit.text else {
            throw PluginFailure(.invalid, "the text has more than \(Limit.text) characters")
        }
        return text
    }
}
