// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One call of the server while it is being answered: what a handler works with.
///
/// What is asked through it counts against the call's own deadline and ends with it.
public struct Call: Sendable {
    let asker: Asker

    /// The server, for what outlives the call: log lines and the clock.
    public let host: Host

    /// The same however often the server repeats this action; the provider's idempotency key.
    ///
    /// Nil for all that is not an action.
    public let idempotencyKey: String?

    /// The conversation it is about, if it is about one.
    public let conversation: String?

    /// Whom the conversation is with, as far as the manifest's `permissions.read` allows.
    public let contact: Contact?

    /// Who asked for an action; nil for all else.
    public let actor: Actor?

    /// Other servers, as far as the manifest's `permissions.http` allows.
    public var http: HTTP { HTTP(asker: asker) }
    /// The plugin's own small store.
    public var store: KeyValueStore { KeyValueStore(asker: asker) }
    /// What customers and the team say to each other.
    public var conversations: Conversations { Conversations(asker: asker) }
    /// Customers.
    public var contacts: Contacts { Contacts(asker: asker) }
    /// Reminders.
    public var schedule: Schedule { Schedule(asker: asker) }
    /// Figures for the operator.
    public var metrics: Metrics { Metrics(asker: asker) }
    /// The language model the operator has chosen.
    public var languageModel: LanguageModel { LanguageModel(asker: asker) }

    /// Sends a part of the answer ahead of its end; the answer is whole all the same.
    public func send(part: some Encodable) {
        guard let token = asker.call, let data = try? JSONOutput.encode(part) else { return }
        host.part(token, data)
    }

    /// Who had an action carried out.
    public struct Actor: Decodable, Sendable, Hashable {
        /// `agent`, `bot` or `plugin`.
        public let kind: String
        /// The agent's display name.
        public let name: String?
    }
}

extension Call {
    /// What the server says about a call beside its input.
    struct Circumstances: Decodable {
        let key: String?
        let conversation: String?
        let contact: Contact?
        let by: Actor?
    }

    init(_ host: Host, _ token: CallToken?, _ input: Data) {
        let known = try? JSONInput.decode(Circumstances.self, from: input)
        self.host = host
        asker = Asker(host: host, call: token)
        idempotencyKey = known?.key
        conversation = known?.conversation
        contact = known?.contact
        actor = known?.by
    }
}

/// A customer, as far as the site has said who it is and the plugin may know it.
public struct Contact: Codable, Sendable, Hashable {
    /// The server's id of the contact.
    public let id: String?
    /// The display name.
    public let name: String?
    /// The address, verified by the site or left by the visitor.
    public let email: String?
    /// The site's own id of the user.
    public let externalId: String?
    /// Whether the site has vouched for them; an address alone anybody can type.
    public let verified: Bool?

    /// Makes a contact.
    public init(
        id: String? = nil,
        name: String? = nil,
        email: String? = nil,
        externalId: String? = nil,
        verified: Bool? = nil
    ) {
        self.verified = verified
        self.id = id
        self.name = name
        self.email = email
        self.externalId = externalId
    }
}
