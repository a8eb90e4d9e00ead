// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

/// Conversations, as far as the manifest's `permissions.read` and `permissions.write` allow.
public struct Conversations: Sendable {
    let asker: Asker

    /// A conversation as it stands.
    public struct Summary: Decodable, Sendable {
        /// Its id.
        public let id: String
        /// `bot`, `queued`, `open`, `pending`, `snoozed` or `resolved`.
        public let status: String
        /// Whom it is with.
        public let contact: Contact?
        /// The page the customer was last on.
        public let page: String?
        /// Its tags.
        public let tags: [String]?
        /// Where the team reads it.
        public let url: String?
        /// The latest messages, oldest first.
        public let messages: [Message]
    }

    /// Something that was said.
    public struct Message: Codable, Sendable {
        /// `customer`, `bot`, `agent` or `system`.
        public let from: String
        /// The speaker's name, where it is known.
        public let name: String?
        /// What was said.
        public let text: String
        /// Milliseconds since 1970.
        public let at: Int?
    }

    private struct Asked: Encodable, Sendable {
        let conversation: String
        var limit: Int?
        var text: String?
        var id: String?
        var agentEmail: String?
        var name: String?
        var add: [String]?
        var remove: [String]?
        var title: String?
        var facts: [String: JSONValue]?
        var replyTo: String?
    }

    private struct Arrived: Encodable, Sendable {
        let contact: Contact
        let text: String
        let id: String
        let site: String?
        let replyTo: String?
    }

    private struct Opened: Decodable { let conversation: String }

    /// Reads a conversation with its latest messages.
    public func get(_ id: String, messages: Int = 20) async throws -> Summary {
        let asked = Asked(conversation: id, limit: messages)
        return try await asker.ask(MAITRED_CONVERSATIONS_SERVICE, "get", asked, as: Summary.self)
    }

    /// Writes a note that only the team sees; `id` makes it happen once, however often it is repeated.
    public func note(
        _ text: String,
        in conversation: String,
        id: String? = nil
    ) async throws {
        _ = try await asker.ask(
            MAITRED_CONVERSATIONS_SERVICE,
            "note",
            Asked(conversation: conversation, text: text, id: id)
        )
    }

    /// Tells the customer something in the plugin's name, below the conversation: no answer.
    ///
    /// - Parameters:
    ///   - text: What the customer reads.
    ///   - conversation: Where.
    ///   - id: Makes it happen once, however often it is repeated: 8 to 64 letters, digits, hyphens.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func message(_ text: String, in conversation: String, id: String) async throws {
        _ = try await asker.ask(
            MAITRED_CONVERSATIONS_SERVICE,
            "message",
            Asked(conversation: conversation, text: text, id: id)
        )
    }

    /// Answers the customer as a member of the team, who takes the conversation over.
    ///
    /// - Parameters:
    ///   - text: What the customer reads.
    ///   - conversation: Where.
    ///   - email: The agent's address.
    ///   - id: Makes it happen once, however often it is repeated: 8 to 64 letters, digits, hyphens.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func reply(
        _ text: String,
        in conversation: String,
        agentEmail email: String,
        id: String
    ) async throws {
        _ = try await asker.ask(
            MAITRED_CONVERSATIONS_SERVICE,
            "reply",
            Asked(conversation: conversation, text: text, id: id, agentEmail: email)
        )
    }

    /// Says something as the customer, who writes from another channel.
    ///
    /// - Parameters:
    ///   - text: What they wrote.
    ///   - conversation: Where.
    ///   - id: Makes it happen once, however often it is repeated: at least 8 characters.
    ///   - address: Where `channel.send` is to send answers from then on; nil leaves it as it was.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func post(
        _ text: String,
        in conversation: String,
        id: String,
        replyTo address: String? = nil
    ) async throws {
        _ = try await asker.ask(
            MAITRED_CONVERSATIONS_SERVICE,
            "post",
            Asked(conversation: conversation, text: text, id: id, replyTo: address)
        )
    }

    /// Opens a conversation for somebody who writes from another channel.
    ///
    /// - Parameters:
    ///   - text: What they wrote.
    ///   - contact: Who they are, by address or by the site's own id; a new contact if need be.
    ///   - id: Makes it happen once: the same id again gives the same conversation.
    ///   - site: The site's key; the workspace's first one when nil.
    ///   - address: Where `channel.send` is to send answers; nil when there are none to send.
    /// - Returns: The conversation's id.
    /// - Throws: ``PluginFailure``, or a cancellation.
    public func open(
        _ text: String,
        from contact: Contact,
        id: String,
        site: String? = nil,
        replyTo address: String? = nil
    ) async throws -> String {
        let arrived = Arrived(
            contact: contact,
            text: text,
            id: id,
            site: site,
            replyTo: address
        )
        return try await asker.ask(
            MAITRED_CONVERSATIONS_SERVICE,
            "open",
            arrived,
            as: Opened.self
        ).conversation
    }

    /// Adds and removes tags.
    public func tag(
        _ conversation: String,
        add: [String] = [],
        remove: [String] = []
    ) async throws {
        _ = try await asker.ask(
            MAITRED_CONVERSATIONS_SERVICE,
            "tag",
            Asked(conversation: conversation, add: add, remove: remove)
        )
    }

    /// Says what is known about the customer; replaces what the plugin said before.
    public func setFacts(_ facts: Facts, in conversation: String) async throws {
        let value = try JSONInput.decode(JSONValue.self, from: facts.json)
        guard case .object(let members)? = value["facts"] else { return }
        let asked = Asked(conversation: conversation, title: facts.title, facts: members)
        _ = try await asker.ask(MAITRED_CONVERSATIONS_SERVICE, "facts", asked)
    }
}

/// Customers, as far as the manifest's `permissions.read` allows.
public struct Contacts: Sendable {
    let asker: Asker

    private struct Asked: Encodable, Sendable {
        var id: String?
        var email: String?
        var externalId: String?
    }
    private struct Found: Decodable { let contacts: [Contact] }

    /// The contact with an id; nil when there is none.
    public func get(_ id: String) async throws -> Contact? {
        try await asker.ask(MAITRED_CONTACTS_SERVICE, "get", Asked(id: id), as: Found.self)
            .contacts.first
    }

    /// Contacts with an address or with the site's own id.
    public func find(email: String? = nil, externalID: String? = nil) async throws -> [Contact] {
        let asked = Asked(email: email, externalId: externalID)
        return try await asker.ask(MAITRED_CONTACTS_SERVICE, "find", asked, as: Found.self).contacts
    }
}
