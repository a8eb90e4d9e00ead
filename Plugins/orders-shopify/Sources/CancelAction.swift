// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `shopify.cancel`: has an order cancelled and waits until it is.
///
/// `orderCancel` only begins a job, and cannot be undone. It knows no idempotency key, so the host
/// may not repeat the request. It does repeat the action: then the order is looked at first, and
/// the job that was begun. Shopify cancels an order once, whatever it is sent.
struct CancelAction: Sendable {
    enum Reason: String, Decodable, Sendable {
        case customer, declined, fraud, inventory, staff, other
    }

    struct Input: Decodable, Sendable {
        let order: String
        let reason: Reason?
        let refund: Bool?
        let restock: Bool?
        let notify: Bool?
        let note: String?
    }

    struct Output: Encodable, Sendable {
        let summary: String
        let order: String
        /// `cancelled`, or `cancelling` while Shopify is at it.
        let state: String
    }

    /// Longer than the host repeats an action.
    private static let memory = Duration.seconds(86_400)

    private static let mutation = """
        mutation MaitredCancel(
          $order: ID!, $reason: OrderCancelReason!, $refund: OrderCancelRefundMethodInput!,
          $restock: Boolean!, $notify: Boolean, $note: String
        ) {
          orderCancel(
            orderId: $order, reason: $reason, refundMethod: $refund, restock: $restock,
            notifyCustomer: $notify, staffNote: $note
          ) {
            job { id done }
            orderCancelUserErrors { field message code }
          }
        }
        """

    private static let progress = """
        query MaitredCancelling($job: ID!, $order: ID!) {
          job(id: $job) { done }
          order(id: $order) { cancelledAt }
        }
        """

    private static let state = """
        query MaitredCancelled($order: ID!) { order(id: $order) { cancelledAt } }
        """

    private struct Begun: Decodable {
        struct Job: Decodable { let id: String }
        struct Payload: Decodable {
            let job: Job?
            let orderCancelUserErrors: [UserError]
        }
        let orderCancel: Payload
    }

    private struct Progress: Decodable {
        struct Job: Decodable { let done: Bool }
        struct State: Decodable { let cancelledAt: String? }
        let job: Job?
        let order: State?
    }

    let api: ShopifyAPI
    let orders: OrderSearch
    /// How long the job is waited for.
    let patience: Duration

    func run(_ input: Input, _ call: Call) async throws -> Output {
        let end = ContinuousClock.now + patience
        let order = try await orders.order(named: input.order, call)
        if let time = order.cancelledAt {
            let day = time.prefix(10)
            let summary = "\(order.name) is cancelled, since \(day)."
            return Output(summary: summary, order: order.name, state: "cancelled")
        }
        guard try await cancel(order, input, until: end, call) else {
            let summary = "Shopify is cancelling \(order.name) and not done yet: look it up later."
            return Output(summary: summary, order: order.name, state: "cancelling")
        }
        let summary = "\(order.name) is cancelled."
        return Output(summary: summary, order: order.name, state: "cancelled")
    }

    /// Begins the job, unless this action has begun it before, and waits; false when time is up.
    private func cancel(
        _ order: Order,
        _ input: Input,
        until end: ContinuousClock.Instant,
        _ call: Call
    ) async throws -> Bool {
        let place = call.idempotencyKey.map { "cancel:\($0)" }
        // The job of an earlier try; empty when its answer never came.
        var earlier: String?
        if let place, try await !call.store.add(place, "", for: Self.memory) {
            earlier = try await call.store.get(place)
        }
        if let earlier, !earlier.isEmpty {
            return try await isCancelled(order, by: earlier, until: end, call)
        }
        let payload = try await begin(order, input, call)
        guard payload.orderCancelUserErrors.isEmpty else {
            let refusal = Self.refusal(of: order, payload.orderCancelUserErrors)
            // What Shopify refuses now may be under way since the earlier try.
            let isUnderWay = earlier != nil && refusal.kind == .invalid
            guard isUnderWay, try await isCancelled(order, by: nil, until: end, call) else {
                throw refusal
            }
            return true
        }
        guard let job = payload.job?.id else {
            throw PluginFailure(.failed, "Shopify began no job for \(order.name): look it up")
        }
        // Without it the next try begins a second job, which Shopify refuses.
        if let place { try? await call.store.set(place, to: job, for: Self.memory) }
        return try await isCancelled(order, by: job, until: end, call)
    }

    private func begin(_ order: Order, _ input: Input, _ call: Call) async throws -> Begun.Payload {
        let variables: [String: JSONValue] = [
            "order": .text(order.id),
            "reason": .text((input.reason ?? .customer).rawValue.uppercased()),
            "refund": ["originalPaymentMethodsRefund": .bool(input.refund ?? true)],
            "restock": .bool(input.restock ?? true),
            "notify": .bool(input.notify ?? true),
            "note": input.note.map { .text($0) } ?? .null,
        ]
        let answer: Begun = try await api.ask(Self.mutation, variables, call, .never)
        return answer.orderCancel
    }

    /// Shopify's words; with open returns, for one, it cancels nothing.
    private static func refusal(of order: Order, _ errors: [UserError]) -> PluginFailure {
        switch errors.first?.code {
        case "INTERNAL_ERROR":
            PluginFailure(.temporary, "Shopify could not cancel \(order.name): \(errors.words)")
        case "NO_REFUND_PERMISSION":
            PluginFailure(.failed, "the access token may not refund: \(errors.words)")
        default:
            PluginFailure(.invalid, "Shopify does not cancel \(order.name): \(errors.words)")
        }
    }

    /// Asks until the job is done, or the order cancelled when the job is not known; false when
    /// time is up.
    private func isCancelled(
        _ order: Order,
        by job: String?,
        until end: ContinuousClock.Instant,
        _ call: Call
    ) async throws -> Bool {
        var variables: [String: JSONValue] = ["order": .text(order.id)]
        variables["job"] = job.map { .text($0) }
        let document = job == nil ? Self.state : Self.progress
        var pause = Duration.milliseconds(200)
        while true {
            do {
                let progress: Progress = try await api.ask(document, variables, call)
                let isCancelled = progress.order?.cancelledAt != nil
                // A job that has been over for a while is no longer known.
                if job == nil ? isCancelled : progress.job?.done ?? true {
                    if isCancelled { return true }
                    throw PluginFailure(
                        .failed,
                        "Shopify has ended the job without cancelling \(order.name)"
                    )
                }
            } catch let failure as PluginFailure where failure.kind == .temporary {
                // The job goes on whether or not it can be watched.
            }
            guard .now + pause < end else { return false }
            try await Task.sleep(for: pause)
            pause = min(pause * 3 / 2, .seconds(2))
        }
    }
}
