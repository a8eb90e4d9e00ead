// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A payment that has failed and is still owed.
struct FailedPayment: Codable, Sendable {
    let invoice: String
    let amount: Int
    let currency: String
    /// Seconds since 1970.
    let at: Int
    /// Why, in Stripe's code: `expired_card`.
    var reason: String?

    /// `49.00 EUR on 2026-01-31: expired_card`.
    var text: String {
        let words = "\(Money(amount, currency).text) on \(Day.text(at))"
        return reason.map { "\(words): \($0)" } ?? words
    }
}

/// Failed payments of which Stripe has told, until they are settled.
///
/// One entry for each invoice, `failed:<customer>:<invoice>`: events come side by side and in any
/// order, and entries of their own need no reading before writing.
struct FailureFlags: Sendable {
    /// Longer than Stripe tries again unless told otherwise.
    private static let keptFor = Duration.seconds(30 * 86_400)
    /// Longer than Stripe repeats an event: three days. https://docs.stripe.com/webhooks
    static let memory = Duration.seconds(4 * 86_400)

    let store: KeyValueStore

    /// Notes a failed payment, unless its invoice is known to be settled.
    func raise(_ payment: FailedPayment, customer: String) async throws {
        let key = "failed:\(customer):\(payment.invoice)"
        let value = String(decoding: try JSONEncoder().encode(payment), as: UTF8.self)
        try await store.set(key, to: value, for: Self.keptFor)
        // Looked up afterwards: whoever settles it meanwhile finds the entry, or is found here.
        if try await store.get("settled:\(payment.invoice)") != nil { try await store.remove(key) }
    }

    /// Forgets the failure of an invoice, also one that is told of later.
    func settle(invoice: String, customer: String) async throws {
        try await store.set("settled:\(invoice)", to: "1", for: Self.memory)
        try await store.remove("failed:\(customer):\(invoice)")
    }

    /// What is noted about customers, the latest first.
    func payments(of customers: [String]) async throws -> [FailedPayment] {
        var found: [FailedPayment] = []
        for customer in customers {
            for key in try await store.keys(prefix: "failed:\(customer):", limit: 20) {
                guard let text = try await store.get(key) else { continue }
                let payment = try? JSONDecoder().decode(FailedPayment.self, from: Data(text.utf8))
                if let payment { found.append(payment) }
            }
        }
        return found.sorted { $0.at > $1.at }
    }

    /// Notes who a contact is at Stripe, for when Stripe cannot be asked.
    func remember(contact: String, as customer: String) async throws {
        try await store.set("contact:\(contact)", to: customer, for: Self.keptFor)
    }

    /// Who a contact was when a payment of theirs failed.
    func customer(of contact: String) async throws -> String? {
        try await store.get("contact:\(contact)")
    }
}
