// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// The tasks, each in a file of its own.
struct Assistant: Sendable {
    let chat: Chat

    /// `llm.complete`: the task that the input names.
    func complete(_ input: Input, _ call: Call) async throws -> Completion {
        switch input.task {
        case .draft: return try await draft(input, call)
        case .summary: return try await summary(input, call)
        case .translate: return try await translate(input, call)
        case .raw: return try await raw(input, call)
        case .intents:
            let found = try await candidates(input, call)
            return Completion(
                candidates: found.candidates,
                usage: found.usage,
                model: found.model
            )
        case nil: throw PluginFailure(.invalid, "there is no task")
        }
    }
}
