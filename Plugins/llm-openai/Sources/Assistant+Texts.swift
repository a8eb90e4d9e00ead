// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

extension Assistant {
    /// What the next agent needs to know of a conversation.
    func summary(_ input: Input, _ call: Call) async throws -> Completion {
        guard !input.recentHistory.isEmpty else {
            throw PluginFailure(.invalid, "there is no conversation to sum up")
        }
        return try await text(.summary(of: input), call)
    }

    /// A text in another language; one with addresses that the text does not have is refused.
    func translate(_ input: Input, _ call: Call) async throws -> Completion {
        guard let language = input.to ?? input.language, !language.isEmpty else {
            throw PluginFailure(.invalid, "there is no language to translate to")
        }
        let text = try input.wholeText()
        let answer = try await self.text(.translation(of: text, to: language), call)
        guard Figures.addresses(in: answer.text).isSubset(of: Figures.addresses(in: text)) else {
            let reason = "the translation has an address that the text does not have"
            return .refusal(reason, answer.usage, model: answer.model)
        }
        return answer
    }

    /// What another plugin asks, in its own words; nothing is checked.
    func raw(_ input: Input, _ call: Call) async throws -> Completion {
        try await text(.raw(input), call)
    }

    private func text(_ prompt: Prompt, _ call: Call) async throws -> Completion {
        let reply = try await chat.ask(prompt, call) { text in
            call.send(part: TextPart(text: text))
            return true
        }
        if reply.hasDeclined || reply.isFiltered {
            let reason = reply.hasDeclined ? "the model declined" : "a content filter stopped it"
            return .refusal(reason, reply.usage, model: reply.model)
        }
        let text = reply.text.trimmed
        if reply.isCut {
            let limit = "max_output_tokens"
            throw PluginFailure(.failed, "the answer is longer than \(limit) allows; raise it")
        }
        guard !text.isEmpty else {
            throw PluginFailure(.temporary, "the model wrote nothing")
        }
        return Completion(text: text, usage: reply.usage, model: reply.model)
    }
}
