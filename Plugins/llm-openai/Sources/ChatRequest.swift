// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// The body of a request for `/chat/completions`, as far as a server takes it.
struct ChatRequest: Encodable {
    let model: String
    let messages: [Prompt.Message]
    private(set) var maxCompletionTokens: Int?
    private(set) var maxTokens: Int?
    /// 0 for the likeliest words; reasoning models take no other value than their own.
    private(set) var temperature: Int?
    private(set) var stream: Bool?
    private(set) var streamOptions: JSONValue?
    private(set) var responseFormat: JSONValue?
    private(set) var tools: [JSONValue]?
    private(set) var toolChoice: String?

    private enum CodingKeys: String, CodingKey {
        case model, messages, temperature, stream, tools
        case maxCompletionTokens = "max_completion_tokens"
        case maxTokens = "max_tokens"
        case streamOptions = "stream_options"
        case responseFormat = "response_format"
        case toolChoice = "tool_choice"
    }

    init(_ prompt: Prompt, _ config: LLMPlugin.Config, _ habits: ServerHabits) {
        model = config.model
        let takesTools = !prompt.tools.isEmpty && habits.sendsTools(config)
        messages = prompt.messages(withTools: takesTools)
        switch habits.tokenParameter(config) {
        case .newer: maxCompletionTokens = config.maxOutputTokens
        case .older: maxTokens = config.maxOutputTokens
        }
        if !habits.refused.contains(.temperature) { temperature = 0 }
        if prompt.streams, !habits.refused.contains(.stream) {
            stream = true
            if !habits.refused.contains(.streamOptions) {
                streamOptions = ["include_usage": true]
            }
        }
        if let schema = prompt.schema, habits.sendsSchema(config) {
            responseFormat = [
                "type": "json_schema",
                "json_schema": ["name": "answer", "strict": true, "schema": schema],
            ]
        }
        if takesTools {
            tools = prompt.tools.entries.map(Self.function)
            if !habits.refused.contains(.toolChoice) { toolChoice = "auto" }
        }
    }

    /// A tool in the words of the interface.
    private static func function(_ name: String, _ tool: ModelTool) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .text(name), "description": .text(tool.description),
                "parameters": tool.input,
            ],
        ]
    }

    /// The parts that a server may not take, of those that are sent, by their names.
    var parts: [String] {
        var parts: [String] = []
        if maxCompletionTokens != nil { parts.append(ServerHabits.TokenParameter.newer.rawValue) }
        if maxTokens != nil { parts.append(ServerHabits.TokenParameter.older.rawValue) }
        if responseFormat != nil { parts.append(ServerHabits.Part.responseFormat.rawValue) }
        if streamOptions != nil { parts.append(ServerHabits.Part.streamOptions.rawValue) }
        if temperature != nil { parts.append(ServerHabits.Part.temperature.rawValue) }
        if stream != nil { parts.append(ServerHabits.Part.stream.rawValue) }
        if toolChoice != nil { parts.append(ServerHabits.Part.toolChoice.rawValue) }
        if tools != nil { parts.append(ServerHabits.Part.tools.rawValue) }
        return parts
    }
}
