// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// What Stripe answered.
struct StripeReply: Sendable {
    private let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    /// What Stripe found wrong; nil when the request succeeded.
    var fault: StripeFault? {
        if response.isSuccess { return nil }
        let body = try? response.json(StripeFault.Body.self)
        return StripeFault(status: response.status, body: body?.error)
    }

    /// The object that came back.
    func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        if let fault { throw fault.failure }
        return try response.json()
    }
}

/// An error as Stripe words it. https://docs.stripe.com/api/errors
struct StripeFault: Sendable {
    struct Body: Decodable, Sendable {
        struct Details: Decodable, Sendable {
            let type: String?
            let code: String?
            let message: String?
        }
        let error: Details
    }

    let status: Int
    private let body: Body.Details?

    init(status: Int, body: Body.Details?) {
        self.status = status
        self.body = body
    }

    var code: String? { body?.code }

    /// Whether Stripe may have done what was asked all the same.
    var leavesDoubt: Bool { status >= 500 || status == 409 }

    var failure: PluginFailure {
        let words = body?.message.map { ": \($0.prefix(300))" } ?? ""
        return switch status {
        case 401: PluginFailure(.failed, "Stripe refuses the key (401)\(words)")
        case 403: PluginFailure(.failed, "Stripe's key lacks a permission (403)\(words)")
        case 404: PluginFailure(.invalid, "Stripe does not know it\(words)")
        // Another request with the same key is still under way.
        case 409: PluginFailure(.temporary, "Stripe is still busy with it (409)\(words)")
        case 429, 500...599:
            PluginFailure(.temporary, "Stripe cannot answer now (\(status))\(words)")
        case 400 where body?.type == "idempotency_error":
            PluginFailure(.invalid, "Stripe has seen this action's key with other values\(words)")
        default: PluginFailure(.invalid, "Stripe refuses (\(status))\(words)")
        }
    }
}

/// One page of a list.
struct Page<Element: Decodable & Sendable>: Decodable, Sendable {
    let data: [Element]
    let hasMore: Bool?
}
