// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

/// What a customer's client sends.
package enum CustomerMessage: Sendable, Hashable {
    /// Leaves an e-mail address for an answer that comes later.
    case address(c: String, Received.Address)
    /// Replaces the session's token before it expires.
    case authRefresh(Received.AuthRefresh)
    /// Presses a quick reply: its title becomes the customer's message.
    case choice(c: String, Received.Choice)
    /// Says where the customer is.
    case context(c: String?, Received.Context)
    /// Starts an empty conversation.
    case convStart
    /// Rates the conversation.
    case csat(c: String, Received.Csat)
    /// Closes the conversation: it is resolved.
    case end(c: String)
    /// Says whether an answer of the assistant helped.
    case feedback(c: String, Received.Feedback)
    /// Hands in a form.
    case formSubmit(c: String, Received.FormSubmit)
    /// Opens a customer's session.
    case hello(Received.CustomerHello)
    /// Asks for a person.
    case human(c: String)
    /// Sends a message again whose `ack` never came.
    case msgRetry(c: String?, Received.MsgSend)
    /// Says something; without `c` it starts a conversation.
    case msgSend(c: String?, Received.MsgSend)
    /// Asks for a sign of life.
    case ping
    /// Moves the mark up to which somebody has read.
    case read(c: String, Received.Read)
    /// Asks for the events after one.
    case sync(c: String, Received.Sync)
    /// Tells of something the customer did in the product.
    case track(c: String?, Received.Track)
    /// Says that somebody began or stopped typing.
    case typing(c: String, Received.Typing)
}

extension CustomerMessage: ClientMessage {
    package init(_ frame: ReceivedFrame) throws(WireFault) {
        let fields = frame.fields
        self =
            switch frame.envelope.t {
            case "address": .address(c: try frame.conversation(), try .init(fields))
            case "auth.refresh": .authRefresh(try .init(fields))
            case "choice": .choice(c: try frame.conversation(), try .init(fields))
            case "context": .context(c: frame.c, try .init(fields))
            case "conv.start": .convStart
            case "csat": .csat(c: try frame.conversation(), try .init(fields))
            case "end": .end(c: try frame.conversation())
            case "feedback": .feedback(c: try frame.conversation(), try .init(fields))
            case "form.submit": .formSubmit(c: try frame.conversation(), try .init(fields))
            case "hello": .hello(try .init(fields))
            case "human": .human(c: try frame.conversation())
            case "msg.retry": .msgRetry(c: frame.c, try .init(fields))
            case "msg.send": .msgSend(c: frame.c, try .init(fields))
            case "ping": .ping
            case "read": .read(c: try frame.conversation(), try .init(fields))
            case "sync": .sync(c: try frame.conversation(), try .init(fields))
            case "track": .track(c: frame.c, try .init(fields))
            case "typing": .typing(c: try frame.conversation(), try .init(fields))
            default: throw .unknownType(frame.envelope.t)
            }
    }

    package var parts: (t: String, c: String?, d: (any WireObject)?) {
        switch self {
        case .address(let c, let d): ("address", c, d)
        case .authRefresh(let d): ("auth.refresh", nil, d)
        case .choice(let c, let d): ("choice", c, d)
        case .context(let c, let d): ("context", c, d)
        case .convStart: ("conv.start", nil, nil)
        case .csat(let c, let d): ("csat", c, d)
        case .end(let c): ("end", c, nil)
        case .feedback(let c, let d): ("feedback", c, d)
        case .formSubmit(let c, let d): ("form.submit", c, d)
        case .hello(let d): ("hello", nil, d)
        case .human(let c): ("human", c, nil)
        case .msgRetry(let c, let d): ("msg.retry", c, d)
        case .msgSend(let c, let d): ("msg.send", c, d)
        case .ping: ("ping", nil, nil)
        case .read(let c, let d): ("read", c, d)
        case .sync(let c, let d): ("sync", c, d)
        case .track(let c, let d): ("track", c, d)
        case .typing(let c, let d): ("typing", c, d)
        }
    }
}
