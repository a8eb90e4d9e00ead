// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Requests to Stripe in one version of its API, whatever the account's own default is.
struct StripeAPI: Sendable {
    /// Dates of billing periods stand at a subscription's items, an invoice names its subscription
    /// under `parent` and its payments under `payments`, and a charge does not name its invoice.
    /// https://docs.stripe.com/changelog/basil
    static let version = "2025-03-31.basil"

    private let config: StripePlugin.Config
    private let http: HTTP
    private let budget: Budget?

    /// - Parameters:
    ///   - config: With the address and the key.
    ///   - call: On whose behalf Stripe is asked.
    ///   - budget: How long all requests together may take; the call's own deadline when nil.
    init(_ config: StripePlugin.Config, _ call: Call, within budget: Budget? = nil) {
        self.config = config
        http = call.http
        self.budget = budget
    }

    /// Reads an object or a list; `path` begins behind `/v1/`.
    func get<Value: Decodable>(
        _ path: String,
        _ query: [(String, String)] = []
    ) async throws -> Value {
        try await send(request("GET", path, query: query)).value()
    }

    /// Changes something; the host repeats it with the same key.
    ///
    /// Stripe gives a repeated key the first answer again, and refuses it with
    /// `idempotency_error` when anything else of the request has changed. It may forget a key
    /// after 24 hours. https://docs.stripe.com/api/idempotent_requests
    func post(
        _ path: String,
        _ form: [(String, String)],
        key: String
    ) async throws -> StripeReply {
        var request = try request("POST", path)
        request.setBody(form: form)
        request.idempotencyKey = key
        return try await send(request)
    }

    /// Removes something; a repeated removal is answered with 404.
    func delete(_ path: String) async throws -> StripeReply {
        try await send(request("DELETE", path))
    }

    private func request(
        _ method: String,
        _ path: String,
        query: [(String, String)] = []
    ) throws -> HTTPRequest {
        var request = HTTPRequest(
            method,
            "\(config.apiBase)/v1/\(path)",
            query: query,
            headers: ["Authorization": "Bearer \(config.apiKey)", "Stripe-Version": Self.version]
        )
        if let budget {
            request.timeout = budget.left
            if budget.left <= .zero {
                throw PluginFailure(.temporary, "Stripe takes too long to answer")
            }
        }
        return request
    }

    private func send(_ request: HTTPRequest) async throws -> StripeReply {
        StripeReply(try await http.send(request))
    }
}

/// Time that several requests share.
struct Budget: Sendable {
    private let end: ContinuousClock.Instant

    init(_ time: Duration) { end = ContinuousClock.now + time }

    /// Nothing, or less, when it is used up.
    var left: Duration { ContinuousClock.now.duration(to: end) }
}
