// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// Asks the customer for something; `form.submit` answers.
    package struct FormShow: WireObject {
        /// Which form.
        package var form: String
        package var title: String
        package var fields: [FormField]
        /// Whether it may be left empty.
        package var optional: Bool?

        package init(form: String, title: String, fields: [FormField], optional: Bool? = nil) {
            self.form = form
            self.title = title
            self.fields = fields
            self.optional = optional
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            form = try fields.required("form").word(["contact"])
            title = try fields.required("title").string(.label)
            self.fields = try fields.required("fields")
                .list(0...20) { value throws(WireFault) in try FormField(FieldReader(value)) }
            optional = try fields.optional("optional")?.bool()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("form", form)
            json.member("title", title)
            json.member("fields", fields)
            json.memberIfPresent("optional", optional)
        }
    }

    /// The customer's place in the queue.
    package struct QueuePos: WireObject {
        /// 1 is next.
        package var position: Int
        /// The expected wait in seconds; absent when nobody can say.
        package var expectSeconds: Int?

        package init(position: Int, expectSeconds: Int? = nil) {
            self.position = position
            self.expectSeconds = expectSeconds
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            position = try fields.required("position").int(1...1_000_000)
            expectSeconds = try fields.optional("expect_s")?.int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("position", position)
            json.memberIfPresent("expect_s", expectSeconds)
        }
    }

    /// Opens the session: what the customer's client needs to begin.
    package struct CustomerWelcome: WireObject {
        package var epoch: String
        package var contact: Contact
        /// Whether all that was missed follows; if not, `resync` names the conversations to fetch
        /// anew.
        package var recovered: Bool
        /// The server pings this often; after 1.5 times as long without a sign the connection is
        /// dead.
        package var heartbeatSeconds: Int
        /// The open ones.
        package var conversations: [ConversationState]
        package var site: SiteGreeting
        /// Whether a person could answer now.
        package var agentsOnline: Bool
        /// Those that ended in the last three days, five at most, the latest first.
        ///
        /// None of them is replayed: `sync` asks for what the customer has not seen.
        package var ended: [EndedConversation]?

        package init(
            epoch: String,
            contact: Contact,
            recovered: Bool,
            heartbeatSeconds: Int,
            conversations: [ConversationState],
            site: SiteGreeting,
            agentsOnline: Bool,
            ended: [EndedConversation]? = nil
        ) {
            self.epoch = epoch
            self.contact = contact
            self.recovered = recovered
            self.heartbeatSeconds = heartbeatSeconds
            self.conversations = conversations
            self.site = site
            self.agentsOnline = agentsOnline
            self.ended = ended
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            epoch = try fields.required("epoch").string(.epoch)
            contact = try Contact(FieldReader(fields.required("contact")))
            recovered = try fields.required("recovered").bool()
            heartbeatSeconds = try fields.required("heartbeat_s").int(0...9_007_199_254_740_991)
            conversations = try fields.required("conversations")
                .list(0...1000) { value throws(WireFault) in
                    try ConversationState(FieldReader(value))
                }
            site = try SiteGreeting(FieldReader(fields.required("site")))
            agentsOnline = try fields.required("agents_online").bool()
            ended = try fields.optional("ended")?
                .list(0...1000) { value throws(WireFault) in
                    try EndedConversation(FieldReader(value))
                }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("epoch", epoch)
            json.member("contact", contact)
            json.member("recovered", recovered)
            json.member("heartbeat_s", heartbeatSeconds)
            json.member("conversations", conversations)
            json.member("site", site)
            json.member("agents_online", agentsOnline)
            json.memberIfPresent("ended", ended)
        }
    }
}
