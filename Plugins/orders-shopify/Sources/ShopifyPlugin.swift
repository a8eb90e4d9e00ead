// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
import MaitredPluginKit

/// Orders of a Shopify shop: facts and a panel about the contact's, and what can be done to one.
struct ShopifyPlugin: Plugin {
    struct Config: Decodable, Sendable {
        /// `https://NAME.myshopify.com`.
        let shop: String
        /// The placeholder that the host replaces, never the token itself.
        let accessToken: String
        /// In minor units of the order's currency.
        let refundLimit: Int
        /// How long a cancellation is waited for, in seconds.
        let cancelWaitS: Int
        /// `2026-04` and the like; Shopify publishes one each quarter and keeps it for a year.
        let apiVersion: String
    }

    static var manifest: [UInt8] { PackageResources.plugin_json }

    private let config: Config
    private let api: ShopifyAPI

    init(_ host: Host, config: Config) {
        self.config = config
        api = ShopifyAPI(config)
    }

    func register(_ registrar: inout Registrar) {
        let orders = OrderSearch(api: api)
        let lookup = LookupAction(orders: orders)
        let cancel = CancelAction(api: api, orders: orders, patience: .seconds(config.cancelWaitS))
        let refund = RefundAction(api: api, orders: orders, limit: config.refundLimit)
        let address = AddressAction(api: api, orders: orders)
        let panel = OrderPanel(orders: orders, shop: config.shop)
        registrar.enrich(.conversationOpened) { input, call in
            guard let email = input.contact.email, !email.isEmpty else { return nil }
            return try await orders.latest(of: email, call).facts
        }
        registrar.action("shopify.lookup", lookup.run)
        registrar.action("shopify.cancel", cancel.run)
        registrar.action("shopify.refund", refund.run)
        registrar.action("shopify.update_address", address.run)
        registrar.panel("orders", panel.draw)
        registrar.health(Health(api: api).check)
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(ShopifyPlugin.self, major)
}
