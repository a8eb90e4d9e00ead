// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Finds orders.
///
/// Shopify's search is by words, not exact (https://shopify.dev/docs/api/usage/search-syntax):
/// what it finds is compared again here. Without the scope `read_all_orders` it knows the last
/// 60 days only.
struct OrderSearch: Sendable {
    private static let pageSize = 10

    /// What every order is read with.
    private static let summary = """
        fragment Summary on Order {
          id name email createdAt cancelledAt displayFinancialStatus displayFulfillmentStatus
          totalPriceSet { presentmentMoney { amount currencyCode } }
          totalRefundedSet { presentmentMoney { amount currencyCode } }
          netPaymentSet { presentmentMoney { amount currencyCode } }
          fulfillments(first: 5) { trackingInfo(first: 5) { company number url } }
        }
        """

    private static let byEmail = """
        query MaitredOrders($query: String!, $first: Int!) {
          orders(first: $first, query: $query, sortKey: CREATED_AT, reverse: true) {
            nodes { ...Summary }
          }
          ordersCount(query: $query) { count }
        }
        """ + "\n" + summary

    private static let byName = """
        query MaitredOrder($query: String!) {
          orders(first: 10, query: $query, sortKey: CREATED_AT, reverse: true) {
            nodes {
              ...Summary
              lineItems(first: 20) { nodes { title quantity } }
              shippingAddress { firstName lastName company phone }
            }
          }
        }
        """ + "\n" + summary

    private struct Found: Decodable {
        struct Count: Decodable { let count: Int }
        let orders: Nodes<Order>
        let ordersCount: Count?
    }

    let api: ShopifyAPI

    /// The latest orders made with an address, newest first.
    func latest(of email: String, _ call: Call) async throws -> OrderHistory {
        let variables: [String: JSONValue] = [
            "query": .text("email:\(Self.quoted(email))"), "first": .integer(Self.pageSize),
        ]
        let found: Found = try await api.ask(Self.byEmail, variables, call)
        let own = found.orders.nodes.filter { $0.belongs(to: email) }
        let isWhole = found.orders.nodes.count < Self.pageSize
        let count = isWhole ? own.count : found.ordersCount?.count
        return OrderHistory(orders: own, count: count ?? own.count)
    }

    /// The order of a name, if whoever asks may know it.
    ///
    /// Agents may act on any order. For all others the order must have been made with the
    /// contact's address; one that was not is answered like one that does not exist.
    func order(named name: String, _ call: Call) async throws -> Order {
        let bare = Order.bare(name)
        guard !bare.isEmpty else { throw PluginFailure(.invalid, "the order has no name") }
        let variables: [String: JSONValue] = ["query": .text("name:\(Self.quoted(bare))")]
        let found: Found = try await api.ask(Self.byName, variables, call)
        let named = found.orders.nodes.filter { $0.isNamed(name) }
        if call.isByAgent {
            guard let order = named.first else {
                throw PluginFailure(.invalid, "Shopify has no order \(name.prefix(64))")
            }
            return order
        }
        let email = call.contact?.email
        guard let order = named.first(where: { $0.belongs(to: email) }) else {
            throw PluginFailure(
                .invalid,
                "no order \(name.prefix(64)) was made with this customer's address"
            )
        }
        return order
    }

    /// A term in quotes, in which only these two have a meaning.
    private static func quoted(_ term: String) -> String {
        let escaped = term.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}

extension Call {
    /// Whether a person of the team asked for it.
    var isByAgent: Bool { actor?.kind == "agent" }
}
