// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// Says that a request was carried out.
    package struct Ack: WireObject {
        /// The message that was stored.
        package var m: String?
        /// The number of the event that was stored.
        package var s: Int?

        package init(m: String? = nil, s: Int? = nil) {
            self.m = m
            self.s = s
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            m = try fields.optional("m")?.string(.id)
            s = try fields.optional("s")?.int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.memberIfPresent("m", m)
            json.memberIfPresent("s", s)
        }
    }

    /// Status or owner of the conversation changed; also the first event of each.
    package struct ConvUpd: WireObject {
        package var status: String
        package var owner: Owner
        /// Increases whenever the owner changes.
        package var epoch: Int
        package var reason: Reason?
        package var by: Author?
        package var at: String
        /// For `snoozed`.
        package var until: String?

        package init(
            status: String,
            owner: Owner,
            epoch: Int,
            reason: Reason? = nil,
            by: Author? = nil,
            at: String,
            until: String? = nil
        ) {
            self.status = status
            self.owner = owner
            self.epoch = epoch
            self.reason = reason
            self.by = by
            self.at = at
            self.until = until
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            status = try fields.required("status")
                .word(["bot", "queued", "open", "pending", "snoozed", "resolved"])
            owner = try Owner(FieldReader(fields.required("owner")))
            epoch = try fields.required("epoch").int(0...9_007_199_254_740_991)
            reason = try fields.optional("reason")
                .map { value throws(WireFault) in try Reason(FieldReader(value)) }
            by = try fields.optional("by")
                .map { value throws(WireFault) in try Author(FieldReader(value)) }
            at = try fields.required("at").string(.time)
            until = try fields.optional("until")?.string(.time)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("status", status)
            json.member("owner", owner)
            json.member("epoch", epoch)
            json.memberIfPresent("reason", reason)
            json.memberIfPresent("by", by)
            json.member("at", at)
            json.memberIfPresent("until", until)
        }
    }

    /// Says that a request was refused.
    package struct Err: WireObject {
        /// From the table of error codes.
        package var code: String
        /// The HTTP status of the same error.
        package var status: Int
        /// What is wrong, for people who write clients.
        package var title: String
        /// Whether the same request may succeed later.
        package var temporary: Bool
        /// When to try again.
        package var retryMilliseconds: Int?
        /// What was refused, such as `values.email`.
        package var field: String?

        package init(
            code: String,
            status: Int,
            title: String,
            temporary: Bool,
            retryMilliseconds: Int? = nil,
            field: String? = nil
        ) {
            self.code = code
            self.status = status
            self.title = title
            self.temporary = temporary
            self.retryMilliseconds = retryMilliseconds
            self.field = field
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            code = try fields.required("code").string(TextBounds(1...64))
            status = try fields.required("status").int(400...599)
            title = try fields.required("title").string(.sentence)
            temporary = try fields.required("temporary").bool()
            retryMilliseconds = try fields.optional("retry_ms")?.int(0...9_007_199_254_740_991)
            field = try fields.optional("field")?.string(TextBounds(0...200))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("code", code)
            json.member("status", status)
            json.member("title", title)
            json.member("temporary", temporary)
            json.memberIfPresent("retry_ms", retryMilliseconds)
            json.memberIfPresent("field", field)
        }
    }

    /// A message.
    package struct MsgNew: WireObject {
        package var m: String
        /// The sender's own identifier, for the sender's other devices too.
        package var cid: String?
        package var from: Author
        /// Plain text that says what the blocks say; empty when it was erased, or beside files.
        package var text: String
        package var at: String
        /// How to show it; without them, as text.
        package var blocks: [JSON]?
        /// Answers to press.
        package var choices: [QuickReply]?
        /// What the answer rests on.
        package var sources: [Source]?
        /// What was sent with it.
        package var files: [File]?
        /// The bot's decision behind it.
        package var decision: String?
        /// The quick reply the customer pressed.
        package var choice: String?
        /// A walkthrough that shows it.
        package var tour: String?
        /// The channel it came by, or on an answer the one it also goes out by, by its name.
        package var via: String?

        package init(
            m: String,
            cid: String? = nil,
            from: Author,
            text: String,
            at: String,
            blocks: [JSON]? = nil,
            choices: [QuickReply]? = nil,
            sources: [Source]? = nil,
            files: [File]? = nil,
            decision: String? = nil,
            choice: String? = nil,
            tour: String? = nil,
            via: String? = nil
        ) {
            self.m = m
            self.cid = cid
            self.from = from
            self.text = text
            self.at = at
            self.blocks = blocks
            self.choices = choices
            self.sources = sources
            self.files = files
            self.decision = decision
            self.choice = choice
            self.tour = tour
            self.via = via
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            m = try fields.required("m").string(.id)
            cid = try fields.optional("cid")?.string(.cid)
            from = try Author(FieldReader(fields.required("from")))
            text = try fields.required("text").string(TextBounds(0...8000))
            at = try fields.required("at").string(.time)
            blocks = try fields.optional("blocks")?.array(bytes: 65536)
            choices = try fields.optional("choices")?
                .list(0...20) { value throws(WireFault) in try QuickReply(FieldReader(value)) }
            sources = try fields.optional("sources")?
                .list(0...20) { value throws(WireFault) in try Source(FieldReader(value)) }
            files = try fields.optional("files")?
                .list(0...10) { value throws(WireFault) in try File(FieldReader(value)) }
            decision = try fields.optional("decision")?.string(.id)
            choice = try fields.optional("choice")?.string(.id)
            tour = try fields.optional("tour")?.string(.id)
            via = try fields.optional("via")?.string(TextBounds(0...100))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("m", m)
            json.memberIfPresent("cid", cid)
            json.member("from", from)
            json.member("text", text)
            json.member("at", at)
            json.memberIfPresent("blocks", blocks)
            json.memberIfPresent("choices", choices)
            json.memberIfPresent("sources", sources)
            json.memberIfPresent("files", files)
            json.memberIfPresent("decision", decision)
            json.memberIfPresent("choice", choice)
            json.memberIfPresent("tour", tour)
            json.memberIfPresent("via", via)
        }
    }

    /// Something the user should be told.
    package struct Notice: WireObject {
        package var code: String
        package var text: String

        package init(code: String, text: String) {
            self.code = code
            self.text = text
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            code = try fields.required("code").string(TextBounds(1...64))
            text = try fields.required("text").string(.sentence)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("code", code)
            json.member("text", text)
        }
    }

    /// Somebody has read up to an event.
    package struct Read: WireObject {
        package var who: String
        package var kind: String
        package var upto: Int

        package init(who: String, kind: String, upto: Int) {
            self.who = who
            self.kind = kind
            self.upto = upto
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            who = try fields.required("who").string(.id)
            kind = try fields.required("kind").word(["customer", "agent"])
            upto = try fields.required("upto").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("who", who)
            json.member("kind", kind)
            json.member("upto", upto)
        }
    }

    /// The server goes away: come back later.
    package struct Reconnect: WireObject {
        /// Add jitter.
        package var afterMilliseconds: Int

        package init(afterMilliseconds: Int) {
            self.afterMilliseconds = afterMilliseconds
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            afterMilliseconds = try fields.required("after_ms").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("after_ms", afterMilliseconds)
        }
    }

    /// Somebody types.
    package struct Typing: WireObject {
        /// An agent's or customer's identifier, or `bot`.
        package var who: String
        package var on: Bool
        package var kind: String?
        package var name: String?

        package init(who: String, on: Bool, kind: String? = nil, name: String? = nil) {
            self.who = who
            self.on = on
            self.kind = kind
            self.name = name
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            who = try fields.required("who").string(.id)
            on = try fields.required("on").bool()
            kind = try fields.optional("kind")?.word(["customer", "bot", "agent"])
            name = try fields.optional("name")?.string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("who", who)
            json.member("on", on)
            json.memberIfPresent("kind", kind)
            json.memberIfPresent("name", name)
        }
    }
}
