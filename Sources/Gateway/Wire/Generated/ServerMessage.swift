// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

/// What the server sends, without the envelope.
package enum ServerMessage: Sendable, Hashable {
    /// Says that a request was carried out.
    case ack(Sent.Ack)
    /// Status or owner of the conversation changed; also the first event of each.
    case convUpd(Sent.ConvUpd)
    /// Says that a request was refused.
    case err(Sent.Err)
    /// Something that only the team sees.
    case eventNew(Sent.EventNew)
    /// Asks the customer for something; `form.submit` answers.
    case formShow(Sent.FormShow)
    /// The whole row of a conversation in the list, after it changed.
    case inboxDelta(Sent.InboxDelta)
    /// A message.
    case msgNew(Sent.MsgNew)
    /// Something the user should be told.
    case notice(Sent.Notice)
    /// Asks the agent to take a conversation.
    case offer(Sent.Offer)
    /// An offer no longer stands.
    case offerGone(Sent.OfferGone)
    /// A sign of life.
    case pong
    /// An agent came, went or took something on.
    case presence(Sent.Presence)
    /// The customer's place in the queue.
    case queuePos(Sent.QueuePos)
    /// Somebody has read up to an event.
    case read(Sent.Read)
    /// The server goes away: come back later.
    case reconnect(Sent.Reconnect)
    /// The client must fetch the conversation anew.
    case resync
    /// A piece of a draft or a summary while it is being written.
    case suggest(Sent.Suggest)
    /// Somebody types.
    case typing(Sent.Typing)
    /// Opens the session: what the console needs to begin.
    case agentWelcome(Sent.AgentWelcome)
    /// Opens the session: what the customer's client needs to begin.
    case customerWelcome(Sent.CustomerWelcome)
}

extension ServerMessage {
    init(
        _ t: String,
        _ fields: FieldReader,
        for audience: Audience
    ) throws(WireFault) {
        self =
            switch (t, audience) {
            case ("ack", _): .ack(try .init(fields))
            case ("conv.upd", _): .convUpd(try .init(fields))
            case ("err", _): .err(try .init(fields))
            case ("event.new", .agent): .eventNew(try .init(fields))
            case ("form.show", .customer): .formShow(try .init(fields))
            case ("inbox.delta", .agent): .inboxDelta(try .init(fields))
            case ("msg.new", _): .msgNew(try .init(fields))
            case ("notice", _): .notice(try .init(fields))
            case ("offer", .agent): .offer(try .init(fields))
            case ("offer.gone", .agent): .offerGone(try .init(fields))
            case ("pong", _): .pong
            case ("presence", .agent): .presence(try .init(fields))
            case ("queue.pos", .customer): .queuePos(try .init(fields))
            case ("read", _): .read(try .init(fields))
            case ("reconnect", _): .reconnect(try .init(fields))
            case ("resync", _): .resync
            case ("suggest", .agent): .suggest(try .init(fields))
            case ("typing", _): .typing(try .init(fields))
            case ("welcome", .agent): .agentWelcome(try .init(fields))
            case ("welcome", .customer): .customerWelcome(try .init(fields))
            default: throw .unknownType(t)
            }
    }

    /// The envelope's fields that this message must have.
    var envelopeFields: [String] {
        switch self {
        case .ack: ["re"]
        case .convUpd, .eventNew, .msgNew: ["c", "s", "p"]
        case .formShow, .queuePos, .read, .resync, .suggest, .typing: ["c"]
        case .inboxDelta: ["f"]
        default: []
        }
    }
}
