// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `stripe.cancel_subscription`: ends a subscription with its period, or at once.
struct CancelSubscription: Sendable {
    struct Input: Decodable, Sendable {
        let subscription: String?
        let atPeriodEnd: Bool?
    }

    struct Output: Encodable, Sendable {
        let summary: String
        let subscription: String
        let status: String
        let ends: String?
        /// Whether that had been decided before.
        let already: Bool
    }

    private static let memory = Duration.seconds(30 * 86_400)

    private let config: StripePlugin.Config
    private let call: Call
    private let api: StripeAPI

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
        api = StripeAPI(config, call)
    }

    func run(_ input: Input) async throws -> Output {
        guard let key = call.idempotencyKey else {
            throw PluginFailure(.invalid, "a cancellation needs an idempotency key")
        }
        let subscription = try await subscription(input, key)
        let isWanted = input.atPeriodEnd ?? true
        if !subscription.isAlive || (isWanted && subscription.ends != nil) {
            return Self.output(subscription, already: true)
        }
        let path = "subscriptions/\(subscription.id)"
        if isWanted {
            let reply = try await api.post(path, [("cancel_at_period_end", "true")], key: key)
            return Self.output(try reply.value(), already: false)
        }
        let reply = try await api.delete(path)
        if reply.fault?.status == 404 {
            // The host repeats a removal whose answer was lost, and the second finds nothing.
            let now: Subscription = try await api.get(path)
            if !now.isAlive { return Self.output(now, already: false) }
        }
        return Self.output(try reply.value(), already: false)
    }

    /// The subscription that is meant.
    ///
    /// Kept under the action's key: once it has been cancelled, a repeated call would not find it
    /// among those that run.
    private func subscription(_ input: Input, _ key: String) async throws -> Subscription {
        let entry = "cancel:\(key)"
        if let known = try await call.store.get(entry) {
            return try await api.get("subscriptions/\(known)")
        }
        let customers = try await CustomerFinder(config, api, call.host).required(call.contact)
        let subscription: Subscription
        if let text = input.subscription, !text.isEmpty {
            let id = try StripeID(text, [.subscription])
            subscription = try await api.get("subscriptions/\(id)")
            guard customers.contains(where: { $0.id == subscription.customer }) else {
                throw PluginFailure(.invalid, "it does not belong to this contact's customer")
            }
        } else {
            subscription = try Self.only(customers.flatMap { $0.subscriptions?.data ?? [] })
        }
        try await call.store.set(entry, to: subscription.id, for: Self.memory)
        return subscription
    }

    private static func only(_ subscriptions: [Subscription]) throws -> Subscription {
        let alive = subscriptions.filter(\.isAlive)
        guard let first = alive.first else {
            throw PluginFailure(.invalid, "the customer has no subscription that runs")
        }
        if alive.count == 1 { return first }
        let ids = alive.prefix(5).map(\.id).joined(separator: ", ")
        throw PluginFailure(.invalid, "there are several subscriptions, say which: \(ids)")
    }

    private static func output(_ subscription: Subscription, already: Bool) -> Output {
        let ends = subscription.ends.map(Day.text)
        let summary =
            switch (subscription.isAlive, already) {
            case (true, true): "The subscription already ends on \(ends ?? "a day to come")."
            case (true, false):
                "The subscription ends on \(ends ?? "the end of its period") and is not renewed."
            case (false, true):
                "The subscription had already ended\(ends.map { " on \($0)" } ?? "")."
            case (false, false): "The subscription has ended."
            }
        return Output(
            summary: summary,
            subscription: subscription.id,
            status: subscription.status,
            ends: ends,
            already: already
        )
    }
}
