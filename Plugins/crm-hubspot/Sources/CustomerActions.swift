// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What agents and workflows may have done in HubSpot.
struct CustomerActions: Sendable {
    let lookup: CustomerLookup

    struct NewContact: Decodable, Sendable {
        let email: String
        let firstName: String?
        let lastName: String?
        let company: String?
    }

    struct ContactAdded: Encodable, Sendable {
        let summary: String
        let contactId: String
        let created: Bool
        let url: String?
    }

    /// Adds a contact; that HubSpot has the address already is no failure.
    @Sendable func createContact(_ input: NewContact, _ call: Call) async throws -> ContactAdded {
        let named = [
            ("email", input.email.lowercased()), ("firstname", input.firstName),
            ("lastname", input.lastName), (lookup.config.companyProperty, input.company),
        ]
        var properties: [String: String] = [:]
        for (name, value) in named {
            if let value, !value.isEmpty, !name.isEmpty { properties[name] = value }
        }
        let (id, created) =
            switch try await lookup.api.create(contact: properties, call) {
            case .created(let id): (id, true)
            case .exists(let id): (id, false)
            }
        return ContactAdded(
            summary: created
                ? "The contact is in HubSpot now." : "HubSpot has the contact already.",
            contactId: id,
            created: created,
            url: await lookup.page(ofContact: id, call)
        )
    }

    struct NewNote: Decodable, Sendable {
        let text: String
        let email: String?
    }

    struct NoteWritten: Encodable, Sendable {
        let summary: String
        let noteId: String
        let contactId: String
        let url: String?
    }

    /// Writes a note on a contact's timeline, the conversation's unless an address is given.
    @Sendable func writeNote(_ input: NewNote, _ call: Call) async throws -> NoteWritten {
        let given = input.email.flatMap { $0.isEmpty ? nil : $0 }
        guard let email = given ?? call.contact?.email, !email.isEmpty else {
            throw PluginFailure(.invalid, "the contact's email address is not known")
        }
        guard let contact = try await lookup.contact(email, call) else {
            throw PluginFailure(.invalid, "the contact is not in HubSpot; add it first")
        }
        let note = try await NoteWriter(api: lookup.api).write(
            HTML.signed(input.text, by: call.actor?.name),
            on: contact.id,
            at: Int(call.host.now.timeIntervalSince1970 * 1000),
            once: call.idempotencyKey.map { "action/\($0)" },
            call
        )
        return NoteWritten(
            summary: "The note is on the contact's timeline in HubSpot.",
            noteId: note,
            contactId: contact.id,
            url: await lookup.page(ofContact: contact.id, call)
        )
    }
}
