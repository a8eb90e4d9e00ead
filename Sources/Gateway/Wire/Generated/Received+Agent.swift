// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Received {
    /// Gives the conversation to an agent, or back to the queue.
    package struct Assign: WireObject {
        /// Null: back to the queue.
        package var agent: String?

        package init(agent: String?) {
            self.agent = agent
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            agent = try fields.nullable("agent")?.string(.id)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberOrNull("agent", agent)
        }
    }

    /// Gives the conversation back to the bot.
    package struct BotReturn: WireObject {
        /// What the bot shall know or do.
        package var instruction: String?

        package init(instruction: String? = nil) {
            self.instruction = instruction
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            instruction = try fields.optional("instruction")?.string(.sentence)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberIfPresent("instruction", instruction)
        }
    }

    /// Refuses an offered conversation.
    package struct Decline: WireObject {
        package var reason: String?

        package init(reason: String? = nil) {
            self.reason = reason
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            reason = try fields.optional("reason")?.string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberIfPresent("reason", reason)
        }
    }

    /// Opens an agent's session.
    package struct AgentHello: WireObject {
        /// From `POST /v1/ws-tickets`; good once, for 30 seconds.
        package var ticket: String
        /// The log position of the last `inbox.delta`; rows changed after it are sent.
        package var feed: Int?
        /// Conversations on the screen, to be sent what was missed.
        package var resume: [ResumePoint]?
        /// From the last `welcome`.
        package var epoch: String?

        package init(
            ticket: String,
            feed: Int? = nil,
            resume: [ResumePoint]? = nil,
            epoch: String? = nil
        ) {
            self.ticket = ticket
            self.feed = feed
            self.resume = resume
            self.epoch = epoch
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            ticket = try fields.required("ticket").string(.token)
            feed = try fields.optional("feed")?.int(0...9_007_199_254_740_991)
            resume = try fields.optional("resume")?
                .list(0...100) { value throws(WireFault) in try ResumePoint(FieldReader(value)) }
            epoch = try fields.optional("epoch")?.string(.epoch)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("ticket", ticket)
            json.memberIfPresent("feed", feed)
            json.memberIfPresent("resume", resume)
            json.memberIfPresent("epoch", epoch)
        }
    }

    /// Writes something only the team sees.
    package struct Note: WireObject {
        package var cid: String
        package var text: String

        package init(cid: String, text: String) {
            self.cid = cid
            self.text = text
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            cid = try fields.required("cid").string(.cid)
            text = try fields.required("text").string(.text)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("cid", cid)
            json.member("text", text)
        }
    }

    /// Says whether conversations may be offered.
    package struct Presence: WireObject {
        package enum State: String, Sendable, CaseIterable {
            case online
            case away
            case offline
        }

        package var state: State

        package init(state: State) {
            self.state = state
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            state = try fields.required("state").word(State.self)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("state", state.rawValue)
        }
    }

    /// Answers the customer.
    package struct Reply: WireObject {
        package var cid: String
        package var text: String
        /// The last event the agent saw.
        ///
        /// A later message of another agent refuses the reply.
        package var seen: Int
        /// When the text was suggested: that it was sent teaches the assistant.
        package var suggestion: UsedSuggestion?
        /// Files that go with it, by the `upload_id` of `POST /v1/uploads`; each can be sent once.
        package var uploads: [String]?

        package init(
            cid: String,
            text: String,
            seen: Int,
            suggestion: UsedSuggestion? = nil,
            uploads: [String]? = nil
        ) {
            self.cid = cid
            self.text = text
            self.seen = seen
            self.suggestion = suggestion
            self.uploads = uploads
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            try fields.oneNotEmpty(of: "text", "uploads")
            cid = try fields.required("cid").string(.cid)
            text = try fields.required("text").string(.words)
            seen = try fields.required("seen").int(0...9_007_199_254_740_991)
            suggestion = try fields.optional("suggestion")
                .map { value throws(WireFault) in try UsedSuggestion(FieldReader(value)) }
            uploads = try fields.optional("uploads")?
                .list(0...10) { value throws(WireFault) in try value.string(.id) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("cid", cid)
            json.member("text", text)
            json.member("seen", seen)
            json.memberIfPresent("suggestion", suggestion)
            json.memberIfPresent("uploads", uploads)
        }
    }

    /// Puts the conversation out of sight until a time.
    package struct Snooze: WireObject {
        /// A message of the customer brings it back earlier.
        package var until: String

        package init(until: String) {
            self.until = until
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            until = try fields.required("until").string(.time)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("until", until)
        }
    }

    /// Changes where the conversation stands.
    package struct Status: WireObject {
        package enum Status: String, Sendable, CaseIterable {
            case open
            case pending
            case snoozed
            case resolved
        }

        package var status: Status
        /// For `snoozed`: when it comes back.
        package var until: String?

        package init(status: Status, until: String? = nil) {
            self.status = status
            self.until = until
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            status = try fields.required("status").word(Status.self)
            until = try fields.optional("until")?.string(.time)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("status", status.rawValue)
            json.memberIfPresent("until", until)
        }
    }

    /// Follows a conversation.
    package struct Sub: WireObject {
        /// The last event the client has; without it all events are sent.
        package var after: Int?

        package init(after: Int? = nil) {
            self.after = after
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            after = try fields.optional("after")?.int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberIfPresent("after", after)
        }
    }

    /// Adds and removes tags.
    package struct Tag: WireObject {
        package var add: [String]?
        package var remove: [String]?

        package init(add: [String]? = nil, remove: [String]? = nil) {
            self.add = add
            self.remove = remove
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            try fields.atLeastOne(of: "add", "remove")
            add = try fields.optional("add")?
                .list(1...20) { value throws(WireFault) in try value.string(.tag) }
            remove = try fields.optional("remove")?
                .list(1...20) { value throws(WireFault) in try value.string(.tag) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberIfPresent("add", add)
            json.memberIfPresent("remove", remove)
        }
    }

    /// Passes the conversation on to an agent or to whoever has a skill.
    package struct Transfer: WireObject {
        package var agent: String?
        package var skill: String?
        /// For the next agent; the customer does not see it.
        package var note: String?

        package init(agent: String? = nil, skill: String? = nil, note: String? = nil) {
            self.agent = agent
            self.skill = skill
            self.note = note
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            try fields.exactlyOne(of: "agent", "skill")
            agent = try fields.optional("agent")?.string(.id)
            skill = try fields.optional("skill")?.string(.label)
            note = try fields.optional("note")?.string(.sentence)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberIfPresent("agent", agent)
            json.memberIfPresent("skill", skill)
            json.memberIfPresent("note", note)
        }
    }
}
