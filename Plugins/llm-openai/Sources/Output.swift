// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// What `llm.complete`, `reply.draft`, `conversation.summary` and `translate` answer.
struct Completion: Encodable, Sendable {
    /// Empty when refused; in a draft `[1]` stands for the first of ``citations``, and so on.
    var text = ""
    var citations: [Citation] = []
    /// Whether there is no text because it could not be stood for; ``reason`` says why.
    var refused = false
    var reason: String?
    /// Only for the task `intents`.
    var candidates: [Candidate]?
    /// Only in a draft that was offered tools: what the model would have done, if anything.
    var proposals: [ModelProposal]?
    var usage = Usage()
    var model: String

    static func refusal(_ reason: String, _ usage: Usage, model: String) -> Completion {
        Completion(refused: true, reason: reason, usage: usage, model: model)
    }

    /// The same with what the model would have done; without a change when there is nothing.
    func proposing(_ proposals: [ModelProposal]) -> Completion {
        var completion = self
        if !proposals.isEmpty { completion.proposals = proposals }
        return completion
    }
}

/// A passage that a draft rests on.
struct Citation: Encodable, Sendable, Equatable {
    /// The passage's id.
    let id: String
    /// The sentence of the passage that the draft's first sentence to name it is closest to.
    let quote: String
}

/// An intent that was given, and how likely it is.
struct Candidate: Codable, Sendable, Equatable {
    let intent: String
    /// From 0 to 1; together at most 1.
    var probability: Double
}

/// What `intent.candidates` answers: the likeliest first.
struct Candidates: Encodable, Sendable {
    let candidates: [Candidate]
    let usage: Usage
    let model: String
}

/// Tokens that a call has cost.
struct Usage: Encodable, Sendable, Equatable {
    var promptTokens = 0
    var completionTokens = 0
    var totalTokens: Int { promptTokens + completionTokens }
    /// Whether the server did not say, so that they were counted as ``estimate(_:)`` does.
    var estimated = false

    private enum Keys: String, CodingKey {
        case promptTokens, completionTokens, totalTokens, estimated
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Keys.self)
        try json.encode(promptTokens, forKey: .promptTokens)
        try json.encode(completionTokens, forKey: .completionTokens)
        try json.encode(totalTokens, forKey: .totalTokens)
        try json.encode(estimated, forKey: .estimated)
    }

    /// One token for each four bytes of UTF-8, rounded up.
    static func estimate(_ text: String) -> Int { estimate(bytes: text.utf8.count) }

    static func estimate(bytes: Int) -> Int { (bytes + 3) / 4 }

    static func + (one: Usage, other: Usage) -> Usage {
        Usage(
            promptTokens: one.promptTokens + other.promptTokens,
            completionTokens: one.completionTokens + other.completionTokens,
            estimated: one.estimated || other.estimated
        )
    }
}
