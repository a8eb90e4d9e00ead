// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Whether the shop can be asked, with what this plugin needs.
struct Health: Sendable {
    private static let scopes = ["read_orders", "write_orders"]
    private static let document = """
        query MaitredHealth { currentAppInstallation { accessScopes { handle } } }
        """

    let api: ShopifyAPI

    private struct Answer: Decodable {
        struct Installation: Decodable { let accessScopes: [Scope] }
        struct Scope: Decodable { let handle: String }
        let currentAppInstallation: Installation
    }

    /// Shopify answers an API version that it no longer keeps with the oldest it does, and says
    /// so only in a header (https://shopify.dev/docs/api/usage/versioning).
    func check(_ call: Call) async throws {
        let response = try await api.send(Self.document, [:], call)
        let answer: Answer = try ShopifyAPI.data(in: response)
        let granted = Set(answer.currentAppInstallation.accessScopes.map(\.handle))
        // A scope to write includes the one to read.
        let implied = granted.filter { $0.hasPrefix("write_") }
            .map { "read_" + $0.dropFirst("write_".count) }
        let missing = Self.scopes.filter { !granted.union(implied).contains($0) }
        guard missing.isEmpty else {
            throw PluginFailure(
                .failed,
                "the access token lacks \(missing.joined(separator: " and "))"
            )
        }
        if let used = response.headers["x-shopify-api-version"], used != api.version {
            let fields = ["api_version": api.version, "answered": used]
            call.host.log(.warning, "Shopify answers in another API version", fields)
        }
    }
}
