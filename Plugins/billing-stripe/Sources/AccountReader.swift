// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Asks Stripe for what an ``Account`` holds, everything at once.
///
/// What cannot be had is left out: facts without the lifetime value are better than none.
struct AccountReader: Sendable {
    /// The host takes 700 kB of a response, and a charge may have several.
    private static let chargesPerPage = 50
    /// Of charges, for each customer.
    private static let pages = 4
    private static let openLimit = 10

    private let api: StripeAPI
    private let call: Call

    init(_ api: StripeAPI, _ call: Call) {
        self.api = api
        self.call = call
    }

    /// - Parameters:
    ///   - customers: Who it is about.
    ///   - invoices: How many of the latest invoices are wanted.
    /// - Returns: What Stripe has said.
    func read(_ customers: [Customer], invoices: Int = 0) async -> Account {
        async let subscribed = subscriptions(of: customers)
        async let open = openInvoices(of: customers)
        async let charged = charges(of: customers)
        async let latest = latestInvoices(of: customers, invoices)
        async let told = part("flags") {
            try await FailureFlags(store: call.store).payments(of: customers.map(\.id))
        }
        let (subscriptions, names) = await subscribed
        let charges = await charged
        return Account(
            customers: customers,
            subscriptions: subscriptions,
            productNames: names,
            failedPayments: Self.failed(await open, told: await told ?? [], charges?.list ?? []),
            charges: charges,
            invoices: await latest
        )
    }

    private func subscriptions(
        of customers: [Customer]
    ) async -> (list: [Subscription]?, names: [String: String]) {
        var found: [Subscription]? = customers.flatMap { $0.subscriptions?.data ?? [] }
        if found?.isEmpty == true {
            found = await part("subscriptions") {
                try await list("subscriptions", customers, [("status", "all"), ("limit", "5")])
                    .flatMap(\.data)
            }
        }
        let sorted = found?.sorted(by: Subscription.precedes)
        let products = Set((sorted ?? []).flatMap { $0.items.data.map(\.price.product) })
        let names = await part("products") {
            try await ProductNames(api, call.store).names(of: products)
        }
        return (sorted, names ?? [:])
    }

    private func openInvoices(of customers: [Customer]) async -> [Page<Invoice>]? {
        await part("open invoices") {
            let filter = [("status", "open"), ("limit", String(Self.openLimit))]
            return try await list("invoices", customers, filter)
        }
    }

    private func latestInvoices(of customers: [Customer], _ count: Int) async -> [Invoice]? {
        if count == 0 { return nil }
        return await part("invoices") {
            let pages: [Page<Invoice>] = try await list(
                "invoices",
                customers,
                [("limit", String(count))]
            )
            return Array(pages.flatMap(\.data).sorted { $0.created > $1.created }.prefix(count))
        }
    }

    private func charges(of customers: [Customer]) async -> Account.Charges? {
        await part("charges") {
            let pages = try await withThrowingTaskGroup(of: Page<Charge>.self) { group in
                for customer in customers {
                    group.addTask { try await charges(of: customer) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            return Account.Charges(
                list: pages.flatMap(\.data).sorted { $0.created > $1.created },
                hasMore: pages.contains { $0.hasMore == true }
            )
        }
    }

    /// As many pages as there are, or as there is time for, as one.
    private func charges(of customer: Customer) async throws -> Page<Charge> {
        var query = [("customer", customer.id), ("limit", String(Self.chargesPerPage))]
        let first: Page<Charge> = try await api.get("charges", query)
        var (list, hasMore) = (first.data, first.hasMore == true)
        for _ in 1..<Self.pages where hasMore {
            guard let last = list.last else { break }
            query = Array(query.prefix(2)) + [("starting_after", last.id)]
            guard let next = try? await api.get("charges", query) as Page<Charge> else { break }
            list += next.data
            hasMore = next.hasMore == true
        }
        return Page(data: list, hasMore: hasMore)
    }

    /// What is owed, from what Stripe says now; from what it has told earlier when it says nothing.
    ///
    /// An invoice does not say when or why its payment failed. An event says when, and a failed
    /// charge of the same amount says both.
    private static func failed(
        _ open: [Page<Invoice>]?,
        told: [FailedPayment],
        _ charges: [Charge]
    ) -> [FailedPayment]? {
        guard let open else { return told.isEmpty ? nil : told }
        var payments = open.flatMap(\.data).filter(\.isFailing).map { invoice in
            let charge = charges.first {
                $0.status == "failed" && $0.created >= invoice.created
                    && $0.amount == invoice.amountRemaining && $0.currency == invoice.currency
            }
            let event = told.first { $0.invoice == invoice.id }
            return FailedPayment(
                invoice: invoice.id,
                amount: invoice.amountRemaining,
                currency: invoice.currency,
                at: charge?.created ?? event?.at ?? invoice.created,
                reason: charge?.failureCode
            )
        }
        if open.contains(where: { $0.hasMore == true }) {
            payments += told.filter { one in !payments.contains { $0.invoice == one.invoice } }
        }
        return payments.sorted { $0.at > $1.at }
    }

    /// A list of each customer.
    private func list<Element: Decodable & Sendable>(
        _ path: String,
        _ customers: [Customer],
        _ filter: [(String, String)]
    ) async throws -> [Page<Element>] {
        try await withThrowingTaskGroup(of: Page<Element>.self) { group in
            for customer in customers {
                group.addTask { try await api.get(path, [("customer", customer.id)] + filter) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func part<Value>(
        _ name: String,
        _ work: () async throws -> Value
    ) async -> Value? {
        do {
            return try await work()
        } catch let failure as PluginFailure {
            let level: Host.LogLevel = failure.kind == .temporary ? .info : .warning
            let facts = ["part": name, "reason": failure.description]
            call.host.log(level, "a part of the account is missing", facts)
            return nil
        } catch {
            return nil
        }
    }
}
