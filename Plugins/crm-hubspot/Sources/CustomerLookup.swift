// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds what HubSpot knows of a contact: the record, its company, its owner's name.
struct CustomerLookup: Sendable {
    let api: HubSpotAPI
    let config: HubSpotPlugin.Config

    private static let cachedFor = Duration.seconds(3600)

    /// The customer with an address; nil when HubSpot has none.
    ///
    /// Costs two requests one after the other, three when the search does not know the address.
    /// Without the company or the owner the rest is still an answer.
    func customer(_ email: String, _ call: Call) async throws -> Customer? {
        guard let contact = try await contact(email, call) else { return nil }
        async let company = company(of: contact, call)
        async let contactOwner = owner(contact[config.ownerProperty], call)
        let found = await (company: company, owner: contactOwner)
        var name = found.owner
        if contact[config.ownerProperty] == nil {
            name = await owner(found.company?[config.ownerProperty], call)
        }
        return Customer(contact: contact, company: found.company, owner: name)
    }

    /// The contact alone.
    func contact(_ email: String, _ call: Call) async throws -> CRMObject? {
        let own = ["email", "firstname", "lastname", "associatedcompanyid", config.companyProperty]
        return try await api.contact(email: email, properties: names(own + shared), call)
    }

    /// Where people see a contact in HubSpot; nil when that cannot be found out now.
    func page(ofContact id: String, _ call: Call) async -> String? {
        do {
            return try await account(call).page(ofContact: id)
        } catch {
            warn("the account cannot be read", error, call)
            return nil
        }
    }

    /// Properties that may stand on the contact or on its company.
    private var shared: [String] {
        [
            config.tierProperty, config.ownerProperty, config.renewalProperty,
            config.lifecycleProperty,
        ] + config.extraProperties
    }

    private func names(_ list: [String]) -> [String] {
        list.reduce(into: []) { names, name in
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
    }

    /// HubSpot keeps the primary company's id in a property of the contact.
    private func company(of contact: CRMObject, _ call: Call) async -> CRMObject? {
        guard !config.companyNameProperty.isEmpty, let id = contact["associatedcompanyid"] else {
            return nil
        }
        do {
            let properties = names([config.companyNameProperty] + shared)
            return try await api.company(id, properties: properties, call)
        } catch {
            warn("the company cannot be read", error, call)
            return nil
        }
    }

    /// An owner's name, from the store when it is there.
    ///
    /// That there is none is kept as well.
    private func owner(_ id: String?, _ call: Call) async -> String? {
        guard let id else { return nil }
        let key = "owner/\(id.prefix(40))"
        do {
            if let kept = try await call.store.get(key) { return kept.isEmpty ? nil : kept }
            let name = try await api.owner(id, call)?.displayName
            try await call.store.set(key, to: name ?? "", for: Self.cachedFor)
            return name
        } catch {
            warn("the owner cannot be read", error, call)
            return nil
        }
    }

    private func account(_ call: Call) async throws -> CRMAccount {
        if let kept = try await call.store.get("account"),
            let account = try? JSONDecoder().decode(CRMAccount.self, from: Data(kept.utf8))
        {
            return account
        }
        let account = try await api.account(call)
        let json = String(decoding: try JSONEncoder().encode(account), as: UTF8.self)
        try await call.store.set("account", to: json, for: Self.cachedFor)
        return account
    }

    private func warn(_ message: String, _ error: any Error, _ call: Call) {
        call.host.log(.warning, message, ["reason": "\(error)"])
    }
}
