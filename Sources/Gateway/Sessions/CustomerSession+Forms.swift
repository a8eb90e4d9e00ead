import Desk
import JSONCoding
import Model
import Store

/// What customers are asked about themselves, and what they answer.
extension CustomerSession {
    private static let longestName = 200

    /// Asks for what the site wants to know of somebody who waits for a person, unless it is known.
    func askWhoTheyAre(in id: ConversationID) {
        let known = knownContact
        let wanted = site.asks.filter { question in
            switch question {
            case .name: known.name == nil
            case .email: known.email == nil
            }
        }
        if wanted.isEmpty { return }
        let phrases = Phrases.in(locale ?? site.language)
        let form = Sent.FormShow(
            form: "contact",
            title: phrases.whoAreYou,
            fields: wanted.map { question in
                switch question {
                case .name: Sent.FormField(name: "name", label: phrases.yourName, kind: "text")
                case .email: Sent.FormField(name: "email", label: phrases.yourEmail, kind: "email")
                }
            },
            optional: true
        )
        socket.connection.send(ServerFrame.formShow(c: id.description, form))
    }

    /// Takes the answers to a form.
    func answer(
        _ submitted: Received.FormSubmit,
        in c: String,
        _ request: ClientRequest
    ) throws(WireFault) {
        let fields = try FieldReader(FieldValue(.object(submitted.values), path: "values"))
        if submitted.form == .address {
            let address = try Received.Address(fields)
            return try submit(.leaveAddress(email: address.email), c, request)
        }
        let id = try mine(c)
        let name = try text(fields, "name", upTo: Self.longestName)
        let email =
            try text(fields, "email", upTo: 254) == nil
            ? nil : try Received.Address(fields).email
        Task {
            do {
                guard try await gateway.store.row(of: id)?.contact == contact.id else {
                    return request.refuse(WireFault(.notFound))
                }
                try await introduce(name: name, email: email, in: id)
            } catch {
                return request.refuse(WireFault(.overloaded, retryMilliseconds: 2000))
            }
            guard let email else { return request.acknowledge() }
            gateway.desk.submit(
                .leaveAddress(email: email),
                to: id,
                for: contact.id,
                then: request.completion
            )
        }
    }

    /// A text that may be missing or empty, which both mean nil.
    private func text(
        _ fields: FieldReader,
        _ name: String,
        upTo limit: Int
    ) throws(WireFault) -> String? {
        let text = try fields.optional(name)?.string(TextBounds(0...limit))
        return text?.isEmpty == false ? text : nil
    }

    /// Keeps what somebody said of themselves; what their product says of them stays.
    private func introduce(name: String?, email: String?, in id: ConversationID) async throws {
        guard var contact = try await gateway.store.contact(contact.id) else { return }
        contact.name = contact.name ?? name
        contact.email = contact.email ?? email
        try await gateway.store.save(contact)
        knownContact = contact
        gateway.desk.introduce(contact, to: id)
    }
}
