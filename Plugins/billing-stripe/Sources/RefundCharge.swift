// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `stripe.refund`: gives money back.
///
/// What the input means is settled once and kept under the action's key. A repeated call then
/// says the same to Stripe, though `last` may mean another charge by now, and finds its own refund
/// even after Stripe has forgotten the key.
struct RefundCharge: Sendable {
    struct Input: Decodable, Sendable {
        let payment: String
        let amount: Int?
        let reason: Reason?
    }

    /// Not `fraudulent`: Stripe would block the card and the address with it.
    enum Reason: String, Decodable, Sendable {
        case duplicate
        case requestedByCustomer = "requested_by_customer"
    }

    struct Output: Encodable, Sendable {
        let summary: String
        let refund: String
        let charge: String
        let amount: Int
        let currency: String
        let status: String
    }

    private struct Refund: Decodable, Sendable {
        struct Metadata: Decodable, Sendable { let maitredAction: String? }
        let id: String
        let charge: String
        let amount: Int
        let currency: String
        let status: String?
        let failureReason: String?
        let metadata: Metadata?
    }

    /// How long a key is known for; the host repeats a call within minutes.
    private static let memory = Duration.seconds(30 * 86_400)

    private let call: Call
    private let config: StripePlugin.Config
    private let api: StripeAPI

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
        api = StripeAPI(config, call)
    }

    func run(_ input: Input) async throws -> Output {
        guard let key = call.idempotencyKey else {
            throw PluginFailure(.invalid, "a refund needs an idempotency key")
        }
        let entry = "refund:\(key)"
        if let charge = try await call.store.get(entry) {
            if let made = try await refund(of: charge, madeBy: key) { return try Self.output(made) }
            return try await refund(charge, input, key)
        }
        let charge = try await charge(input)
        try await call.store.set(entry, to: charge.id, for: Self.memory)
        return try await refund(charge.id, input, key)
    }

    /// The charge that is meant, if it can be refunded.
    private func charge(_ input: Input) async throws -> Charge {
        let customers = try await CustomerFinder(config, api, call.host).required(call.contact)
        let charge = try await ChargeFinder(api, of: customers).charge(input.payment)
        guard charge.hasSucceeded else {
            throw PluginFailure(.invalid, "\(charge.id) was not paid (\(charge.status))")
        }
        guard charge.captured else {
            throw PluginFailure(.invalid, "\(charge.id) is only authorised: cancel it at Stripe")
        }
        if charge.refunded { throw Self.alreadyRefunded(charge.id) }
        let left = charge.refundable
        if let amount = input.amount, amount < 1 || amount > left.amount {
            let whole = Money(charge.amountCaptured, charge.currency).text
            throw PluginFailure(.invalid, "\(left.text) of \(whole) are left of \(charge.id)")
        }
        return charge
    }

    private func refund(of charge: String, madeBy key: String) async throws -> Refund? {
        let query = [("charge", charge), ("limit", "100")]
        let page: Page<Refund> = try await api.get("refunds", query)
        return page.data.first { $0.metadata?.maitredAction == key }
    }

    private func refund(_ charge: String, _ input: Input, _ key: String) async throws -> Output {
        var form = [("charge", charge)]
        if let amount = input.amount { form.append(("amount", String(amount))) }
        form.append(("reason", (input.reason ?? .requestedByCustomer).rawValue))
        form.append(("metadata[maitred_action]", key))
        if let conversation = call.conversation {
            form.append(("metadata[maitred_conversation]", conversation))
        }
        let reply = try await api.post("refunds", form, key: key)
        if let fault = reply.fault {
            if fault.code == "charge_already_refunded" { throw Self.alreadyRefunded(charge) }
            if fault.code == "charge_disputed" {
                throw PluginFailure(.invalid, "\(charge) is disputed: answer that at Stripe")
            }
            guard fault.leavesDoubt else { throw fault.failure }
            let advice = "the refund may have been made all the same: list the charges first"
            throw PluginFailure(.temporary, "\(fault.failure.description); \(advice)")
        }
        return try Self.output(reply.value())
    }

    private static func alreadyRefunded(_ charge: String) -> PluginFailure {
        PluginFailure(.invalid, "\(charge) has already been refunded; nothing was refunded now")
    }

    private static func output(_ refund: Refund) throws -> Output {
        let status = refund.status ?? "pending"
        if status == "failed" || status == "canceled" {
            let reason = refund.failureReason.map { ": \($0)" } ?? ""
            throw PluginFailure(.failed, "the refund of \(refund.charge) is \(status)\(reason)")
        }
        let money = Money(refund.amount, refund.currency).text
        return Output(
            summary: status == "succeeded"
                ? "Refunded \(money) of \(refund.charge)."
                : "The refund of \(money) of \(refund.charge) is on its way (\(status)).",
            refund: refund.id,
            charge: refund.charge,
            amount: refund.amount,
            currency: refund.currency,
            status: status
        )
    }
}
