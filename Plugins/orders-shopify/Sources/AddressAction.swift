// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `shopify.update_address`: sends an order elsewhere, while it is still in the house.
struct AddressAction: Sendable {
    struct Input: Decodable, Sendable {
        let order: String
        let address1: String
        let address2: String?
        let zip: String?
        let city: String
        let provinceCode: String?
        let countryCode: String
        let firstName: String?
        let lastName: String?
        let company: String?
        let phone: String?
    }

    struct Output: Encodable, Sendable {
        let summary: String
        let order: String
        let address: String
    }

    /// Sets what it is given, so it may be repeated.
    private static let update = """
        mutation MaitredAddress($input: OrderInput!) {
          orderUpdate(input: $input) {
            order { shippingAddress { formatted(withName: false) } }
            userErrors { field message }
          }
        }
        """

    private struct Updated: Decodable {
        struct Address: Decodable { let formatted: [String] }
        struct Order: Decodable { let shippingAddress: Address? }
        struct Payload: Decodable {
            let order: Order?
            let userErrors: [UserError]
        }
        let orderUpdate: Payload
    }

    let api: ShopifyAPI
    let orders: OrderSearch

    func run(_ input: Input, _ call: Call) async throws -> Output {
        let order = try await orders.order(named: input.order, call)
        guard order.isUntouched else {
            let state = order.isCancelled ? "cancelled" : order.fulfilment
            throw PluginFailure(
                .invalid,
                "\(order.name) is \(state): its address can no longer be changed here"
            )
        }
        let variables: [String: JSONValue] = [
            "input": [
                "id": .text(order.id), "shippingAddress": input.address(for: order.shippingAddress),
            ]
        ]
        let answer: Updated = try await api.ask(Self.update, variables, call)
        let errors = answer.orderUpdate.userErrors
        guard errors.isEmpty, let updated = answer.orderUpdate.order?.shippingAddress else {
            throw PluginFailure(
                .invalid,
                "Shopify does not change the address of \(order.name): \(errors.words)"
            )
        }
        return Output(
            summary: "\(order.name) now goes to the new address.",
            order: order.name,
            address: updated.formatted.joined(separator: ", ")
        )
    }
}

extension AddressAction.Input {
    /// The whole `MailingAddressInput`: what is left out of a place is emptied, so that no part of
    /// the old one stays; who lives there stays unless it is given.
    fileprivate func address(for recipient: Order.Recipient?) -> JSONValue {
        func value(_ text: String?) -> JSONValue {
            text.flatMap { $0.isEmpty ? nil : .text($0) } ?? .null
        }
        func kept(_ given: String?, _ old: String?) -> JSONValue {
            let given = value(given)
            return given == .null ? value(old) : given
        }
        return [
            "address1": value(address1),
            "address2": value(address2),
            "zip": value(zip),
            "city": value(city),
            "provinceCode": value(provinceCode?.uppercased()),
            "countryCode": value(countryCode.uppercased()),
            "firstName": kept(firstName, recipient?.firstName),
            "lastName": kept(lastName, recipient?.lastName),
            "company": kept(company, recipient?.company),
            "phone": kept(phone, recipient?.phone),
        ]
    }
}
