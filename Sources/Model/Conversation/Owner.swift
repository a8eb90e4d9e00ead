import JSONCoding

/// Who may speak next to the customer.
///
/// There is exactly one owner at any time.
package enum Owner: Hashable, Sendable {
    /// The triage core answers.
    case bot
    /// Nobody speaks until a person accepts the conversation.
    case queue
    /// One person answers.
    case agent(AgentID)
    /// Resolved: the next message of the customer decides.
    case nobody

    package var kind: String {
        switch self {
        case .bot: "bot"
        case .queue: "queue"
        case .agent: "agent"
        case .nobody: "nobody"
        }
    }

    package var agent: AgentID? {
        guard case .agent(let id) = self else { return nil }
        return id
    }
}

extension Owner {
    /// Rebuilds an owner from what the log and the conversations table keep.
    package init?(kind: String, agent: String?) {
        switch kind {
        case "bot": self = .bot
        case "queue": self = .queue
        case "nobody": self = .nobody
        case "agent":
            guard let agent, let id = AgentID(agent) else { return nil }
            self = .agent(id)
        default: return nil
        }
    }
}

/// Where a conversation stands.
///
/// The raw values are the protocol's.
package enum Status: String, Sendable, CaseIterable {
    /// The triage core is talking. Leads to every other status.
    case bot
    /// Waiting for a person. Leads to `open` (accepted, taken), `bot` (returned), `resolved`.
    case queued
    /// A person is talking. Leads to `pending`, `snoozed`, `resolved`, `queued` (transferred), `bot`.
    case open
    /// The person waits for the customer. A message of the customer leads back to `open`.
    case pending
    /// Out of sight until a time or a message of the customer, which lead to `open`.
    case snoozed
    /// Done. A message within the reopening period leads to `bot`; later ones are refused.
    case resolved
}
