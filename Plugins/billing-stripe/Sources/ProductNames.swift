// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// What products are called.
///
/// Kept for a day: expanding a list of subscriptions as far as the product would be five levels,
/// and Stripe expands four. https://docs.stripe.com/api/expanding_objects
struct ProductNames: Sendable {
    private struct Product: Decodable, Sendable {
        let id: String
        let name: String
    }

    private static let keptFor = Duration.seconds(86_400)

    private let api: StripeAPI
    private let store: KeyValueStore

    init(_ api: StripeAPI, _ store: KeyValueStore) {
        self.api = api
        self.store = store
    }

    /// Names by id; what Stripe does not know is missing.
    func names(of ids: Set<String>) async throws -> [String: String] {
        var names: [String: String] = [:]
        for id in ids { names[id] = try await store.get("product:\(id)") }
        let missing = ids.filter { names[$0] == nil }.sorted().prefix(20)
        if missing.isEmpty { return names }
        let query = missing.enumerated().map { ("ids[\($0)]", $1) } + [("limit", "20")]
        let page: Page<Product> = try await api.get("products", query)
        for product in page.data {
            names[product.id] = product.name
            try await store.set("product:\(product.id)", to: product.name, for: Self.keptFor)
        }
        return names
    }
}
