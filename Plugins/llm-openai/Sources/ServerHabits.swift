// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a server, with its model, was found to take.
///
/// Found out by asking: a 400 or 422 that names a part of the request has it asked again without
/// that part. OpenAI's reasoning models refuse `max_tokens` and `temperature`; older vLLM and many
/// local servers know neither `max_completion_tokens` nor `stream_options`.
struct ServerHabits: Codable, Equatable {
    enum TokenParameter: String, Codable {
        case newer = "max_completion_tokens"
        case older = "max_tokens"
    }

    /// What can be done without.
    enum Part: String, Codable {
        case responseFormat = "response_format"
        case streamOptions = "stream_options"
        case temperature
        case stream
        case tools
        case toolChoice = "tool_choice"
    }

    private(set) var tokens = TokenParameter.newer
    private(set) var refused: Set<Part> = []

    func tokenParameter(_ config: LLMPlugin.Config) -> TokenParameter {
        switch config.tokenParameter {
        case .auto: tokens
        case .newer: .newer
        case .older: .older
        }
    }

    func sendsSchema(_ config: LLMPlugin.Config) -> Bool {
        switch config.useJsonSchema {
        case .auto: !refused.contains(.responseFormat)
        case .on: true
        case .off: false
        }
    }

    func sendsTools(_ config: LLMPlugin.Config) -> Bool {
        switch config.useTools {
        case .auto: !refused.contains(.tools)
        case .on: true
        case .off: false
        }
    }

    /// Changes what is sent because of a refusal.
    ///
    /// - Parameters:
    ///   - name: The part of the request that the server named.
    ///   - config: What the operator leaves to be found out.
    /// - Returns: Whether asking again makes sense.
    mutating func giveUp(_ name: String, _ config: LLMPlugin.Config) -> Bool {
        if let parameter = TokenParameter(rawValue: name) {
            guard config.tokenParameter == .auto else { return false }
            tokens = parameter == .newer ? .older : .newer
            return true
        }
        guard let part = Part(rawValue: name) else { return false }
        if part == .responseFormat, config.useJsonSchema != .auto { return false }
        if part == .tools, config.useTools != .auto { return false }
        return refused.insert(part).inserted
    }
}

extension ServerHabits {
    /// How long they are believed: servers and models are renewed.
    private static let lifetime = Duration.seconds(30 * 86_400)

    /// What is remembered of the configured server and model.
    static func recall(_ config: LLMPlugin.Config, _ store: KeyValueStore) async -> ServerHabits {
        guard let text = try? await store.get(key(config)),
            let habits = try? JSONDecoder().decode(ServerHabits.self, from: Data(text.utf8))
        else { return ServerHabits() }
        return habits
    }

    func remember(_ config: LLMPlugin.Config, _ store: KeyValueStore) async throws {
        let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        try await store.set(Self.key(config), to: text, for: Self.lifetime)
    }

    /// FNV-1a of address and model: keys of the store are short.
    private static func key(_ config: LLMPlugin.Config) -> String {
        let bytes = "\(config.baseUrl) \(config.model)".utf8
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return "server/\(String(hash, radix: 16))"
    }
}

extension HTTPResponse {
    private struct Envelope: Decodable {
        struct Fault: Decodable { let param: String? }
        let error: Fault?
    }

    /// Which part of a request a server refuses: as `error.param` says, else the first that its
    /// answer names.
    func refusedPart(of parts: [String]) -> String? {
        if parts.contains("tools"), refusesTools { return "tools" }
        guard status == 400 || status == 422 else { return nil }
        if let param = (try? JSONDecoder().decode(Envelope.self, from: body))?.error?.param,
            let part = parts.first(where: { param == $0 || param.hasPrefix("\($0).") })
        {
            return part
        }
        let words = Set(text.split { !$0.isLetter && $0 != "_" }.map(String.init))
        return parts.first { part in
            words.contains(part) || part == "response_format" && words.contains("json_schema")
        }
    }

    /// Whether it says that the model, or the server as it was started, knows no tools.
    ///
    /// Ollama: 400 "does not support tools"; vLLM: 400 '"auto" tool choice requires …'; OpenRouter:
    /// 404 "No endpoints found that support tool use"; llama.cpp: 500 "tools param requires …".
    private var refusesTools: Bool {
        let phrases =
            switch status {
            case 400, 422: ["not support tool", "tool choice requires"]
            case 404: ["support tool use"]
            case 500, 501: ["tools param", "param: tools"]
            default: [] as [String]
            }
        let text = text.lowercased()
        return phrases.contains { text.range(ofText: $0) != nil }
    }
}
