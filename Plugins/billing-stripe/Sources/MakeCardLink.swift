// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `stripe.update_card_link`: a page of Stripe's portal on which the card is changed.
///
/// Opens at the card and leaves it only for the return address; the rest of the portal, with the
/// customer's invoices, is not for whoever holds the link.
/// https://docs.stripe.com/customer-management/portal-deep-links
struct MakeCardLink: Sendable {
    struct Output: Encodable, Sendable {
        let summary: String
        let url: String
    }

    private struct Session: Decodable, Sendable { let url: String }

    private let config: StripePlugin.Config
    private let call: Call

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
    }

    func run() async throws -> Output {
        guard let key = call.idempotencyKey else {
            throw PluginFailure(.invalid, "a link needs an idempotency key")
        }
        let api = StripeAPI(config, call)
        let customers = try await CustomerFinder(config, api, call.host).required(call.contact)
        var form = [("customer", customers[0].id), ("flow_data[type]", "payment_method_update")]
        if let address = config.returnUrl { form.append(("return_url", address)) }
        if let id = config.portalConfiguration, !id.isEmpty { form.append(("configuration", id)) }
        let session: Session = try await api.post("billing_portal/sessions", form, key: key).value()
        return Output(
            summary: "The link works for a short time only, and for whoever has it.",
            url: session.url
        )
    }
}
