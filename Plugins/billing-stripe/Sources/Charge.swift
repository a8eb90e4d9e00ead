// SPDX-License-Identifier: Apache-2.0

/// A charge: one attempt to be paid.
struct Charge: Decodable, Sendable {
    struct Method: Decodable, Sendable {
        struct Card: Decodable, Sendable {
            let brand: String?
            let last4: String?
        }
        let type: String?
        let card: Card?
    }

    let id: String
    let customer: String?
    let created: Int
    let currency: String
    let amount: Int
    let amountCaptured: Int
    let amountRefunded: Int
    let captured: Bool
    let refunded: Bool
    let disputed: Bool?
    let description: String?
    let failureCode: String?
    /// `succeeded`, `pending` or `failed`.
    let status: String
    let paymentMethodDetails: Method?
}

extension Charge {
    var hasSucceeded: Bool { status == "succeeded" }

    /// What can still be given back.
    var refundable: Money {
        Money(hasSucceeded ? max(0, amountCaptured - amountRefunded) : 0, currency)
    }

    /// What it has brought in.
    var value: Int { hasSucceeded ? amountCaptured - amountRefunded : 0 }

    /// For people.
    var state: String {
        if disputed == true { return "disputed" }
        if refunded { return "refunded" }
        if amountRefunded > 0 { return "partly refunded" }
        return hasSucceeded && !captured ? "authorised" : status
    }

    /// `visa 4242`, or the method's name.
    var method: String? {
        guard let card = paymentMethodDetails?.card else { return paymentMethodDetails?.type }
        return [card.brand, card.last4].compactMap(\.self).joined(separator: " ")
    }
}
