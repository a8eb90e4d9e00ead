// SPDX-License-Identifier: Apache-2.0

/// A record of HubSpot's, with the properties that were asked for: it sends no others.
struct CRMObject: Decodable, Sendable {
    let id: String
    /// All values are texts, or null; dates are `2027-03-01`, times ISO 8601.
    let properties: [String: String?]
    let associations: [String: Associated]?

    struct Associated: Decodable, Sendable {
        struct Other: Decodable, Sendable { let id: String }
        let results: [Other]
    }

    /// A property's value, unless it is empty.
    subscript(name: String) -> String? {
        guard !name.isEmpty, let value = properties[name] ?? nil, !value.isEmpty else { return nil }
        return value
    }
}

/// A page of records.
struct CRMObjects: Decodable, Sendable {
    let results: [CRMObject]
}

/// A user of the account.
struct CRMOwner: Decodable, Sendable {
    let firstName: String?
    let lastName: String?
    let email: String?

    /// The name, or the address of a user without one.
    var displayName: String? {
        let name = [firstName, lastName].compactMap { $0 }.filter { !$0.isEmpty }
        return name.isEmpty ? email : name.joined(separator: " ")
    }
}

/// The account that the token belongs to; kept in the store as JSON.
struct CRMAccount: Codable, Sendable {
    let portalId: Int
    /// `app.hubspot.com`, or that of another region.
    let uiDomain: String

    /// Where people see a contact; 0-1 is the type of contacts.
    func page(ofContact id: String) -> String {
        "https://\(uiDomain)/contacts/\(portalId)/record/0-1/\(id)"
    }
}
