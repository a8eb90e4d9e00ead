// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// `stripe.charges`: the customer's latest charges.
struct ListCharges: Sendable {
    struct Input: Decodable, Sendable { let limit: Int? }

    struct Output: Encodable, Sendable {
        struct Line: Encodable, Sendable {
            let id: String
            let date: String
            let amount: Int
            let refundable: Int
            let currency: String
            let status: String
            let card: String?
            let description: String?
        }
        let summary: String
        let charges: [Line]
    }

    private let config: StripePlugin.Config
    private let call: Call

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
    }

    func run(_ input: Input) async throws -> Output {
        let api = StripeAPI(config, call)
        let customers = try await CustomerFinder(config, api, call.host).required(call.contact)
        let count = min(max(input.limit ?? 10, 1), 25)
        let charges = try await ChargeFinder(api, of: customers).latest(count)
        let lines = charges.map { charge in
            Output.Line(
                id: charge.id,
                date: Day.text(charge.created),
                amount: charge.amount,
                refundable: charge.refundable.amount,
                currency: charge.currency,
                status: charge.state,
                card: charge.method,
                description: charge.description
            )
        }
        return Output(summary: Self.summary(charges), charges: lines)
    }

    private static func summary(_ charges: [Charge]) -> String {
        guard let latest = charges.first else { return "There are no charges." }
        let money = Money(latest.amount, latest.currency).text
        let number = charges.count == 1 ? "One charge" : "\(charges.count) charges"
        return "\(number), the latest \(money) on \(Day.text(latest.created)) (\(latest.state))."
    }
}
