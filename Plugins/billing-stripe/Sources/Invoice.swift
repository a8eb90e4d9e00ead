// SPDX-License-Identifier: Apache-2.0

/// An invoice; its subscription stands under `parent`, its payments under `payments` when they
/// were asked for.
struct Invoice: Decodable, Sendable {
    struct Parent: Decodable, Sendable {
        struct Details: Decodable, Sendable { let subscription: String? }
        let subscriptionDetails: Details?
    }

    struct Payment: Decodable, Sendable {
        struct Means: Decodable, Sendable {
            /// `payment_intent`, `charge`, or `payment_record` for what was paid elsewhere.
            let type: String
            let paymentIntent: String?
            let charge: String?
        }

        /// `open`, `paid` or `canceled`.
        let status: String
        let payment: Means
    }

    let id: String
    let customer: String?
    let number: String?
    let created: Int
    let currency: String
    let total: Int
    let amountRemaining: Int
    let attempted: Bool
    let attemptCount: Int
    let collectionMethod: String?
    /// `draft`, `open`, `paid`, `uncollectible` or `void`.
    let status: String?
    let parent: Parent?
    let payments: Page<Payment>?
}

extension Invoice {
    /// Whether a payment has been tried and is still owed.
    var isFailing: Bool {
        status == "open" && attempted && attemptCount > 0 && amountRemaining > 0
            && collectionMethod == "charge_automatically"
    }

    /// Whether it belongs to a subscription.
    var isRecurring: Bool { parent?.subscriptionDetails?.subscription != nil }
}
