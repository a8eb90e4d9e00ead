// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Finds out who a contact is at Stripe.
struct CustomerFinder: Sendable {
    /// Payment links make a customer of every purchase, so one person may be several.
    private static let limit = 4
    /// Spares asking for subscriptions once more.
    private static let expansion = ("expand[0]", "data.subscriptions")

    private let config: StripePlugin.Config
    private let api: StripeAPI
    private let host: Host

    init(_ config: StripePlugin.Config, _ api: StripeAPI, _ host: Host) {
        self.config = config
        self.api = api
        self.host = host
    }

    /// The contact's customers, at least one, the one that matters most first; for actions.
    /// - Throws: ``PluginFailure`` when there is none.
    func required(_ contact: Contact?) async throws -> [Customer] {
        let customers = try await customers(of: contact, strictly: true)
        guard customers.isEmpty else { return customers }
        throw PluginFailure(.invalid, "Stripe has no customer for this contact")
    }

    /// The contact's customers, the one that matters most first; none when nothing matches.
    ///
    /// The site's own id counts more than an address, which a visitor may merely have typed. Both
    /// are looked up at once, because the hook has no time for one after the other.
    ///
    /// - Parameters:
    ///   - contact: Whom to find.
    ///   - strictly: Not to make do with the address while the id cannot be searched.
    /// - Returns: At most four.
    /// - Throws: ``PluginFailure`` when Stripe cannot be asked.
    func customers(of contact: Contact?, strictly: Bool = false) async throws -> [Customer] {
        let email = config.matchEmail ? contact?.email : nil
        let externalID = config.metadataKey?.isEmpty == false ? contact?.externalId : nil
        async let known = find(externalID, withExternalID)
        async let addressed = find(email, withEmail)
        let (byID, byEmail) = await (known, addressed)
        if strictly { _ = try byID.get() }
        if case .success(let found) = byID, !found.isEmpty { return inOrder(found) }
        let found = try byEmail.get()
        // Search may be out of order while lists are not.
        if found.isEmpty { return inOrder(try byID.get()) }
        return inOrder(found)
    }

    private func find(
        _ value: String?,
        _ search: (String) async throws -> [Customer]
    ) async -> Result<[Customer], any Error> {
        guard let value, !value.isEmpty else { return .success([]) }
        do {
            return .success(try await search(value))
        } catch {
            return .failure(error)
        }
    }

    private func withExternalID(_ id: String) async throws -> [Customer] {
        let key = config.metadataKey ?? ""
        return try await search("metadata[\(Self.quoted(key))]:\(Self.quoted(id))")
    }

    /// The list compares the case of letters and is up to date, search is neither.
    /// https://docs.stripe.com/api/customers/list
    private func withEmail(_ email: String) async throws -> [Customer] {
        async let asWritten = list(email)
        let lower = email.lowercased()
        async let inLowerCase = lower == email ? [] : list(lower)
        let found = try await asWritten + inLowerCase
        if !found.isEmpty { return found }
        do {
            return try await search("email:\(Self.quoted(email))")
        } catch let failure as PluginFailure {
            // Nobody was found; that search would not have found anybody else is no worse.
            host.log(.info, "customers could not be searched", ["kind": "\(failure.kind)"])
            return []
        }
    }

    private func list(_ email: String) async throws -> [Customer] {
        try await page("customers", ("email", email))
    }

    /// What has changed in the last minute may be missing; merchants in India have no search.
    /// https://docs.stripe.com/search#data-freshness
    private func search(_ query: String) async throws -> [Customer] {
        try await page("customers/search", ("query", query))
    }

    private func page(_ path: String, _ filter: (String, String)) async throws -> [Customer] {
        do {
            let page: Page<Customer> = try await api.get(
                path,
                [filter, ("limit", String(Self.limit)), Self.expansion]
            )
            return page.data
        } catch let failure as PluginFailure where failure.kind == .invalid {
            // Stripe repeats the value in the message, which must not get any further.
            host.log(.info, "Stripe does not look up such a value")
            return []
        }
    }

    private func inOrder(_ customers: [Customer]) -> [Customer] {
        func rank(_ customer: Customer) -> Int {
            customer.subscriptions?.data.map(\.rank).min() ?? Int.max
        }
        let alive = customers.filter { $0.deleted != true }
        let sorted = alive.sorted { (rank($0), -$0.created) < (rank($1), -$1.created) }
        return Array(sorted.prefix(Self.limit))
    }

    /// A value of Stripe's search language.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
