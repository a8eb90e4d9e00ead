import JSONCoding
import Model

/// What other programs contribute to a conversation: the port that the plugin host implements.
package protocol Integrations: Sendable {
    /// Asks everyone who has something to say about an opened conversation.
    ///
    /// Returns what has arrived by the deadline; never throws and never waits longer.
    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment]

    /// Whether anybody wants to see messages of a kind before they are kept.
    ///
    /// Asked for each message: cheap, any thread.
    func filters(_ moment: MessageToFilter.Moment) -> Bool

    /// Has those who want to see a message decide; within a fraction of a second.
    func filter(_ message: MessageToFilter) async -> FilterVerdict
}

/// A message on its way into a conversation.
package struct MessageToFilter: Sendable {
    package enum Moment: String, Sendable, CaseIterable {
        case inbound = "message.inbound"
        case outbound = "message.outbound"
        case suggestion = "reply.suggest"
    }

    package var moment: Moment
    package var conversation: ConversationID
    /// `customer`, `agent` or `bot`.
    package var from: String
    package var text: String

    package init(
        _ moment: Moment,
        _ conversation: ConversationID,
        from: String,
        _ text: String
    ) {
        self.moment = moment
        self.conversation = conversation
        self.from = from
        self.text = text
    }
}

/// What becomes of a message on its way.
package enum FilterVerdict: Sendable, Hashable {
    case keep
    case replace(String)
    case reject(String)
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
