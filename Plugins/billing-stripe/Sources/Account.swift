// SPDX-License-Identifier: Apache-2.0

/// What Stripe says about a person, who may be several customers; nil is what it did not say.
struct Account: Sendable {
    struct Charges: Sendable {
        /// Newest first.
        let list: [Charge]
        /// Whether there are older ones.
        let hasMore: Bool
    }

    let customers: [Customer]
    /// Those that have not ended, or else the latest that have; what matters most first.
    let subscriptions: [Subscription]?
    /// By product's id.
    let productNames: [String: String]
    /// Newest first.
    let failedPayments: [FailedPayment]?
    let charges: Charges?
    /// Newest first; nil also when they were not wanted.
    let invoices: [Invoice]?
}

extension Account {
    var subscription: Subscription? { subscriptions?.first }

    /// Whether something of what every account has is missing.
    var isPartial: Bool { subscriptions == nil || failedPayments == nil || charges == nil }

    /// What is bought, as the product is called: `Business`.
    func plan(of subscription: Subscription) -> String {
        let names = subscription.items.data.map { item in
            productNames[item.price.product] ?? item.price.nickname ?? item.price.text
                ?? item.price.product
        }
        return names.joined(separator: " + ")
    }

    /// What all charges have brought in, by currency; that of the latest charge first.
    var lifetimeValue: [Money]? {
        guard let charges else { return nil }
        var sums: [String: Int] = [:]
        var order: [String] = []
        for charge in charges.list where charge.hasSucceeded {
            if sums[charge.currency] == nil { order.append(charge.currency) }
            sums[charge.currency, default: 0] += charge.value
        }
        return order.map { Money(sums[$0] ?? 0, $0) }
    }
}
