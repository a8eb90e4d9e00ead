import JSONCoding
import Model
import Workflows

/// What other programs contribute to a conversation: the port that the plugin host implements.
package protocol Integrations: Sendable {
    /// Asks everyone who has something to say about an opened conversation.
    ///
    /// Returns what has arrived by the deadline; never throws and never waits longer.
    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment]

    /// Whether anybody has an opinion about turns that the assistant is not sure of.
    var namesCandidates: Bool { get }

    /// Which intents a turn may be about, the likeliest first; empty when nobody says in time.
    ///
    /// An opinion and no more: the customer is asked, nothing is decided by it.
    func candidates(
        for question: CandidateQuestion,
        within deadline: Duration
    ) async -> [String]

    /// Whether anybody wants to see messages of a kind before they are kept.
    ///
    /// Asked for each message: cheap, any thread.
    func filters(_ moment: MessageToFilter.Moment) -> Bool

    /// Has those who want to see a message decide; within a fraction of a second.
    func filter(_ message: MessageToFilter) async -> FilterVerdict

    /// Has an action carried out that a workflow asks for: once for each key, however often it is asked.
    ///
    /// Takes as long as the action's own deadline allows.
    /// - Returns: What came of it; nil when that could not be kept, and it must be asked again.
    func perform(_ order: WorkflowOrder) async -> ActionResult?
}

/// An action that a workflow asks for.
package struct WorkflowOrder: Sendable {
    package var call: Progress.Call
    package var conversation: ConversationID
    /// Of the step: the same asked again is the same run.
    package var key: String
    /// Of the workflow, as people know it.
    package var title: String

    package init(
        _ call: Progress.Call,
        conversation: ConversationID,
        key: String,
        title: String
    ) {
        self.call = call
        self.conversation = conversation
        self.key = key
        self.title = title
    }
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
    package enum Moment: String, Sendable, CaseIterable {
        case opened = "conversation.opened"
        /// The customer went somewhere else, or the page says something new.
        case moved = "context.changed"
    }

    package var moment: Moment
    package var conversation: ConversationID
    package var contact: Contact
    package var page: PageContext?

    package init(
        _ moment: Moment = .opened,
        conversation: ConversationID,
        contact: Contact,
        page: PageContext?
    ) {
        self.moment = moment
        self.conversation = conversation
        self.contact = contact
        self.page = page
    }
}

/// A turn that the assistant is not sure of.
package struct CandidateQuestion: Sendable {
    package struct Intent: Sendable {
        package var name: String
        package var title: String

        package init(name: String, title: String) {
            self.name = name
            self.title = title
        }
    }

    package var text: String
    package var history: [Message]
    package var intents: [Intent]

    package init(text: String, history: [Message], intents: [Intent]) {
        self.text = text
        self.history = history
        self.intents = intents
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
