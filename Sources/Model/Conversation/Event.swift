import JSONCoding

/// Something that happened in a conversation, committed before anyone hears of it.
///
/// Numbered by its place in the conversation's log. Who may see it is fixed by its kind. Boxed, as it
/// is passed on far more often than it is looked at.
package indirect enum Event: Hashable, Sendable {
    /// Always the first event. Customers see it as a `conv.upd`.
    case started(Started)
    case message(Message)
    /// Status, owner or epoch moved. Customers see it as a `conv.upd`.
    case changed(Change)
    case noted(Message)
    case context(PageContext, at: Timestamp)
    case decided(Decision)
    case offered(Offer)
    case offerEnded(OfferEnd)
    case facts(FactSheet)
    case rated(Rating)
    /// The customer said whether an answer of the assistant helped.
    case judged(Judgement)
    case addressLeft(email: String, at: Timestamp)
    case tagged(Tagging)
    /// The customer did something in the product that embeds the chat.
    case tracked(Tracked)
    /// An action of a plugin has been carried out, or was refused.
    case acted(Act)
    /// A workflow began, went on or came to its end.
    case progressed(Progress)

    /// Whether the customer's own devices receive it.
    package var isPublic: Bool {
        switch self {
        case .started, .message, .changed: true
        default: false
        }
    }

    /// When it happened.
    package var at: Timestamp {
        switch self {
        case .started(let start): start.at
        case .message(let message), .noted(let message): message.at
        case .changed(let change): change.at
        case .context(_, let time), .addressLeft(_, let time): time
        case .decided(let decision): decision.at
        case .offered(let offer): offer.at
        case .offerEnded(let end): end.at
        case .facts(let sheet): sheet.at
        case .rated(let rating): rating.at
        case .judged(let judgement): judgement.at
        case .tagged(let tagging): tagging.at
        case .tracked(let tracked): tracked.at
        case .acted(let act): act.at
        case .progressed(let progress): progress.at
        }
    }

    /// Something the customer did, as the product calls it.
    package struct Tracked: Hashable, Sendable {
        package var name: String
        package var data: JSON.Object
        package var at: Timestamp

        package init(name: String, data: JSON.Object, at: Timestamp) {
            self.name = name
            self.data = data
            self.at = at
        }
    }

    package struct Started: Hashable, Sendable {
        package var site: SiteID
        package var contact: ContactID
        /// The customer's own id of the message that started it, to recognise a repeat.
        package var clientID: String?
        package var at: Timestamp

        package init(site: SiteID, contact: ContactID, clientID: String?, at: Timestamp) {
            self.site = site
            self.contact = contact
            self.clientID = clientID
            self.at = at
        }
    }

    package struct Change: Hashable, Sendable {
        package var status: Status
        package var owner: Owner
        /// The name of an owning agent, as customers may see it.
        package var ownerName: String?
        package var epoch: Int
        package var reason: Reason?
        package var by: Author
        package var skill: String?
        package var until: Timestamp?
        package var at: Timestamp

        package init(
            status: Status,
            owner: Owner,
            ownerName: String? = nil,
            epoch: Int,
            reason: Reason? = nil,
            by: Author,
            skill: String? = nil,
            until: Timestamp? = nil,
            at: Timestamp
        ) {
            self.status = status
            self.owner = owner
            self.ownerName = ownerName
            self.epoch = epoch
            self.reason = reason
            self.by = by
            self.skill = skill
            self.until = until
            self.at = at
        }
    }

    package struct Offer: Hashable, Sendable {
        package var agent: AgentID
        package var name: String
        package var expires: Timestamp
        /// Why this person: shown to them and kept.
        package var why: [String]
        package var at: Timestamp

        package init(
            agent: AgentID,
            name: String,
            expires: Timestamp,
            why: [String],
            at: Timestamp
        ) {
            self.agent = agent
            self.name = name
            self.expires = expires
            self.why = why
            self.at = at
        }
    }

    package struct OfferEnd: Hashable, Sendable {
        package enum Outcome: String, Sendable { case accepted, declined, expired, withdrawn }
        package var agent: AgentID
        package var name: String
        package var outcome: Outcome
        package var reason: String?
        package var at: Timestamp

        package init(
            agent: AgentID,
            name: String,
            outcome: Outcome,
            reason: String? = nil,
            at: Timestamp
        ) {
            self.agent = agent
            self.name = name
            self.outcome = outcome
            self.reason = reason
            self.at = at
        }
    }

    /// What one source knows about the customer; replaces what it said before.
    package struct FactSheet: Hashable, Sendable {
        package var source: String
        package var title: String
        package var facts: JSON.Object
        package var at: Timestamp

        package init(source: String, title: String, facts: JSON.Object, at: Timestamp) {
            self.source = source
            self.title = title
            self.facts = facts
            self.at = at
        }
    }

    package struct Rating: Hashable, Sendable {
        /// From 1 to 5.
        package var score: Int
        package var comment: String?
        package var at: Timestamp

        package init(score: Int, comment: String?, at: Timestamp) {
            self.score = score
            self.comment = comment
            self.at = at
        }
    }

    package struct Judgement: Hashable, Sendable {
        package var message: MessageID
        /// The decision behind the message.
        package var decision: DecisionID
        package var isHelpful: Bool
        package var at: Timestamp

        package init(
            message: MessageID,
            decision: DecisionID,
            isHelpful: Bool,
            at: Timestamp
        ) {
            self.message = message
            self.decision = decision
            self.isHelpful = isHelpful
            self.at = at
        }
    }

    /// What came of an action.
    package struct Act: Hashable, Sendable {
        /// The run; its idempotency key.
        package var run: String
        package var plugin: String
        package var action: String
        package var title: String
        /// `done` or `failed`.
        package var state: String
        /// In a sentence, as the plugin puts it.
        package var summary: String?
        /// Who had it done: `{kind, id, name}`.
        package var by: JSON
        package var input: JSON
        package var at: Timestamp

        package init(
            run: String,
            plugin: String,
            action: String,
            title: String,
            state: String,
            summary: String?,
            by: JSON,
            input: JSON,
            at: Timestamp
        ) {
            self.run = run
            self.plugin = plugin
            self.action = action
            self.title = title
            self.state = state
            self.summary = summary
            self.by = by
            self.input = input
            self.at = at
        }
    }

    package struct Tagging: Hashable, Sendable {
        package var add: [String]
        package var remove: [String]
        package var by: Author
        /// The plugin that did it, if one did.
        package var origin: String?
        package var at: Timestamp

        package init(
            add: [String],
            remove: [String],
            by: Author,
            origin: String? = nil,
            at: Timestamp
        ) {
            self.origin = origin
            self.add = add
            self.remove = remove
            self.by = by
            self.at = at
        }
    }
}

/// An event with its place: number `sequence` in its conversation.
package struct NumberedEvent: Hashable, Sendable {
    package var sequence: Int
    /// The number of the event before it that customers may see.
    package var publicPredecessor: Int
    package var event: Event

    package init(sequence: Int, publicPredecessor: Int, event: Event) {
        self.sequence = sequence
        self.publicPredecessor = publicPredecessor
        self.event = event
    }
}
