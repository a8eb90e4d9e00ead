// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Puts an answer together, from the pieces of a stream or from a whole.
struct ReplyReader {
    /// The most characters of an answer; a model that repeats itself for ever is not followed.
    private static let limit = 65_536

    private(set) var reply: ModelReply
    /// Whether anything of an answer has come.
    private(set) var hasReceived = false
    /// How often the model has written or thought something.
    private(set) var signsOfLife = 0
    /// Whether the stream has said that it is complete.
    private(set) var isDone = false

    private let promptTokens: Int
    private var parser = EventParser()
    private var visible = VisibleText()
    private var finishReason: String?
    private var usage: ChatReply.Usage?
    private var writtenTokens = 0
    private var tools = ToolCalls()
    /// What came before the first event: a server may answer as a whole though asked for a stream.
    private var unread = ""
    private var hasEvents = false

    init(_ prompt: Prompt, model: String) {
        reply = ModelReply(model: model)
        promptTokens = prompt.estimatedTokens
    }

    /// Takes a piece of a stream; returns what of the answer's text it brings.
    mutating func take(_ chunk: String) throws -> String {
        hasReceived = true
        let events: [String]
        do {
            events = try parser.take(chunk.utf8)
        } catch {
            throw PluginFailure(.temporary, "the model's server sends lines without end")
        }
        if events.isEmpty, !hasEvents { unread += chunk }
        return try events.map { try take(event: $0) }.joined()
    }

    /// Takes the end of a stream.
    mutating func finish() throws -> String {
        var text = ""
        if !isDone, let event = parser.finish() { text += try take(event: event) }
        if !hasEvents { text += try take(whole: Data(unread.utf8)) }
        guard isDone || finishReason != nil else {
            throw PluginFailure(.temporary, "the answer of the model's server broke off")
        }
        return text + rest()
    }

    /// Takes an answer that came as a whole.
    mutating func take(whole body: Data) throws -> String {
        hasReceived = true
        let text = try take(json: body)
        guard finishReason != nil || hasBegun else {
            throw PluginFailure(.temporary, "the model's server answered without an answer")
        }
        isDone = true
        return text
    }

    /// The text that was held back, at the end.
    mutating func rest() -> String {
        let text = visible.finish()
        reply.text += text
        return text
    }

    /// Whether the model has begun to write, or to think.
    var hasBegun: Bool { signsOfLife > 0 }

    /// Notes that nobody wants to hear more.
    mutating func stop() { reply.isStopped = true }

    /// What it has cost so far: as the server says, or by estimate.
    var cost: Usage {
        guard let prompt = usage?.promptTokens, let completion = usage?.completionTokens else {
            return Usage(
                promptTokens: promptTokens,
                completionTokens: writtenTokens,
                estimated: true
            )
        }
        return Usage(promptTokens: prompt, completionTokens: completion)
    }

    private mutating func take(event: String) throws -> String {
        hasEvents = true
        unread = ""
        if event.trimmed == "[DONE]" {
            isDone = true
            return ""
        }
        return isDone ? "" : try take(json: Data(event.utf8))
    }

    private mutating func take(json: Data) throws -> String {
        let piece: ChatReply
        do {
            piece = try JSONDecoder().decode(ChatReply.self, from: json)
        } catch {
            throw PluginFailure(.temporary, "the model's server answered what makes no sense")
        }
        if let fault = piece.error {
            let words = fault.message.map { ": \($0.prefix(300))" } ?? ""
            throw PluginFailure(.temporary, "the model's server gave up\(words)")
        }
        if let usage = piece.usage { self.usage = usage }
        if let model = piece.model, !model.isEmpty { reply.model = model }
        guard let choice = piece.choices?.first else { return "" }
        if let reason = choice.finishReason { note(reason) }
        return try (choice.delta ?? choice.message).map { try take(message: $0) } ?? ""
    }

    private mutating func note(_ reason: String) {
        finishReason = reason
        reply.isCut = reason == "length"
        reply.isFiltered = reason == "content_filter"
    }

    private mutating func take(message: ChatReply.Message) throws -> String {
        let thought = message.reasoningContent ?? message.reasoning ?? ""
        let content = message.content?.text ?? ""
        if !(message.refusal ?? "").isEmpty { reply.hasDeclined = true }
        let toldBefore = tools.size
        for call in message.toolCalls ?? [] { tools.take(call) }
        reply.calls = tools.calls
        if message.functionCall != nil || !(message.toolCalls ?? []).isEmpty {
            reply.calledTool = true
        }
        if !thought.isEmpty || !content.isEmpty || reply.hasDeclined || reply.calledTool {
            signsOfLife += 1
        }
        writtenTokens += Usage.estimate(thought) + Usage.estimate(content)
        writtenTokens += Usage.estimate(bytes: tools.size - toldBefore)
        let text = visible.take(content)
        reply.text += text
        guard reply.text.utf8.count + tools.size <= Self.limit else {
            throw PluginFailure(.failed, "the model writes without end")
        }
        return text
    }
}
