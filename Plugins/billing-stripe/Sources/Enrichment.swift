// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Facts for a conversation that begins.
struct Enrichment: Sendable {
    /// Less than the hook's deadline, so that what came in time is not lost with what did not.
    private static let time = Duration.milliseconds(650)

    private let config: StripePlugin.Config
    private let call: Call

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
    }

    /// Nil when the contact is nobody at Stripe.
    func facts(about contact: Contact) async throws -> Facts? {
        let api = StripeAPI(config, call, within: Budget(Self.time))
        do {
            let customers = try await CustomerFinder(config, api, call.host).customers(of: contact)
            if customers.isEmpty { return nil }
            return Self.facts(await AccountReader(api, call).read(customers))
        } catch let failure as PluginFailure where failure.kind == .temporary {
            if let facts = try await factsFromEvents(contact) { return facts }
            throw failure
        }
    }

    /// What Stripe has told earlier, when it cannot be asked.
    private func factsFromEvents(_ contact: Contact) async throws -> Facts? {
        let flags = FailureFlags(store: call.store)
        guard config.matchEmail, let id = contact.id,
            let customer = try await flags.customer(of: id)
        else { return nil }
        let payments = try await flags.payments(of: [customer])
        if payments.isEmpty { return nil }
        var facts = Facts(title: "Stripe")
        add(payments, to: &facts)
        return facts
    }
}

private func add(_ payments: [FailedPayment], to facts: inout Facts) {
    facts["failed_payment"] = .flag(!payments.isEmpty)
    guard let latest = payments.first else { return }
    let more = payments.count > 1 ? " (and \(payments.count - 1) more)" : ""
    facts["failed_payment_detail"] = .text(latest.text + more)
}

extension Enrichment {
    private static func facts(_ account: Account) -> Facts {
        var facts = Facts(title: "Stripe")
        if let subscription = account.subscription {
            facts["plan"] = .text(account.plan(of: subscription))
            facts["status"] = .text(subscription.status)
        } else if account.subscriptions != nil {
            facts["status"] = "no subscription"
        }
        if let payments = account.failedPayments { add(payments, to: &facts) }
        if let subscription = account.subscription {
            if subscription.status == "trialing", let end = subscription.trialEnd {
                facts["trial_end"] = .text(Day.text(end))
            }
            if let end = subscription.ends { facts["ends"] = .text(Day.text(end)) }
        }
        if let value = account.lifetimeValue {
            facts["lifetime_value"] = .number(value.first?.units ?? 0)
            facts["currency"] = value.first.map { .text($0.currency.uppercased()) }
            if value.count > 1 {
                let others = value.dropFirst().map(\.text).joined(separator: ", ")
                facts["lifetime_value_other"] = .text(others)
            }
            if account.charges?.hasMore == true { facts["lifetime_value_is_minimum"] = true }
        }
        return facts
    }
}
