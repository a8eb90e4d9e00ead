// SPDX-License-Identifier: Apache-2.0

/// An order, as far as this plugin reads it.
struct Order: Decodable, Sendable {
    struct Fulfillment: Decodable, Sendable { let trackingInfo: [Tracking] }

    struct Tracking: Decodable, Sendable {
        let company: String?
        let number: String?
        let url: String?
    }

    struct Item: Decodable, Sendable {
        let title: String
        let quantity: Int
    }

    /// Who a delivery is for; the rest of an address is only ever written.
    struct Recipient: Decodable, Sendable {
        let firstName: String?
        let lastName: String?
        let company: String?
        let phone: String?
    }

    /// `gid://shopify/Order/1`.
    let id: String
    /// What customers know it by: `#1001`.
    let name: String
    let email: String?
    let createdAt: String
    let cancelledAt: String?
    let displayFinancialStatus: String?
    let displayFulfillmentStatus: String
    /// What was ordered, before refunds.
    let totalPriceSet: MoneyBag
    let totalRefundedSet: MoneyBag
    /// What the shop has of it: received less refunded.
    let netPaymentSet: MoneyBag
    let fulfillments: [Fulfillment]
    /// Read only for a single order.
    let lineItems: Nodes<Item>?
    /// Read only for a single order.
    let shippingAddress: Recipient?
}

extension Order {
    var isCancelled: Bool { cancelledAt != nil }

    /// Whether nothing of it has been handed to anyone who would deliver it elsewhere.
    ///
    /// A request that a fulfilment service has taken (`IN_PROGRESS`) carries its own copy of the
    /// address.
    var isUntouched: Bool {
        !isCancelled
            && ["UNFULFILLED", "OPEN", "ON_HOLD", "SCHEDULED"].contains(displayFulfillmentStatus)
    }

    /// `PARTIALLY_REFUNDED` as `partially refunded`.
    var payment: String { Self.words(displayFinancialStatus ?? "UNKNOWN") }
    var fulfilment: String { Self.words(displayFulfillmentStatus) }

    private static func words(_ status: String) -> String {
        status.lowercased().replacing("_", with: " ")
    }

    /// The day, in the shop's time zone.
    var day: String { String(createdAt.prefix(10)) }

    private var parcel: Tracking? {
        fulfillments.flatMap(\.trackingInfo).last { $0.number != nil || $0.url != nil }
    }

    /// The latest parcel: `DHL 00340`.
    var tracking: String? {
        guard let number = parcel?.number else { return nil }
        return parcel?.company.map { "\($0) \(number)" } ?? number
    }

    var trackingURL: String? { parcel?.url }

    /// Whether it was ordered with an address; case does not count.
    func belongs(to address: String?) -> Bool {
        guard let email, let address, !address.isEmpty else { return false }
        return email.lowercased() == address.lowercased()
    }

    /// Whether it goes by a name; the sign in front and case do not count.
    func isNamed(_ text: String) -> Bool { Self.bare(name) == Self.bare(text) }

    /// A name without the blanks and the sign that people write or leave out.
    static func bare(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace && $0 != "#" }
    }
}
