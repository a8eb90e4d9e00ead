// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// What an agent sees of a customer's billing, and the buttons for doing something about it.
struct BillingPanel: Sendable {
    private static let invoiceCount = 6

    private let config: StripePlugin.Config
    private let call: Call

    init(_ config: StripePlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
    }

    func panel() async throws -> Panel {
        let api = StripeAPI(config, call)
        let finder = CustomerFinder(config, api, call.host)
        let customers = try await finder.customers(of: call.contact)
        guard let customer = customers.first else {
            return Panel([.text("Stripe has no customer for this contact.")])
        }
        let account = await AccountReader(api, call).read(customers, invoices: Self.invoiceCount)
        var blocks = Self.badges(account)
        blocks.append(.fields(Self.fields(account)))
        if let invoices = account.invoices, !invoices.isEmpty {
            blocks.append(
                .table(
                    columns: ["Invoice", "Date", "Amount", "Status", "For"],
                    rows: invoices.map(Self.row)
                )
            )
        }
        if account.isPartial {
            blocks.append(.text("Stripe has not said everything; the server's log has the reason."))
        }
        blocks += Self.buttons(account)
        blocks.append(.link("Open in Stripe", url: Self.dashboard(customer)))
        return Panel(blocks)
    }

    private static func badges(_ account: Account) -> [Panel.Block] {
        var blocks: [Panel.Block] = []
        if let subscription = account.subscription {
            blocks.append(.badge(subscription.status, tone(subscription)))
        } else if account.subscriptions != nil {
            blocks.append(.badge("no subscription", .neutral))
        }
        if let payment = account.failedPayments?.first {
            blocks.append(.badge("Payment failed: \(payment.text)", .bad))
        }
        return blocks
    }

    private static func tone(_ subscription: Subscription) -> Panel.Tone {
        switch subscription.status {
        case "active": subscription.ends == nil ? .good : .warning
        case "trialing": .neutral
        case "past_due", "unpaid", "incomplete": .bad
        default: .warning
        }
    }

    private static func fields(_ account: Account) -> [(String, String)] {
        var fields: [(String, String)] = []
        for subscription in account.subscriptions?.prefix(3) ?? [] {
            fields.append(("Plan", plan(subscription, account)))
            if subscription.status == "trialing", let end = subscription.trialEnd {
                fields.append(("Trial ends", Day.text(end)))
            }
            if let end = subscription.ends {
                fields.append((subscription.isAlive ? "Ends" : "Ended", Day.text(end)))
            } else if let end = subscription.periodEnd {
                fields.append(("Renews", Day.text(end)))
            }
        }
        if let value = account.lifetimeValue {
            let least = account.charges?.hasMore == true ? "at least " : ""
            let sums = value.isEmpty ? "nothing yet" : value.map(\.text).joined(separator: " + ")
            fields.append(("Lifetime value", least + sums))
        }
        if let since = account.customers.map(\.created).min() {
            fields.append(("Customer since", Day.text(since)))
        }
        return fields
    }

    /// `Business (25 × 49.00 EUR / month)`.
    private static func plan(_ subscription: Subscription, _ account: Account) -> String {
        let name = account.plan(of: subscription)
        let prices = subscription.items.data.compactMap { item in
            item.price.text.map { text in
                item.quantity.map { $0 > 1 ? "\($0) × \(text)" : text } ?? text
            }
        }
        return prices.isEmpty ? name : "\(name) (\(prices.joined(separator: " + ")))"
    }

    private static func row(_ invoice: Invoice) -> [String] {
        [
            invoice.number ?? invoice.id,
            Day.text(invoice.created),
            Money(invoice.total, invoice.currency).text,
            invoice.isFailing ? "payment failed" : invoice.status ?? "",
            invoice.isRecurring ? "subscription" : "one-off",
        ]
    }

    /// The amount is filled in, so that the operator's limit can be held against it.
    private static func buttons(_ account: Account) -> [Panel.Block] {
        var blocks: [Panel.Block] = []
        if let charge = account.charges?.list.first(where: { $0.refundable.amount > 0 }) {
            let title = "Refund \(charge.refundable.text) of \(Day.text(charge.created))"
            let input: [String: JSONValue] = [
                "payment": .text(charge.id), "amount": .integer(charge.refundable.amount),
            ]
            blocks.append(.button(title, action: "stripe.refund", input: input))
        }
        for subscription in account.subscriptions?.prefix(3) ?? []
        where subscription.isAlive && subscription.ends == nil {
            blocks.append(
                .button(
                    "Cancel \(account.plan(of: subscription))",
                    action: "stripe.cancel_subscription",
                    input: ["subscription": .text(subscription.id), "at_period_end": true]
                )
            )
        }
        let link = "stripe.update_card_link"
        return blocks + [.button("Link to change the card", action: link, input: [:])]
    }

    private static func dashboard(_ customer: Customer) -> String {
        let mode = customer.livemode ? "" : "test/"
        return "https://dashboard.stripe.com/\(mode)customers/\(customer.id)"
    }
}
