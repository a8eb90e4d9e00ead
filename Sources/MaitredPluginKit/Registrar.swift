// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a plugin says which of its functions answer which calls of the server.
///
/// Calls run side by side, as many as the manifest's `limits.concurrency` says. An answer is wanted
/// within the call's deadline; a later one is dropped, its task cancelled. Handlers throw
/// ``PluginFailure`` or any other error.
public struct Registrar {
    /// Answers one method: JSON in, JSON out, nothing out when there is nothing to say.
    typealias Handler = @Sendable (Data, Call) async throws -> Data

    /// By method, as the server names them: `hook/conversation.opened`.
    private(set) var handlers: [String: Handler] = [:]

    /// Supplies facts to conversations; nil when nothing is known.
    ///
    /// A hook in mode `enrich`.
    public mutating func enrich<Input>(
        _ hook: Hook<Input>,
        _ facts: @escaping @Sendable (Input, Call) async throws -> Facts?
    ) {
        answer("hook/\(hook.name)") { (input: Input, call) in
            try await facts(input, call)?.json ?? Data()
        }
    }

    /// Decides about messages before they are kept.
    ///
    /// A hook in mode `filter`.
    public mutating func filter<Input>(
        _ hook: Hook<Input>,
        _ verdict: @escaping @Sendable (Input, Call) async throws -> FilterVerdict
    ) {
        answer("filter/\(hook.name)") { (input: Input, call) in
            try JSONOutput.encode(FilterAnswer(try await verdict(input, call)))
        }
    }

    /// Provides what the operator can choose it for, such as `llm.complete`.
    ///
    /// A hook in mode `provide`.
    public mutating func provide<Input: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String,
        _ work: @escaping @Sendable (Input, Call) async throws -> Output
    ) {
        answer("provide/\(name)") { (input: Input, call) in
            try JSONOutput.encode(try await work(input, call))
        }
    }

    /// Is told what has happened: at least once, in order, one at a time.
    ///
    /// A hook in mode `observe`. Throwing has it told again later.
    public mutating func observe(
        _ type: String,
        _ work: @escaping @Sendable (Happening, Call) async throws -> Void
    ) {
        answer("observe/\(type)") { (happening: Happening, call) in
            try await work(happening, call)
            return Data()
        }
    }

    /// Carries out an action of the manifest's `contributes.actions`.
    ///
    /// The server may repeat a call whose answer it never saw, with the same
    /// ``Call/idempotencyKey``. A member `summary` of the output is shown as a sentence.
    public mutating func action<Input: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String,
        _ work: @escaping @Sendable (Input, Call) async throws -> Output
    ) {
        answer("action/\(name)") { (envelope: ActionEnvelope<Input>, call) in
            try JSONOutput.encode(try await work(envelope.input, call))
        }
    }

    /// Draws a panel of the manifest's `contributes.panels` for ``Call/contact`` and
    /// ``Call/conversation``.
    public mutating func panel(
        _ id: String,
        _ draw: @escaping @Sendable (Call) async throws -> Panel
    ) {
        answer("panel/\(id)") { (_: JSONValue, call) in
            try JSONOutput.encode(try await draw(call))
        }
    }

    /// Answers requests of the manifest's `contributes.webhooks`.
    public mutating func webhook(
        _ path: String,
        _ work: @escaping @Sendable (InboundWebhook, Call) async throws -> WebhookReply
    ) {
        answer("webhook/\(path)") { (request: InboundWebhook, call) in
            try JSONOutput.encode(try await work(request, call))
        }
    }

    /// Does what is to be done at a time set by ``Schedule`` or the manifest's
    /// `contributes.schedules`.
    public mutating func schedule(
        _ name: String,
        _ work: @escaping @Sendable (Reminder, Call) async throws -> Void
    ) {
        answer("schedule/\(name)") { (reminder: Reminder, call) in
            try await work(reminder, call)
            return Data()
        }
    }

    /// Says whether the plugin works: throws when it does not, and the operator reads why.
    public mutating func health(_ check: @escaping @Sendable (Call) async throws -> Void) {
        handlers["health"] = { _, call in
            try await check(call)
            return Data()
        }
    }

    /// The shape that every kind of contribution takes: decode, work, encode.
    private mutating func answer<Input: Decodable & Sendable>(
        _ method: String,
        _ work: @escaping @Sendable (Input, Call) async throws -> Data
    ) {
        handlers[method] = { bytes, call in
            let input = bytes.isEmpty ? Data("{}".utf8) : bytes
            return try await work(JSONInput.decode(Input.self, from: input), call)
        }
    }
}

private struct ActionEnvelope<Input: Decodable & Sendable>: Decodable, Sendable {
    let input: Input
}

private struct FilterAnswer: Encodable {
    private enum Keys: String, CodingKey { case verdict = "do", text, reason }
    let verdict: FilterVerdict

    init(_ verdict: FilterVerdict) { self.verdict = verdict }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Keys.self)
        switch verdict {
        case .keep: try json.encode("keep", forKey: .verdict)
        case .replace(let text):
            try json.encode("replace", forKey: .verdict)
            try json.encode(text, forKey: .text)
        case .reject(let reason):
            try json.encode("reject", forKey: .verdict)
            try json.encode(reason, forKey: .reason)
        }
    }
}
