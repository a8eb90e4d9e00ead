// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

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
        /// What preceded `tool_calls`; that there was one is all that counts.
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

    /// A wish of the model to have a tool called, or a piece of one.
    struct ToolCall: Decodable {
        struct Function: Decodable {
            let name: String?
            let arguments: Arguments?
        }

        /// JSON as text; some servers send the object itself.
        struct Arguments: Decodable {
            let text: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self.text = text
                } else {
                    let json = try JSONEncoder().encode(container.decode(JSONValue.self))
                    text = String(decoding: json, as: UTF8.self)
                }
            }
        }

        let index: Int?
        let id: String?
        let function: Function?
    }

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
    /// Whether it wanted a tool called; none is.
    var calledTool = false
    /// What it wanted called: what is usable of it becomes a proposal.
    var calls: [ToolCalls.Called] = []
    /// Whether the reader did not want to hear more.
    var isStopped = false
}
