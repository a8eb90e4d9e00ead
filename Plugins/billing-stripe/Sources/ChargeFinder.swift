// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Finds charges of a person.
struct ChargeFinder: Sendable {
    private struct PaymentIntent: Decodable, Sendable {
        let customer: String?
        let latestCharge: Charge?
    }

    private let api: StripeAPI
    private let customers: [String]

    /// - Parameters:
    ///   - api: Where to ask.
    ///   - customers: Whose charges may be found.
    init(_ api: StripeAPI, of customers: [Customer]) {
        self.api = api
        self.customers = customers.map(\.id)
    }

    /// The latest charges, newest first, whether they succeeded or not.
    func latest(_ count: Int) async throws -> [Charge] {
        let found = try await withThrowingTaskGroup(of: Page<Charge>.self) { group in
            for customer in customers {
                let query = [("customer", customer), ("limit", String(count))]
                group.addTask { try await api.get("charges", query) }
            }
            return try await group.reduce(into: []) { $0 += $1.data }
        }
        return Array(found.sorted { $0.created > $1.created }.prefix(count))
    }

    /// The charge that somebody means.
    ///
    /// - Parameter payment: Its id, its payment intent's or its invoice's; or `last`.
    /// - Returns: A charge that belongs to the person.
    /// - Throws: ``PluginFailure`` when there is none, or when it is somebody else's.
    func charge(_ payment: String) async throws -> Charge {
        if payment == "last" {
            // One that has been refunded counts: "last" twice must not reach the one before.
            if let charge = try await latest(10).first(where: \.hasSucceeded) { return charge }
            throw PluginFailure(.invalid, "the customer has not paid anything lately")
        }
        let id = try StripeID(payment, [.charge, .payment, .paymentIntent, .invoice])
        switch id.kind {
        case .paymentIntent: return try await charge(ofIntent: id.description)
        case .invoice: return try await charge(ofInvoice: id)
        default: return try await charge(withID: id.description)
        }
    }

    private func charge(withID id: String) async throws -> Charge {
        let charge: Charge = try await api.get("charges/\(id)")
        try checkOwner(charge.customer)
        return charge
    }

    private func charge(ofIntent id: String) async throws -> Charge {
        let intent: PaymentIntent = try await api.get(
            "payment_intents/\(id)",
            [("expand[0]", "latest_charge")]
        )
        try checkOwner(intent.customer ?? intent.latestCharge?.customer)
        guard let charge = intent.latestCharge else {
            throw PluginFailure(.invalid, "nothing has been paid with \(id)")
        }
        try checkOwner(charge.customer)
        return charge
    }

    private func charge(ofInvoice id: StripeID) async throws -> Charge {
        let invoice: Invoice = try await api.get("invoices/\(id)", [("expand[0]", "payments")])
        try checkOwner(invoice.customer)
        let paid = (invoice.payments?.data ?? []).filter { $0.status == "paid" }
        guard let payment = paid.first?.payment else {
            throw PluginFailure(.invalid, "invoice \(id) has not been paid")
        }
        guard paid.count == 1, invoice.payments?.hasMore != true else {
            throw PluginFailure(.invalid, "invoice \(id) was paid in parts: name the charge")
        }
        if let charge = payment.charge { return try await self.charge(withID: charge) }
        if let intent = payment.paymentIntent { return try await charge(ofIntent: intent) }
        throw PluginFailure(.invalid, "invoice \(id) was paid outside of Stripe")
    }

    /// The same words whether it is somebody else's or nobody's: ids must not be tried out.
    private func checkOwner(_ customer: String?) throws {
        if let customer, customers.contains(customer) { return }
        throw PluginFailure(.invalid, "it does not belong to this contact's customer")
    }
}
