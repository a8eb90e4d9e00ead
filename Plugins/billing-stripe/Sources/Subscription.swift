// SPDX-License-Identifier: Apache-2.0

/// A subscription; its billing periods stand at its items.
struct Subscription: Decodable, Sendable {
    struct Item: Decodable, Sendable {
        let price: Price
        let quantity: Int?
        let currentPeriodEnd: Int?
    }

    struct Price: Decodable, Sendable {
        struct Recurring: Decodable, Sendable {
            let interval: String
            let intervalCount: Int
        }

        let product: String
        let nickname: String?
        let currency: String
        /// Nil for tiers and for fractions of a minor unit.
        let unitAmount: Int?
        let recurring: Recurring?
    }

    let id: String
    let customer: String
    let status: String
    let created: Int
    let trialEnd: Int?
    let cancelAt: Int?
    let cancelAtPeriodEnd: Bool
    let endedAt: Int?
    let items: Page<Item>
}

extension Subscription {
    /// From what matters most to what matters least.
    private static let ranking = [
        "active", "trialing", "past_due", "unpaid", "paused", "incomplete", "canceled",
    ]

    /// Lower matters more.
    var rank: Int { Self.ranking.firstIndex(of: status) ?? Self.ranking.count }

    /// Whether it could still be cancelled.
    var isAlive: Bool { status != "canceled" && status != "incomplete_expired" }

    /// When the period that is paid for ends; the last of them when items differ.
    var periodEnd: Int? { items.data.compactMap(\.currentPeriodEnd).max() }

    /// When it ends, if that has been decided.
    var ends: Int? { endedAt ?? cancelAt ?? (cancelAtPeriodEnd ? periodEnd : nil) }

    /// In order of what matters.
    static func precedes(_ left: Subscription, _ right: Subscription) -> Bool {
        (left.rank, -left.created) < (right.rank, -right.created)
    }
}

extension Subscription.Price {
    /// `49.00 EUR / month`; nil for tiers.
    var text: String? {
        guard let unitAmount else { return nil }
        let money = Money(unitAmount, currency).text
        guard let recurring else { return money }
        let count = recurring.intervalCount
        return "\(money) / \(count == 1 ? recurring.interval : "\(count) \(recurring.interval)s")"
    }
}
