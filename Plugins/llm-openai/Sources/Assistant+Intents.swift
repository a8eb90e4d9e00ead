// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Assistant {
    /// Which of the given intents the customer may have: names that were given, never an action.
    func candidates(_ input: Input, _ call: Call) async throws -> Candidates {
        let intents = input.usableIntents
        guard !intents.isEmpty else {
            return Candidates(candidates: [], usage: Usage(), model: chat.model)
        }
        let reply = try await chat.ask(try .intents(intents, input), call)
        let named = try Self.read(reply)
        return Candidates(
            candidates: Self.usable(named, of: Set(intents.map(\.name))),
            usage: reply.usage,
            model: reply.model
        )
    }

    private struct Answer: Decodable { let candidates: [Candidate] }

    /// Servers that know no schema may put words or a fence around the JSON.
    private static func read(_ reply: ModelReply) throws -> [Candidate] {
        if reply.hasDeclined || reply.isFiltered { return [] }
        guard let start = reply.text.firstIndex(of: "{"),
            let end = reply.text.lastIndex(of: "}"), start < end,
            let answer = try? JSONDecoder().decode(
                Answer.self,
                from: Data(reply.text[start...end].utf8)
            )
        else { throw PluginFailure(.temporary, "the model did not answer with the JSON asked for") }
        return answer.candidates
    }

    /// Each known name once, the likeliest first, with probabilities that add up to 1 at most.
    private static func usable(_ named: [Candidate], of names: Set<String>) -> [Candidate] {
        var best: [String: Double] = [:]
        for candidate in named where names.contains(candidate.intent) {
            let probability = min(max(candidate.probability, 0), 1)
            best[candidate.intent] = max(best[candidate.intent] ?? 0, probability)
        }
        let sum = max(best.values.reduce(0, +), 1)
        return best.map { Candidate(intent: $0.key, probability: $0.value / sum) }
            .sorted { ($1.probability, $0.intent) < ($0.probability, $1.intent) }
    }
}
