// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Takes Stripe's events about invoices; the host has checked their signature.
///
/// Events have the shape of the endpoint's API version, not of the one that requests ask for, so
/// only members are read that every version has.
struct EventReceiver: Sendable {
    private struct Event: Decodable, Sendable {
        let id: String
        let type: String
        let created: Int
    }

    private struct InvoiceEvent: Decodable, Sendable {
        struct Content: Decodable, Sendable { let object: Invoice }
        struct Invoice: Decodable, Sendable {
            let id: String
            let customer: String?
            let customerEmail: String?
            let amountRemaining: Int
            let currency: String
        }
        let data: Content
    }

    private let config: StripePlugin.Config
    private let call: Call
    private let flags: FailureFlags

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
        flags = FailureFlags(store: call.store)
    }

    func receive(_ request: InboundWebhook) async throws -> WebhookReply {
        guard let event = try? request.json(Event.self) else { return refusal }
        switch event.type {
        case "invoice.payment_failed", "invoice.paid", "invoice.voided": break
        default: return WebhookReply(body: "not needed")
        }
        let seen = "event:\(event.id)"
        if try await call.store.get(seen) != nil { return WebhookReply(body: "seen before") }
        guard let invoice = try? request.json(InvoiceEvent.self).data.object else { return refusal }
        if let customer = invoice.customer {
            if event.type == "invoice.payment_failed" {
                try await note(invoice, of: customer, at: event.created)
            } else {
                try await flags.settle(invoice: invoice.id, customer: customer)
            }
        }
        // Only now: what has failed half-way is told again and must not pass for seen.
        _ = try await call.store.add(seen, "1", for: FailureFlags.memory)
        return WebhookReply(body: "taken")
    }

    private var refusal: WebhookReply {
        call.host.log(.warning, "Stripe has sent an event that makes no sense")
        return WebhookReply(status: 400, body: "not an event")
    }

    private func note(
        _ invoice: InvoiceEvent.Invoice,
        of customer: String,
        at time: Int
    ) async throws {
        let payment = FailedPayment(
            invoice: invoice.id,
            amount: invoice.amountRemaining,
            currency: invoice.currency,
            at: time
        )
        try await flags.raise(payment, customer: customer)
        guard config.matchEmail, let email = invoice.customerEmail else { return }
        for contact in try await call.contacts.find(email: email) {
            guard let id = contact.id else { continue }
            try await flags.remember(contact: id, as: customer)
        }
    }
}
