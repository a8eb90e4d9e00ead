// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// Asks the model: within the budget, and with what its server takes.
struct Chat: Sendable {
    let api: ChatAPI
    let budget: TokenBudget
    let config: LLMPlugin.Config

    var model: String { config.model }

    /// Whether the model is told of tools: the operator wants it, and its server takes them as far
    /// as is known.
    func sendsTools(_ call: Call) async -> Bool {
        await ServerHabits.recall(config, call.store).sendsTools(config)
    }

    /// Asks and returns the whole answer.
    ///
    /// - Parameters:
    ///   - prompt: What to ask.
    ///   - call: On whose behalf.
    ///   - isWanted: Is told of each piece of the answer's text; false ends it.
    /// - Returns: The answer.
    /// - Throws: ``PluginFailure``, a temporary one when the day's budget is spent.
    func ask(
        _ prompt: Prompt,
        _ call: Call,
        isWanted: (String) -> Bool = { _ in true }
    ) async throws -> ModelReply {
        let expected = prompt.estimatedTokens + config.maxOutputTokens
        let reservation = try await budget.reserve(expected)
        var reader = ReplyReader(prompt, model: config.model)
        var isAnswered = false
        do {
            try await negotiate(prompt, call, &reader, &isAnswered, isWanted)
        } catch {
            // A refusal costs nothing; an answer that broke off, or was given up, what came of it.
            let isGivenUp = error is CancellationError || error is ChatStream.Silence
            let isCharged = isAnswered && (reader.hasReceived || isGivenUp)
            await budget.settle(reservation, spent: isCharged ? reader.cost.totalTokens : 0)
            guard error is ChatStream.Silence else { throw error }
            let patience = "\(config.firstTokenMs) ms (first_token_ms)"
            let silence = reader.hasBegun ? "fell silent for" : "wrote nothing within"
            throw PluginFailure(.temporary, "the model's server \(silence) \(patience)")
        }
        var reply = reader.reply
        reply.usage = reader.cost
        await budget.settle(reservation, spent: reply.usage.totalTokens)
        return reply
    }

    /// Asks until the server takes the request, each time without what it refused.
    private func negotiate(
        _ prompt: Prompt,
        _ call: Call,
        _ reader: inout ReplyReader,
        _ isAnswered: inout Bool,
        _ isWanted: (String) -> Bool
    ) async throws {
        let known = await ServerHabits.recall(config, call.store)
        var habits = known
        var refused: Set<String> = []
        while true {
            let body = ChatRequest(prompt, config, habits)
            isAnswered = true
            let response = try await send(body, call, &reader, isWanted)
            guard let response, !response.isSuccess else { break }
            isAnswered = false
            // A part that was given up before is refused for another reason than its name.
            guard let part = response.refusedPart(of: body.parts),
                refused.insert(part).inserted, habits.giveUp(part, config)
            else { throw api.failure(response) }
        }
        if habits != known { try? await habits.remember(config, call.store) }
    }

    /// Sends a request and reads the answer if there is one.
    ///
    /// - Returns: The response; nil when it was not waited for to the end.
    private func send(
        _ body: ChatRequest,
        _ call: Call,
        _ reader: inout ReplyReader,
        _ isWanted: (String) -> Bool
    ) async throws -> HTTPResponse? {
        if body.stream == true { return try await stream(body, call, &reader, isWanted) }
        let response = try await call.http.send(api.completion(body))
        guard response.isSuccess else { return response }
        let text = try reader.take(whole: response.body) + reader.rest()
        if !text.isEmpty, !isWanted(text) { reader.stop() }
        return response
    }
}
