// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a refund sends to Shopify, the same however often it is sent.
struct RefundPlan: Codable, Sendable {
    /// How long Shopify knows an idempotency key.
    static let memory = Duration.seconds(86_400)

    /// In minor units.
    let amount: Int
    let currency: String
    /// The mutation's `RefundInput`.
    let input: JSONValue

    var money: Money { Money(minor: amount, currency: currency) }

    /// Decides what goes back to which payment.
    ///
    /// All of it takes the items and the shipping with it, so that nothing is sent out that has
    /// been refunded. Less than that is money only.
    init(
        _ wish: RefundAction.Input,
        of order: Order,
        by suggestion: RefundSuggestion
    ) throws {
        // What payments can take back, which is less than the suggestion when some cannot.
        let whole = suggestion.suggestedTransactions.map(\.amountSet.presentmentMoney.minor)
            .reduce(0, +)
        currency = suggestion.amountSet.presentmentMoney.currency
        amount = wish.amount ?? whole
        guard amount > 0 else {
            throw PluginFailure(.invalid, "nothing of \(order.name) is left to refund")
        }
        let isWhole = amount == whole
        var members: [String: JSONValue] = [
            "orderId": .text(order.id),
            "currency": .text(currency),
            "notify": .bool(wish.notify ?? true),
            "transactions": .array(
                try isWhole
                    ? Self.whole(of: order, suggestion)
                    : Self.part(Money(minor: amount, currency: currency), of: order, suggestion)
            ),
        ]
        if let note = wish.note, !note.isEmpty { members["note"] = .text(note) }
        if isWhole {
            let restocks = wish.restock ?? false
            members["refundLineItems"] = .array(
                suggestion.refundLineItems.map { Self.item($0, restocks: restocks) }
            )
            if let shipping = suggestion.shipping?.amountSet.presentmentMoney, shipping.minor > 0 {
                members["shipping"] = ["fullRefund": true]
            }
        }
        input = .object(members)
    }

    private static func whole(
        of order: Order,
        _ suggestion: RefundSuggestion
    ) -> [JSONValue] {
        suggestion.suggestedTransactions.compactMap { transaction in
            let share = transaction.amountSet.presentmentMoney
            return share.minor > 0 ? self.transaction(transaction, share, of: order) : nil
        }
    }

    /// Takes the amount from the payments in their order, from each as much as it has left.
    private static func part(
        _ money: Money,
        of order: Order,
        _ suggestion: RefundSuggestion
    ) throws -> [JSONValue] {
        var rest = money.minor
        var parts: [JSONValue] = []
        var most = 0
        for transaction in suggestion.suggestedTransactions {
            let left = (transaction.maximumRefundableSet ?? transaction.amountSet).presentmentMoney
            most += left.minor
            let share = Money(minor: min(rest, left.minor), currency: money.currency)
            guard share.minor > 0 else { continue }
            parts.append(self.transaction(transaction, share, of: order))
            rest -= share.minor
        }
        guard rest == 0 else {
            let left = Money(minor: most, currency: money.currency)
            throw PluginFailure(.invalid, "\(order.name) has \(left) left to refund, not \(money)")
        }
        return parts
    }

    private static func transaction(
        _ transaction: RefundSuggestion.Transaction,
        _ share: Money,
        of order: Order
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "orderId": .text(order.id), "kind": "REFUND", "amount": .text(share.decimal),
        ]
        members["gateway"] = transaction.gateway.map { .text($0) }
        members["parentId"] = transaction.parentTransaction.map { .text($0.id) }
        return .object(members)
    }

    private static func item(_ item: RefundSuggestion.Item, restocks: Bool) -> JSONValue {
        var members: [String: JSONValue] = [
            "lineItemId": .text(item.lineItem.id), "quantity": .integer(item.quantity),
            "restockType": "NO_RESTOCK",
        ]
        // Restocking wants a place; without one Shopify refuses.
        if restocks, let location = item.location {
            members["restockType"] = .text(item.restockType)
            members["locationId"] = .text(location.id)
        }
        return .object(members)
    }
}

extension RefundPlan {
    /// As it is kept.
    var text: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    init(kept text: String) throws {
        self = try JSONDecoder().decode(RefundPlan.self, from: Data(text.utf8))
    }
}
