// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// What stands beside a conversation.
struct CustomerPanel: Sendable {
    let lookup: CustomerLookup

    /// The internal names of the stages that every account begins with; those an account adds are
    /// numbers and stay as they are.
    private static let stages = [
        "subscriber": "Subscriber", "lead": "Lead",
        "marketingqualifiedlead": "Marketing qualified lead",
        "salesqualifiedlead": "Sales qualified lead", "opportunity": "Opportunity",
        "customer": "Customer", "evangelist": "Evangelist", "other": "Other",
    ]

    func draw(_ call: Call) async throws -> Panel {
        guard let email = call.contact?.email, !email.isEmpty else {
            return Panel([.text("The contact's email address is not known yet.")])
        }
        guard let customer = try await lookup.customer(email, call) else {
            return Panel([
                .text("Not in HubSpot."),
                .button(
                    "Add to HubSpot",
                    action: "hubspot.create_contact",
                    input: newContact(email, call.contact?.name)
                ),
            ])
        }
        var fields = customer.values(lookup.config).map { name, value in
            (Self.title(name), name == "lifecycle" ? Self.stages[value] ?? value : value)
        }
        if let name = customer.name { fields.insert(("Name", name), at: 0) }
        var blocks: [Panel.Block] = fields.isEmpty ? [] : [.fields(fields)]
        if let page = await lookup.page(ofContact: customer.contact.id, call) {
            blocks.append(.link("Open in HubSpot", url: page))
        }
        blocks.append(.button("Write a note", action: "hubspot.note", input: [:]))
        return Panel(blocks)
    }

    /// What the form is filled in with; the last of several names is taken for the family's.
    private func newContact(_ email: String, _ name: String?) -> [String: JSONValue] {
        var input: [String: JSONValue] = ["email": .text(email)]
        let names = (name ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        if let last = names.last, names.count > 1 {
            input["first_name"] = .text(names.dropLast().joined(separator: " "))
            input["last_name"] = .text(last)
        } else if let only = names.first {
            input["first_name"] = .text(only)
        }
        return input
    }

    /// `account_value` as people write it: "Account value".
    private static func title(_ name: String) -> String {
        let words = name.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
