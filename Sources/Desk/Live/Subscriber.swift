import JSONCoding
import Model

/// Somebody's device that hears what happens: a customer's widget or an agent's console.
///
/// Called from the desk's actors; must not block. Deliveries of one conversation arrive in order.
package protocol Subscriber: AnyObject, Sendable {
    func deliver(_ delivery: Delivery)

    /// Takes events that were missed, in order, before anything newer of the conversation.
    ///
    /// Their number is bounded by the desk, so they need not count against a device's limits.
    func deliver(missed events: [NumberedEvent], of conversation: ConversationID)
}

extension Subscriber {
    package func deliver(missed events: [NumberedEvent], of conversation: ConversationID) {
        for event in events { deliver(.event(conversation, Publication(event))) }
    }
}

/// Something a subscriber is told.
package enum Delivery: Sendable {
    /// A committed event of a conversation. Customers' devices receive public ones only.
    case event(ConversationID, Publication<NumberedEvent>)
    /// More has been missed than is replayed: fetch the events again.
    case resync(ConversationID)
    case typing(ConversationID, Author, Bool)
    case read(ConversationID, Author, upTo: Int)
    /// The customer's place in the queue.
    case queuePosition(ConversationID, position: Int, expectedSeconds: Int)
    case offer(ConversationID, Event.Offer, Briefing)
    case offerGone(ConversationID, reason: String)
    /// A row of the list changed; with the log position it is as of.
    case row(Publication<ConversationRow>, position: Int64)
    case presence(Agent, Agent.Presence, load: Int)
}
