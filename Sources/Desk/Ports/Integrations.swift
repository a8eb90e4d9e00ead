import JSONCoding
import Model

/// What other programs contribute to a conversation: the port that the plugin host implements.
package protocol Integrations: Sendable {
    /// Asks everyone who has something to say about an opened conversation.
    ///
    /// Returns what has arrived by the deadline; never throws and never waits longer.
    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment]
}

/// What integrations are told about an opened conversation.
package struct Opening: Sendable {
    package var conversation: ConversationID
    package var contact: Contact
    package var page: PageContext?

    package init(conversation: ConversationID, contact: Contact, page: PageContext?) {
        self.conversation = conversation
        self.contact = contact
        self.page = page
    }
}

/// Facts about a customer from one source.
package struct Enrichment: Sendable {
    package var source: String
    package var title: String
    package var facts: JSON.Object

    package init(source: String, title: String, facts: JSON.Object) {
        self.source = source
        self.title = title
        self.facts = facts
    }
}
