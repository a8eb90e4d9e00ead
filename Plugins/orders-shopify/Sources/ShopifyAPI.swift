// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// The shop's Admin API, asked in GraphQL.
///
/// A throttled query is answered with status 200 and `errors[].extensions.code` `THROTTLED`
/// (https://shopify.dev/docs/api/usage/limits), so the body decides, not the status.
struct ShopifyAPI: Sendable {
    /// Whether the host may send a request again whose answer it never saw.
    enum Repetition {
        /// Queries, and mutations that set what they are given.
        case free
        /// Mutations with `@idempotent(key:)`, which carry the key themselves.
        case keyed(String)
        case never
    }

    let version: String
    private let url: String
    private let token: String

    init(_ config: ShopifyPlugin.Config) {
        version = config.apiVersion
        url = "\(config.shop)/admin/api/\(config.apiVersion)/graphql.json"
        token = config.accessToken
    }

    /// Asks, and returns what `data` holds.
    ///
    /// - Parameters:
    ///   - document: The query or mutation, with the fragments it uses.
    ///   - variables: Their names are sent as they are.
    ///   - call: On whose behalf.
    ///   - repetition: Whether the host may send it again.
    ///   - type: What `data` is.
    /// - Returns: The data.
    /// - Throws: ``PluginFailure``, temporary when throttled.
    func ask<Answer: Decodable>(
        _ document: String,
        _ variables: [String: JSONValue] = [:],
        _ call: Call,
        _ repetition: Repetition = .free,
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try Self.data(in: await send(document, variables, call, repetition))
    }

    /// The same with the whole response, for its headers.
    func send(
        _ document: String,
        _ variables: [String: JSONValue] = [:],
        _ call: Call,
        _ repetition: Repetition = .free
    ) async throws -> HTTPResponse {
        var request = HTTPRequest("POST", url, headers: ["X-Shopify-Access-Token": token])
        switch repetition {
        case .free: request.mayRepeat = true
        case .keyed(let key): request.idempotencyKey = key
        case .never: request.mayRepeat = false
        }
        request.setBody(
            json: JSONValue.object(["query": .text(document), "variables": .object(variables)])
        )
        let response = try await call.http.send(request)
        switch response.status {
        case 300..<400:
            throw PluginFailure(
                .failed,
                "the shop's address leads elsewhere (\(response.status)): use NAME.myshopify.com"
            )
        case 404:
            throw PluginFailure(
                .failed,
                "Shopify knows no such shop or API version (404): check shop and api_version"
            )
        default: return try response.orThrow("Shopify", message: Self.message)
        }
    }

    /// What `data` holds; answers with `errors` become a failure.
    static func data<Answer: Decodable>(
        in response: HTTPResponse,
        as type: Answer.Type = Answer.self
    ) throws -> Answer {
        // Looked at first: beside errors, data is missing or lacks what the type wants.
        let faults: Faults = try response.json(keys: .asTheyAre)
        if let fault = faults.errors?.first { throw fault.failure }
        let envelope: Envelope<Answer> = try response.json(keys: .asTheyAre)
        return envelope.data
    }

    /// Outside of GraphQL `errors` is a text: `[API] Invalid API key or access token`.
    private static func message(_ response: HTTPResponse) -> String? {
        let json: JSONValue? = try? response.json(keys: .asTheyAre)
        return json?["errors"]?.text ?? HTTPResponse.usualMessage(response)
    }

    private struct Envelope<Answer: Decodable>: Decodable { let data: Answer }
    private struct Faults: Decodable { let errors: [Fault]? }

    private struct Fault: Decodable {
        struct Extensions: Decodable { let code: String? }
        let message: String
        let extensions: Extensions?

        var failure: PluginFailure {
            let words = message.prefix(300)
            return switch extensions?.code {
            case "THROTTLED", "INTERNAL_SERVER_ERROR", "TIMEOUT":
                PluginFailure(.temporary, "Shopify cannot answer now: \(words)")
            case "ACCESS_DENIED":
                PluginFailure(.failed, "the access token lacks a scope: \(words)")
            default: PluginFailure(.failed, "Shopify: \(words)")
            }
        }
    }
}

/// Why a mutation was not carried out, told with status 200.
struct UserError: Decodable, Sendable {
    let message: String
    /// Only where the mutation has codes of its own.
    let code: String?
}

extension [UserError] {
    /// All of them in one sentence.
    var words: String { map(\.message).joined(separator: "; ") }
}

/// A connection of GraphQL, without its cursors.
struct Nodes<Node: Decodable & Sendable>: Decodable, Sendable {
    let nodes: [Node]
}
