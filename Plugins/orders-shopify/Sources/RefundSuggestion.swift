// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// How Shopify would refund all that is left of an order.
struct RefundSuggestion: Decodable, Sendable {
    /// A payment that money can go back to.
    struct Transaction: Decodable, Sendable {
        struct Parent: Decodable, Sendable { let id: String }
        let gateway: String?
        let parentTransaction: Parent?
        let amountSet: MoneyBag
        let maximumRefundableSet: MoneyBag?
    }

    struct Item: Decodable, Sendable {
        struct Reference: Decodable, Sendable { let id: String }
        let lineItem: Reference
        let quantity: Int
        let restockType: String
        let location: Reference?
    }

    struct Shipping: Decodable, Sendable { let amountSet: MoneyBag }

    let amountSet: MoneyBag
    let suggestedTransactions: [Transaction]
    let refundLineItems: [Item]
    let shipping: Shipping?

    private static let document = """
        query MaitredRefundable($id: ID!) {
          order(id: $id) {
            suggestedRefund(suggestFullRefund: true) {
              amountSet { presentmentMoney { amount currencyCode } }
              suggestedTransactions {
                gateway
                parentTransaction { id }
                amountSet { presentmentMoney { amount currencyCode } }
                maximumRefundableSet { presentmentMoney { amount currencyCode } }
              }
              refundLineItems { lineItem { id } quantity restockType location { id } }
              shipping { amountSet { presentmentMoney { amount currencyCode } } }
            }
          }
        }
        """

    private struct Answer: Decodable {
        struct Order: Decodable { let suggestedRefund: RefundSuggestion? }
        let order: Order?
    }

    init(for order: Order, _ api: ShopifyAPI, _ call: Call) async throws {
        let variables: [String: JSONValue] = ["id": .text(order.id)]
        let answer: Answer = try await api.ask(Self.document, variables, call)
        guard let suggestion = answer.order?.suggestedRefund else {
            throw PluginFailure(.invalid, "nothing of \(order.name) can be refunded")
        }
        self = suggestion
    }
}
