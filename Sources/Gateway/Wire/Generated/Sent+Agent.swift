// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// The whole row of a conversation in the list, after it changed.
    package struct InboxDelta: WireObject {
        package var c: String
        package var site: SiteName
        package var contact: Contact
        package var status: String
        package var owner: Owner
        /// The last message; absent when nobody has written.
        package var preview: Preview?
        /// The last event.
        package var s: Int
        package var updatedAt: String
        /// Since when the customer waits for a person.
        package var waitingSince: String?
        /// The page's own name, or its path.
        package var page: String?
        package var title: String?
        package var intent: String?
        package var mood: Double?
        package var priority: Double?
        package var tags: [String]

        package init(
            c: String,
            site: SiteName,
            contact: Contact,
            status: String,
            owner: Owner,
            preview: Preview? = nil,
            s: Int,
            updatedAt: String,
            waitingSince: String? = nil,
            page: String? = nil,
            title: String? = nil,
            intent: String? = nil,
            mood: Double? = nil,
            priority: Double? = nil,
            tags: [String]
        ) {
            self.c = c
            self.site = site
            self.contact = contact
            self.status = status
            self.owner = owner
            self.preview = preview
            self.s = s
            self.updatedAt = updatedAt
            self.waitingSince = waitingSince
            self.page = page
            self.title = title
            self.intent = intent
            self.mood = mood
            self.priority = priority
            self.tags = tags
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            c = try fields.required("c").string(.id)
            site = try SiteName(FieldReader(fields.required("site")))
            contact = try Contact(FieldReader(fields.required("contact")))
            status = try fields.required("status")
                .word(["bot", "queued", "open", "pending", "snoozed", "resolved"])
            owner = try Owner(FieldReader(fields.required("owner")))
            preview = try fields.optional("preview")
                .map { value throws(WireFault) in try Preview(FieldReader(value)) }
            s = try fields.required("s").int(0...9_007_199_254_740_991)
            updatedAt = try fields.required("updated_at").string(.time)
            waitingSince = try fields.optional("waiting_since")?.string(.time)
            page = try fields.optional("page")?.string(TextBounds(0...2048))
            title = try fields.optional("title")?.string(TextBounds(0...1000))
            intent = try fields.optional("intent")?.string(.label)
            mood = try fields.optional("mood")?.number()
            priority = try fields.optional("priority")?.number(0...1)
            tags = try fields.required("tags")
                .list(0...100) { value throws(WireFault) in try value.string(.tag) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("c", c)
            json.member("site", site)
            json.member("contact", contact)
            json.member("status", status)
            json.member("owner", owner)
            json.memberIfPresent("preview", preview)
            json.member("s", s)
            json.member("updated_at", updatedAt)
            json.memberIfPresent("waiting_since", waitingSince)
            json.memberIfPresent("page", page)
            json.memberIfPresent("title", title)
            json.memberIfPresent("intent", intent)
            json.memberIfPresent("mood", mood)
            json.memberIfPresent("priority", priority)
            json.member("tags", tags)
        }
    }

    /// Asks the agent to take a conversation.
    package struct Offer: WireObject {
        package var c: String
        /// How long the offer stands.
        package var expiresSeconds: Int
        /// Why this agent.
        package var why: [String]
        package var briefing: JSON.Object

        package init(c: String, expiresSeconds: Int, why: [String], briefing: JSON.Object) {
            self.c = c
            self.expiresSeconds = expiresSeconds
            self.why = why
            self.briefing = briefing
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            c = try fields.required("c").string(.id)
            expiresSeconds = try fields.required("expires_s").int(0...9_007_199_254_740_991)
            why = try fields.required("why")
                .list(0...20) { value throws(WireFault) in try value.string(.sentence) }
            briefing = try fields.required("briefing").object(bytes: 65536)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("c", c)
            json.member("expires_s", expiresSeconds)
            json.member("why", why)
            json.member("briefing", briefing)
        }
    }

    /// An offer no longer stands.
    package struct OfferGone: WireObject {
        package var c: String
        package var reason: String

        package init(c: String, reason: String) {
            self.c = c
            self.reason = reason
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            c = try fields.required("c").string(.id)
            reason = try fields.required("reason").string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("c", c)
            json.member("reason", reason)
        }
    }

    /// An agent came, went or took something on.
    package struct Presence: WireObject {
        package var agent: AgentName
        package var state: String
        package var load: Int

        package init(agent: AgentName, state: String, load: Int) {
            self.agent = agent
            self.state = state
            self.load = load
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            agent = try AgentName(FieldReader(fields.required("agent")))
            state = try fields.required("state").word(["online", "away", "offline"])
            load = try fields.required("load").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("agent", agent)
            json.member("state", state)
            json.member("load", load)
        }
    }

    /// A piece of a draft or a summary while it is being written.
    package struct Suggest: WireObject {
        /// What the request called itself in `stream`.
        package var request: String
        /// 0, 1, 2 ….
        package var i: Int
        package var text: String

        package init(request: String, i: Int, text: String) {
            self.request = request
            self.i = i
            self.text = text
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            request = try fields.required("request").string(.id)
            i = try fields.required("i").int(0...9_007_199_254_740_991)
            text = try fields.required("text").string(TextBounds(1...8000))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("request", request)
            json.member("i", i)
            json.member("text", text)
        }
    }

    /// Opens the session: what the console needs to begin.
    package struct AgentWelcome: WireObject {
        package var epoch: String
        package var recovered: Bool
        package var heartbeatSeconds: Int
        package var agent: AgentProfile
        /// The log position up to which rows follow.
        package var feed: Int
        /// The team.
        package var agents: [AgentPresence]
        package var sites: [SiteName]
        package var canned: [CannedText]
        /// What customers may mean, for saying what they did mean; see the tags.
        package var intents: [IntentName]?

        package init(
            epoch: String,
            recovered: Bool,
            heartbeatSeconds: Int,
            agent: AgentProfile,
            feed: Int,
            agents: [AgentPresence],
            sites: [SiteName],
            canned: [CannedText],
            intents: [IntentName]? = nil
        ) {
            self.epoch = epoch
            self.recovered = recovered
            self.heartbeatSeconds = heartbeatSeconds
            self.agent = agent
            self.feed = feed
            self.agents = agents
            self.sites = sites
            self.canned = canned
            self.intents = intents
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            epoch = try fields.required("epoch").string(.epoch)
            recovered = try fields.required("recovered").bool()
            heartbeatSeconds = try fields.required("heartbeat_s").int(0...9_007_199_254_740_991)
            agent = try AgentProfile(FieldReader(fields.required("agent")))
            feed = try fields.required("feed").int(0...9_007_199_254_740_991)
            agents = try fields.required("agents")
                .list(0...1000) { value throws(WireFault) in try AgentPresence(FieldReader(value)) }
            sites = try fields.required("sites")
                .list(0...1000) { value throws(WireFault) in try SiteName(FieldReader(value)) }
            canned = try fields.required("canned")
                .list(0...1000) { value throws(WireFault) in try CannedText(FieldReader(value)) }
            intents = try fields.optional("intents")?
                .list(0...5000) { value throws(WireFault) in try IntentName(FieldReader(value)) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("epoch", epoch)
            json.member("recovered", recovered)
            json.member("heartbeat_s", heartbeatSeconds)
            json.member("agent", agent)
            json.member("feed", feed)
            json.member("agents", agents)
            json.member("sites", sites)
            json.member("canned", canned)
            json.memberIfPresent("intents", intents)
        }
    }
}
