// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `shopify.refund`: gives back all that can be refunded, or an amount of it.
///
/// `refundCreate` wants `@idempotent(key:)` since 2026-04 and refuses a key that comes again with
/// other variables (https://shopify.dev/docs/api/usage/implementing-idempotency). What is to be
/// refunded is computed from what is left, which the refund itself changes: so it is computed
/// once and kept until Shopify forgets the key.
struct RefundAction: Sendable {
    struct Input: Decodable, Sendable {
        let order: String
        /// In minor units of the currency the customer paid in; nil is all of it.
        let amount: Int?
        let restock: Bool?
        let notify: Bool?
        let note: String?
    }

    struct Output: Encodable, Sendable {
        let summary: String
        let order: String
        /// `gid://shopify/Refund/1`.
        let refund: String
        /// In minor units.
        let amount: Int
        let currency: String
        /// `done`, or `pending` while the payment provider is at it.
        let state: String
    }

    private static let create = """
        mutation MaitredRefund($input: RefundInput!, $key: String!) {
          refundCreate(input: $input) @idempotent(key: $key) {
            refund { id transactions(first: 20) { nodes { status } } }
            userErrors { field message }
          }
        }
        """

    private struct Created: Decodable {
        struct Transaction: Decodable { let status: String }
        struct Refund: Decodable {
            let id: String
            let transactions: Nodes<Transaction>
        }
        struct Payload: Decodable {
            let refund: Refund?
            let userErrors: [UserError]
        }
        let refundCreate: Payload
    }

    let api: ShopifyAPI
    let orders: OrderSearch
    /// In minor units.
    let limit: Int

    func run(_ input: Input, _ call: Call) async throws -> Output {
        guard let key = call.idempotencyKey else {
            throw PluginFailure(.invalid, "a refund needs an idempotency key")
        }
        let order = try await orders.order(named: input.order, call)
        let plan = try await plan(for: order, input, key, call)
        let variables: [String: JSONValue] = ["input": plan.input, "key": .text(key)]
        let answer: Created = try await api.ask(Self.create, variables, call, .keyed(key))
        let errors = answer.refundCreate.userErrors
        guard errors.isEmpty else { throw Self.refusal(of: order, errors) }
        guard let refund = answer.refundCreate.refund else {
            throw PluginFailure(.temporary, "Shopify answered without a refund of \(order.name)")
        }
        let statuses = refund.transactions.nodes.map(\.status)
        return try Self.output(plan, of: order, refund.id, statuses)
    }

    /// What was decided when this action was first carried out, or is decided now.
    private func plan(
        for order: Order,
        _ input: Input,
        _ key: String,
        _ call: Call
    ) async throws -> RefundPlan {
        let place = "refund:\(key)"
        if let kept = try await call.store.get(place) { return try RefundPlan(kept: kept) }
        let suggestion = try await RefundSuggestion(for: order, api, call)
        let plan = try RefundPlan(input, of: order, by: suggestion)
        // The server confirms by the amount; where none was named it had nothing to go by.
        if input.amount == nil, !call.isByAgent, plan.amount > limit {
            throw PluginFailure(.invalid, "\(plan.money) is above the limit: an agent decides")
        }
        if try await call.store.add(place, plan.text, for: RefundPlan.memory) { return plan }
        // Another call with the same key was quicker.
        guard let kept = try await call.store.get(place) else {
            throw PluginFailure(.temporary, "the refund's plan could not be kept")
        }
        return try RefundPlan(kept: kept)
    }

    /// These errors have no codes, so one is known by its words.
    private static func refusal(of order: Order, _ errors: [UserError]) -> PluginFailure {
        if errors.words.contains("currently in progress") {
            return PluginFailure(.temporary, "Shopify is at this refund already")
        }
        return PluginFailure(.invalid, "Shopify does not refund \(order.name): \(errors.words)")
    }

    /// A refund can be recorded although the payment provider has not paid, or will not.
    private static func output(
        _ plan: RefundPlan,
        of order: Order,
        _ refund: String,
        _ statuses: [String]
    ) throws -> Output {
        guard !statuses.contains(where: { ["FAILURE", "ERROR"].contains($0) }) else {
            throw PluginFailure(
                .failed,
                "Shopify recorded a refund of \(order.name), but the payment provider refused it"
            )
        }
        let isDone = statuses.allSatisfy { $0 == "SUCCESS" }
        return Output(
            summary: isDone
                ? "Refunded \(plan.money) of \(order.name)."
                : "A refund of \(plan.money) of \(order.name) is with the payment provider.",
            order: order.name,
            refund: refund,
            amount: plan.amount,
            currency: plan.currency,
            state: isDone ? "done" : "pending"
        )
    }
}
