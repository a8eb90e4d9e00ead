import JSONCoding

/// A customer's conversation as a value: what its log amounts to.
///
/// ``decide(_:at:)`` turns a command into events or a refusal; ``apply(_:at:)`` takes committed events
/// over. Neither does I/O, reads a clock or makes an id, so a conversation can be replayed from its
/// log at any time and tests can drive it through any interleaving.
///
/// The one field that says who may speak is ``owner``; every change of it raises ``epoch``, and a
/// reply of the bot names the epoch it was thought in. Two voices talking over each other cannot
/// happen.
///
/// ## Topics
/// - ``Command``
/// - ``Event``
/// - ``Refusal``
/// - ``Obligation``
package struct Conversation: Hashable, Sendable {
    /// A customer may write into a resolved conversation for this long.
    package static let reopeningPeriod: Duration = .seconds(72 * 3600)
    /// How many messages at least, and page visits at most, are kept at hand for triage and briefing.
    package static let recentLimit = 50
    package static let trailLimit = 10
    /// How much of what a customer does in the product is kept.
    static let trackedLimit = 200

    package let id: ConversationID
    package internal(set) var site: SiteID
    package internal(set) var contact: ContactID
    package internal(set) var status: Status = .bot
    package internal(set) var owner: Owner = .bot
    package internal(set) var ownerName: String?
    package internal(set) var epoch = 1

    /// The number of the last event; 0 before the first.
    package internal(set) var head = 0
    /// The number of the last event that customers may see.
    package internal(set) var publicHead = 0
    package internal(set) var startedAt: Timestamp
    package internal(set) var activeAt: Timestamp

    package internal(set) var lastCustomerMessage: Int = 0
    package internal(set) var lastCustomerMessageAt: Timestamp?
    /// Where the customer wrote from last, when that was not a widget: answers go there too.
    package internal(set) var channel: Message.Channel?
    /// Customer messages up to here have been answered, by whomever.
    package internal(set) var answeredUpTo = 0
    package internal(set) var lastAgentMessage: (sequence: Int, agent: AgentID)? {
        get { lastAgentSequence.flatMap { sequence in lastAgent.map { (sequence, $0) } } }
        set {
            lastAgentSequence = newValue?.sequence
            lastAgent = newValue?.agent
        }
    }
    var lastAgentSequence: Int?
    var lastAgent: AgentID?

    package internal(set) var queuedAt: Timestamp?
    package internal(set) var skill: String?
    package internal(set) var reason: Reason?
    package internal(set) var offer: Event.Offer?
    /// Agents who declined or let an offer pass while the customer waits this time.
    package internal(set) var passedOver: Set<AgentID> = []
    /// When the last of them passed.
    package internal(set) var passedAt: Timestamp?

    package internal(set) var recent: [Spoken] = []
    package internal(set) var context: PageContext?
    package internal(set) var trail: [PageVisit] = []
    package internal(set) var facts: [String: Event.FactSheet] = [:]
    package internal(set) var decisions: [Decision] = []
    package internal(set) var automatedReplies = 0
    package internal(set) var rating: Event.Rating?
    /// Whether answers helped, as the customer says.
    package internal(set) var judgements: [MessageID: Bool] = [:]
    package internal(set) var address: String?
    package internal(set) var tags: [String] = []
    var trackedCount = 0
    /// Runs of workflows, the last one last.
    package internal(set) var workflows: [Progress] = []
    /// The number of the event with which a workflow moved last.
    var progressedAt = 0
    /// Actions whose end is in the log.
    var runs: Set<String> = []
    package internal(set) var resolvedAt: Timestamp?
    package internal(set) var snoozedUntil: Timestamp?
    var receipts: [ClientKey: Receipt] = [:]

    /// A message with its place in the log.
    package struct Spoken: Hashable, Sendable {
        package var sequence: Int
        package var message: Message
    }

    /// A client id is unique for its author.
    struct ClientKey: Hashable, Sendable {
        var agent: AgentID?
        var clientID: String
    }

    /// A conversation about to be started; its first event is made by ``start(by:at:)``.
    package init(id: ConversationID, site: SiteID, contact: ContactID, at time: Timestamp) {
        self.id = id
        self.site = site
        self.contact = contact
        startedAt = time
        activeAt = time
    }

    /// Rebuilds a conversation from its whole log, in order.
    ///
    /// Nil when the log does not begin with a start: such a conversation does not exist.
    package init?(id: ConversationID, replaying events: some Sequence<Event>) {
        var iterator = events.makeIterator()
        guard let first = iterator.next(), case .started(let start) = first else { return nil }
        self.init(id: id, site: start.site, contact: start.contact, at: start.at)
        apply(first)
        while let event = iterator.next() { apply(event) }
    }

    /// Messages of the customer that nobody has answered yet, oldest first.
    package var unanswered: [Message] {
        recent.filter { $0.sequence > answeredUpTo && $0.message.author.kind == "customer" }
            .map(\.message)
    }

    package var isResolved: Bool { status == .resolved }

    /// The last words, whoever spoke them.
    package var lastMessage: Message? { recent.last?.message }
    package var lastDecision: Decision? { decisions.last }
}
