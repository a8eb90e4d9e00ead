// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An answer of `/chat/completions`, or a piece of one: what a stream sends has `delta` where the
/// whole has `message`.
struct ChatReply: Decodable {
    struct Choice: Decodable {
        let delta: Message?
        let message: Message?
        /// `stop`, `length`, `content_filter`, `tool_calls`.
        let finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case delta, message
            case finishReason = "finish_reason"
        }
    }

    struct Message: Decodable {
        let content: Content?
        let refusal: String?
        /// What the model thinks: two servers' names for it.
        let reasoningContent: String?
        let reasoning: String?
        let toolCalls: [ToolCall]?
        let functionCall: ToolCall?

        private enum CodingKeys: String, CodingKey {
            case content, refusal, reasoning
            case reasoningContent = "reasoning_content"
            case toolCalls = "tool_calls"
            case functionCall = "function_call"
        }
    }

    /// A text, or a list of parts of which those of type `text` count (Mistral's reasoning models).
    struct Content: Decodable {
        private struct Part: Decodable { let text: String? }

        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let parts = try? container.decode([Part].self) {
                text = parts.compactMap(\.text).joined()
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    /// A wish of the model that nobody follows; that there was one is all that counts.
    struct ToolCall: Decodable {}

    struct Usage: Decodable {
        let promptTokens: Int?
        let completionTokens: Int?

        private enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
        }
    }

    /// What goes wrong after the first piece is said in a piece.
    struct Fault: Decodable { let message: String? }

    let model: String?
    let choices: [Choice]?
    let usage: Usage?
    let error: Fault?
}

/// What came of asking a model.
struct ModelReply {
    var text = ""
    var model: String
    var usage = Usage()
    /// Whether the limit of tokens ended it.
    var isCut = false
    var isFiltered = false
    var hasDeclined = false
    /// Whether it wanted a tool called; none was offered and none is.
    var calledTool = false
    /// Whether the reader did not want to hear more.
    var isStopped = false
}
