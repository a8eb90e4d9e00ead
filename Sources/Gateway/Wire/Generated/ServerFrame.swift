// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

/// Whole frames as the server sends them, in UTF-8.
package enum ServerFrame {
    /// Says that a request was carried out.
    package static func ack(re: String, c: String? = nil, _ d: Sent.Ack = Sent.Ack()) -> [UInt8] {
        ServerEnvelope(re: re, c: c).frame("ack") { json in d.writeMembers(into: &json) }
    }

    /// Status or owner of the conversation changed; also the first event of each.
    package static func convUpd(c: String, s: Int, p: Int, _ d: Sent.ConvUpd) -> [UInt8] {
        ServerEnvelope(c: c, s: s, p: p).frame("conv.upd") { json in d.writeMembers(into: &json) }
    }

    /// Says that a request was refused.
    package static func err(re: String? = nil, c: String? = nil, _ d: Sent.Err) -> [UInt8] {
        ServerEnvelope(re: re, c: c).frame("err") { json in d.writeMembers(into: &json) }
    }

    /// Something that only the team sees.
    package static func eventNew(c: String, s: Int, p: Int, _ d: Sent.EventNew) -> [UInt8] {
        ServerEnvelope(c: c, s: s, p: p).frame("event.new") { json in d.writeMembers(into: &json) }
    }

    /// Asks the customer for something; `form.submit` answers.
    package static func formShow(c: String, _ d: Sent.FormShow) -> [UInt8] {
        ServerEnvelope(c: c).frame("form.show") { json in d.writeMembers(into: &json) }
    }

    /// The whole row of a conversation in the list, after it changed.
    package static func inboxDelta(f: Int, _ d: Sent.InboxDelta) -> [UInt8] {
        ServerEnvelope(f: f).frame("inbox.delta") { json in d.writeMembers(into: &json) }
    }

    /// A message.
    package static func msgNew(c: String, s: Int, p: Int, _ d: Sent.MsgNew) -> [UInt8] {
        ServerEnvelope(c: c, s: s, p: p).frame("msg.new") { json in d.writeMembers(into: &json) }
    }

    /// Something the user should be told.
    package static func notice(_ d: Sent.Notice) -> [UInt8] {
        ServerEnvelope().frame("notice") { json in d.writeMembers(into: &json) }
    }

    /// Asks the agent to take a conversation.
    package static func offer(_ d: Sent.Offer) -> [UInt8] {
        ServerEnvelope().frame("offer") { json in d.writeMembers(into: &json) }
    }

    /// An offer no longer stands.
    package static func offerGone(_ d: Sent.OfferGone) -> [UInt8] {
        ServerEnvelope().frame("offer.gone") { json in d.writeMembers(into: &json) }
    }

    /// A sign of life.
    package static func pong() -> [UInt8] {
        ServerEnvelope().frame("pong") { _ in }
    }

    /// An agent came, went or took something on.
    package static func presence(_ d: Sent.Presence) -> [UInt8] {
        ServerEnvelope().frame("presence") { json in d.writeMembers(into: &json) }
    }

    /// The customer's place in the queue.
    package static func queuePos(c: String, _ d: Sent.QueuePos) -> [UInt8] {
        ServerEnvelope(c: c).frame("queue.pos") { json in d.writeMembers(into: &json) }
    }

    /// Somebody has read up to an event.
    package static func read(c: String, _ d: Sent.Read) -> [UInt8] {
        ServerEnvelope(c: c).frame("read") { json in d.writeMembers(into: &json) }
    }

    /// The server goes away: come back later.
    package static func reconnect(_ d: Sent.Reconnect) -> [UInt8] {
        ServerEnvelope().frame("reconnect") { json in d.writeMembers(into: &json) }
    }

    /// The client must fetch the conversation anew.
    package static func resync(c: String) -> [UInt8] {
        ServerEnvelope(c: c).frame("resync") { _ in }
    }

    /// A piece of a draft or a summary while it is being written.
    package static func suggest(c: String, _ d: Sent.Suggest) -> [UInt8] {
        ServerEnvelope(c: c).frame("suggest") { json in d.writeMembers(into: &json) }
    }

    /// Somebody types.
    package static func typing(c: String, _ d: Sent.Typing) -> [UInt8] {
        ServerEnvelope(c: c).frame("typing") { json in d.writeMembers(into: &json) }
    }

    /// Opens the session: what the console needs to begin.
    package static func agentWelcome(re: String? = nil, _ d: Sent.AgentWelcome) -> [UInt8] {
        ServerEnvelope(re: re).frame("welcome") { json in d.writeMembers(into: &json) }
    }

    /// Opens the session: what the customer's client needs to begin.
    package static func customerWelcome(re: String? = nil, _ d: Sent.CustomerWelcome) -> [UInt8] {
        ServerEnvelope(re: re).frame("welcome") { json in d.writeMembers(into: &json) }
    }
}
