// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `shopify.lookup`: one order by name, or the latest of an address.
struct LookupAction: Sendable {
    struct Input: Decodable, Sendable {
        let order: String?
        let email: String?
    }

    struct Output: Encodable, Sendable {
        var summary: String
        var order: String?
        var placed: String?
        var cancelled: String?
        var payment: String?
        var fulfilment: String?
        var total: String?
        var refunded: String?
        var tracking: String?
        var trackingUrl: String?
        var items: String?
        var otherOrders: String?
    }

    let orders: OrderSearch

    func run(_ input: Input, _ call: Call) async throws -> Output {
        if let name = input.order, !name.isEmpty {
            return Output(try await orders.order(named: name, call))
        }
        let own = call.contact?.email
        let asked = input.email.flatMap { $0.isEmpty ? nil : $0 } ?? own
        guard let email = asked, !email.isEmpty else {
            throw PluginFailure(.invalid, "neither an order nor an email address is known")
        }
        guard call.isByAgent || email.lowercased() == own?.lowercased() else {
            throw PluginFailure(.invalid, "only the customer's own orders may be looked up")
        }
        let history = try await orders.latest(of: email, call)
        guard let last = history.orders.first else {
            return Output(summary: "No orders were made with this address.")
        }
        var output = Output(last)
        let others = history.orders.dropFirst().map(\.name)
        if !others.isEmpty { output.otherOrders = others.joined(separator: ", ") }
        return output
    }
}

extension LookupAction.Output {
    fileprivate init(_ order: Order) {
        let total = order.totalPriceSet.presentmentMoney
        let refunded = order.totalRefundedSet.presentmentMoney
        let state = order.isCancelled ? "cancelled" : order.fulfilment
        summary = "\(order.name) of \(order.day): \(total), \(order.payment), \(state)."
        self.order = order.name
        placed = order.createdAt
        cancelled = order.cancelledAt
        payment = order.payment
        fulfilment = order.fulfilment
        self.total = total.description
        self.refunded = refunded.minor > 0 ? refunded.description : nil
        tracking = order.tracking
        trackingUrl = order.trackingURL
        items = order.lineItems.map { items in
            items.nodes.map { "\($0.quantity) × \($0.title)" }.joined(separator: ", ")
        }
    }
}
