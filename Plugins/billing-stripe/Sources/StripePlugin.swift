// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
import MaitredPluginKit

/// What Stripe knows about a contact, and what an agent may do about it there.
struct StripePlugin: Plugin {
    struct Config: Decodable, Sendable {
        /// The placeholder that the host fills in.
        let apiKey: String
        /// Without a slash at the end.
        let apiBase: String
        /// Where a customer's metadata holds the site's own id of the user.
        let metadataKey: String?
        let matchEmail: Bool
        let returnUrl: String?
        let portalConfiguration: String?
    }

    static var manifest: [UInt8] { PackageResources.plugin_json }

    private let config: Config

    init(_ host: Host, config: Config) { self.config = config }

    func register(_ registrar: inout Registrar) {
        let config = config
        registrar.enrich(.conversationOpened) { opened, call in
            try await Enrichment(config, call).facts(about: opened.contact)
        }
        registrar.panel("billing") { try await BillingPanel(config, $0).panel() }
        registrar.webhook("events") { request, call in
            try await EventReceiver(config, call).receive(request)
        }
        registrar.action("stripe.charges") { (input: ListCharges.Input, call) in
            try await ListCharges(config, call).run(input)
        }
        registrar.action("stripe.refund") { (input: RefundCharge.Input, call) in
            try await RefundCharge(config, call).run(input)
        }
        registrar.action("stripe.cancel_subscription") { (input: CancelSubscription.Input, call) in
            try await CancelSubscription(config, call).run(input)
        }
        registrar.action("stripe.update_card_link") { (_: JSONValue, call) in
            try await MakeCardLink(config, call).run()
        }
        registrar.health { try await HealthCheck(config, $0).run() }
    }
}

/// What the library exports.
@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(StripePlugin.self, major)
}
