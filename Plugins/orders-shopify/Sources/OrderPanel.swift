// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// The panel `orders`: the contact's latest orders, with what can be done to each.
struct OrderPanel: Sendable {
    private static let rowLimit = 5

    let orders: OrderSearch
    let shop: String

    func draw(_ call: Call) async throws -> Panel {
        guard let email = call.contact?.email, !email.isEmpty else {
            return Panel([.text("Orders appear once the customer's email address is known.")])
        }
        let history = try await orders.latest(of: email, call)
        guard !history.orders.isEmpty else {
            return Panel([.text("No orders were made with this address.")])
        }
        let shown = history.orders.prefix(Self.rowLimit)
        var blocks: [Panel.Block] = [
            .table(
                columns: ["Order", "Date", "Total", "Payment", "Fulfilment", "Tracking"],
                rows: shown.map(Self.row)
            )
        ]
        if history.count > shown.count {
            blocks.append(.text("The latest \(shown.count) of \(history.count) orders."))
        }
        for order in shown { blocks += self.blocks(for: order) }
        return Panel(blocks)
    }

    private static func row(_ order: Order) -> [String] {
        [
            order.name, order.day, order.totalPriceSet.presentmentMoney.description, order.payment,
            order.isCancelled ? "cancelled" : order.fulfilment, order.tracking ?? "",
        ]
    }

    /// Only what Shopify is likely to let happen; it has the last word.
    private func blocks(for order: Order) -> [Panel.Block] {
        let name = JSONValue.text(order.name)
        let paid = order.netPaymentSet.presentmentMoney
        var blocks: [Panel.Block] = [.divider, .link("Open \(order.name)", url: url(of: order))]
        if let url = order.trackingURL { blocks.append(.link("Track \(order.name)", url: url)) }
        if paid.minor > 0 {
            let input: [String: JSONValue] = ["order": name, "amount": .integer(paid.minor)]
            blocks.append(
                .button("Refund \(order.name)", action: "shopify.refund", input: input)
            )
        }
        if order.isUntouched {
            blocks += [
                .button("Cancel \(order.name)", action: "shopify.cancel", input: ["order": name]),
                .button(
                    "Change the address of \(order.name)",
                    action: "shopify.update_address",
                    input: ["order": name]
                ),
            ]
        }
        return blocks
    }

    /// In the shop's admin, which knows orders by the number at the end of the id.
    private func url(of order: Order) -> String {
        let number = order.id.split(separator: "/").last ?? ""
        return "\(shop)/admin/orders/\(number)"
    }
}
