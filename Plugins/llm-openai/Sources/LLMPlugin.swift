// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
package import MaitredPluginKit

/// Drafts, summaries, translations and intents from any server that speaks OpenAI's chat interface.
///
/// It decides nothing: what it answers is text for people to read, names out of a list, and what
/// might be done, for people to look at.
package struct LLMPlugin: Plugin {
    package struct Config: Decodable, Sendable {
        package enum TokenParameter: String, Decodable, Sendable {
            case auto
            case newer = "max_completion_tokens"
            case older = "max_tokens"
        }

        package enum Switch: String, Decodable, Sendable { case auto, on, off }

        /// Without a slash at its end: the host takes one away.
        package let baseUrl: String
        /// Nil for local servers that ask for none.
        package let apiKey: String?
        package let model: String
        package let maxOutputTokens: Int
        /// 0 for none.
        package let dailyTokenBudget: Int
        package let firstTokenMs: Int
        package let tokenParameter: TokenParameter
        package let useJsonSchema: Switch
        package let useTools: Switch
    }

    package static var manifest: [UInt8] { PackageResources.plugin_json }

    private let assistant: Assistant
    private let api: ChatAPI

    package init(_ host: Host, config: Config) {
        api = ChatAPI(config: config)
        let budget = TokenBudget(host: host, limit: config.dailyTokenBudget)
        assistant = Assistant(chat: Chat(api: api, budget: budget, config: config))
    }

    package func register(_ registrar: inout Registrar) {
        registrar.provide("llm.complete") { [assistant] (input: Input, call) in
            try await assistant.complete(input, call)
        }
        registrar.provide("reply.draft") { [assistant] (input: Input, call) in
            try await assistant.draft(input, call)
        }
        registrar.provide("conversation.summary") { [assistant] (input: Input, call) in
            try await assistant.summary(input, call)
        }
        registrar.provide("translate") { [assistant] (input: Input, call) in
            try await assistant.translate(input, call)
        }
        registrar.provide("intent.candidates") { [assistant] (input: Input, call) in
            try await assistant.candidates(input, call)
        }
        registrar.health { [api] call in try await api.checkModel(call) }
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(LLMPlugin.self, major)
}
