// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// The server's addresses, and what its refusals mean.
struct ChatAPI: Sendable {
    let config: LLMPlugin.Config

    /// A POST that the host may repeat: asking twice costs tokens and does nothing else.
    func completion(_ body: ChatRequest) -> HTTPRequest {
        var request = HTTPRequest("POST", "\(config.baseUrl)/chat/completions", headers: headers)
        request.setBody(json: body)
        request.mayRepeat = true
        return request
    }

    private struct Models: Decodable {
        struct Model: Decodable { let id: String }
        let data: [Model]
    }

    /// Throws when the server cannot be used, or does not list the model.
    func checkModel(_ call: Call) async throws {
        let response = try await call.http.get("\(config.baseUrl)/models", headers: headers)
        let models: Models = try response.orThrow(Self.name).json()
        let names = models.data.map(\.id)
        guard !names.contains(where: isConfigured) else { return }
        let some = names.isEmpty ? "none" : names.prefix(5).joined(separator: ", ")
        throw PluginFailure(.invalid, "the server lists no model \(config.model), but \(some)")
    }

    /// What a response that is no success means.
    func failure(_ response: HTTPResponse) -> any Error {
        let words = HTTPResponse.usualMessage(response).map { ": \($0.prefix(300))" } ?? ""
        if response.status == 404 {
            let text = "\(Self.name) has no model \(config.model), or no chat at \(config.baseUrl)"
            return PluginFailure(.invalid, text + words)
        }
        // OpenAI says 429 too when the account is empty; waiting does not help then.
        if response.status == 429, response.text.range(ofText: "insufficient_quota") != nil {
            return PluginFailure(.failed, "the account at \(Self.name) is used up\(words)")
        }
        // Something is locked for a moment: OpenAI's own clients ask again.
        if response.status == 409 {
            return PluginFailure(.temporary, "\(Self.name) cannot answer now (409)\(words)")
        }
        do {
            try response.orThrow(Self.name)
        } catch {
            return error
        }
        return PluginFailure(.temporary, "\(Self.name) answered what makes no sense")
    }

    private static let name = "the model's server"

    private var headers: [String: String] {
        config.apiKey.map { ["Authorization": "Bearer \($0)"] } ?? [:]
    }

    /// Servers list `llama3:latest` for `llama3`, or put a folder before the name.
    private func isConfigured(_ name: String) -> Bool {
        name == config.model || name.hasPrefix("\(config.model):")
            || name.hasSuffix("/\(config.model)")
    }
}
