// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

/// What an agent's client sends.
package enum AgentMessage: Sendable, Hashable {
    /// Takes an offered conversation.
    case accept(c: String)
    /// Gives the conversation to an agent, or back to the queue.
    case assign(c: String, Received.Assign)
    /// Gives the conversation back to the bot.
    case botReturn(c: String, Received.BotReturn)
    /// Refuses an offered conversation.
    case decline(c: String, Received.Decline)
    /// Opens an agent's session.
    case hello(Received.AgentHello)
    /// Writes something only the team sees.
    case note(c: String, Received.Note)
    /// Asks for a sign of life.
    case ping
    /// Says whether conversations may be offered.
    case presence(Received.Presence)
    /// Moves the mark up to which somebody has read.
    case read(c: String, Received.Read)
    /// Answers the customer.
    case reply(c: String, Received.Reply)
    /// Puts the conversation out of sight until a time.
    case snooze(c: String, Received.Snooze)
    /// Changes where the conversation stands.
    case status(c: String, Received.Status)
    /// Follows a conversation.
    case sub(c: String, Received.Sub)
    /// Asks for the events after one.
    case sync(c: String, Received.Sync)
    /// Adds and removes tags.
    case tag(c: String, Received.Tag)
    /// Takes the conversation from the bot, the queue or another agent.
    case takeover(c: String)
    /// Passes the conversation on to an agent or to whoever has a skill.
    case transfer(c: String, Received.Transfer)
    /// Says that somebody began or stopped typing.
    case typing(c: String, Received.Typing)
    /// Stops following a conversation.
    case unsub(c: String)
}

extension AgentMessage: ClientMessage {
    package init(_ frame: ReceivedFrame) throws(WireFault) {
        let fields = frame.fields
        self =
            switch frame.envelope.t {
            case "accept": .accept(c: try frame.conversation())
            case "assign": .assign(c: try frame.conversation(), try .init(fields))
            case "bot.return": .botReturn(c: try frame.conversation(), try .init(fields))
            case "decline": .decline(c: try frame.conversation(), try .init(fields))
            case "hello": .hello(try .init(fields))
            case "note": .note(c: try frame.conversation(), try .init(fields))
            case "ping": .ping
            case "presence": .presence(try .init(fields))
            case "read": .read(c: try frame.conversation(), try .init(fields))
            case "reply": .reply(c: try frame.conversation(), try .init(fields))
            case "snooze": .snooze(c: try frame.conversation(), try .init(fields))
            case "status": .status(c: try frame.conversation(), try .init(fields))
            case "sub": .sub(c: try frame.conversation(), try .init(fields))
            case "sync": .sync(c: try frame.conversation(), try .init(fields))
            case "tag": .tag(c: try frame.conversation(), try .init(fields))
            case "takeover": .takeover(c: try frame.conversation())
            case "transfer": .transfer(c: try frame.conversation(), try .init(fields))
            case "typing": .typing(c: try frame.conversation(), try .init(fields))
            case "unsub": .unsub(c: try frame.conversation())
            default: throw .unknownType(frame.envelope.t)
            }
    }

    package var parts: (t: String, c: String?, d: (any WireObject)?) {
        switch self {
        case .accept(let c): ("accept", c, nil)
        case .assign(let c, let d): ("assign", c, d)
        case .botReturn(let c, let d): ("bot.return", c, d)
        case .decline(let c, let d): ("decline", c, d)
        case .hello(let d): ("hello", nil, d)
        case .note(let c, let d): ("note", c, d)
        case .ping: ("ping", nil, nil)
        case .presence(let d): ("presence", nil, d)
        case .read(let c, let d): ("read", c, d)
        case .reply(let c, let d): ("reply", c, d)
        case .snooze(let c, let d): ("snooze", c, d)
        case .status(let c, let d): ("status", c, d)
        case .sub(let c, let d): ("sub", c, d)
        case .sync(let c, let d): ("sync", c, d)
        case .tag(let c, let d): ("tag", c, d)
        case .takeover(let c): ("takeover", c, nil)
        case .transfer(let c, let d): ("transfer", c, d)
        case .typing(let c, let d): ("typing", c, d)
        case .unsub(let c): ("unsub", c, nil)
        }
    }
}
