// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// What someone has ordered.
struct OrderHistory: Sendable {
    /// The latest, newest first.
    let orders: [Order]
    /// How many there are in all, as far as the access token reaches back.
    let count: Int

    /// The last order, for triage and the agent; nil without one.
    var facts: Facts? {
        guard let last = orders.first else { return nil }
        var facts = Facts(title: "Shopify")
        facts["last_order"] = .text(last.name)
        facts["payment"] = .text(last.payment)
        facts["fulfilment"] = .text(last.isCancelled ? "cancelled" : last.fulfilment)
        facts["total"] = .text(last.totalPriceSet.presentmentMoney.description)
        facts["tracking"] = last.tracking.map { .text($0) }
        facts["tracking_url"] = last.trackingURL.map { .text($0) }
        facts["ordered"] = .text(last.day)
        facts["orders"] = .integer(count)
        return facts
    }
}
