// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// A note of an agent.
    package struct NoteEvent: WireObject {
        package var m: String
        package var cid: String?
        package var from: Author
        /// Empty when it was erased.
        package var text: String

        package init(m: String, cid: String? = nil, from: Author, text: String) {
            self.m = m
            self.cid = cid
            self.from = from
            self.text = text
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            m = try fields.required("m").string(.id)
            cid = try fields.optional("cid")?.string(.cid)
            from = try Author(FieldReader(fields.required("from")))
            text = try fields.required("text").string(TextBounds(0...8000))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("m", m)
            json.memberIfPresent("cid", cid)
            json.member("from", from)
            json.member("text", text)
        }
    }

    /// The customer went somewhere.
    package struct ContextEvent: WireObject {
        /// Increases with each change; a late frame never overwrites a newer one.
        package var n: Int
        /// Where the customer is.
        package var urlPath: String
        /// The page's title.
        package var title: String?
        /// The page's own name for itself, such as `billing.invoice`.
        package var page: String?
        /// What the page says about the customer or itself.
        package var facts: JSON.Object?
        /// A BCP 47 language tag.
        package var locale: String?
        /// Width and height in CSS pixels.
        package var viewport: [Int]?

        package init(
            n: Int,
            urlPath: String,
            title: String? = nil,
            page: String? = nil,
            facts: JSON.Object? = nil,
            locale: String? = nil,
            viewport: [Int]? = nil
        ) {
            self.n = n
            self.urlPath = urlPath
            self.title = title
            self.page = page
            self.facts = facts
            self.locale = locale
            self.viewport = viewport
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            n = try fields.required("n").int(0...9_007_199_254_740_991)
            urlPath = try fields.required("url_path").string(.path)
            title = try fields.optional("title")?.string(TextBounds(0...1000))
            page = try fields.optional("page")?.string(TextBounds(0...200))
            facts = try fields.optional("facts")?.object(bytes: 4096)
            locale = try fields.optional("locale")?.string(TextBounds(0...35))
            viewport = try fields.optional("viewport")?
                .list(2...2) { value throws(WireFault) in try value.int(0...100_000) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("n", n)
            json.member("url_path", urlPath)
            json.memberIfPresent("title", title)
            json.memberIfPresent("page", page)
            json.memberIfPresent("facts", facts)
            json.memberIfPresent("locale", locale)
            json.memberIfPresent("viewport", viewport)
        }
    }

    /// What the triage core made of the customer's words, and why.
    package struct DecidedEvent: WireObject {
        package var decision: String
        package var action: String
        package var intent: String?
        package var confidence: Double
        package var threshold: Double
        /// From -4 (furious) to 4 (delighted).
        package var mood: Double
        package var urgency: Double
        package var outOfScope: Double
        package var language: String?
        package var ranking: [RankedIntent]
        package var evidence: [Evidence]
        /// The rule of the policy that fired.
        package var rule: String
        package var nearest: NearestExample?
        /// Of the model and the configuration.
        package var versions: JSON.Object
        /// How long it took, in microseconds.
        package var micros: Int
        /// The likeliest intent's own score, z1.
        package var score: Double?
        /// How far it is ahead of the next one.
        package var lead: Double?
        /// The next one.
        package var against: String?
        /// The lead that `evidence` and `rest` add up to.
        package var margin: Double?
        /// What evidence that is not listed adds.
        package var rest: Double?
        /// Page, facts and earlier turns as they were read.
        package var context: [String]?
        /// The share of right answers asked for.
        package var target: Double?
        /// Why more was asked for than usual.
        package var caution: [String]?
        /// Microseconds of each stage.
        package var stages: JSON.Object?

        package init(
            decision: String,
            action: String,
            intent: String? = nil,
            confidence: Double,
            threshold: Double,
            mood: Double,
            urgency: Double,
            outOfScope: Double,
            language: String? = nil,
            ranking: [RankedIntent],
            evidence: [Evidence],
            rule: String,
            nearest: NearestExample? = nil,
            versions: JSON.Object,
            micros: Int,
            score: Double? = nil,
            lead: Double? = nil,
            against: String? = nil,
            margin: Double? = nil,
            rest: Double? = nil,
            context: [String]? = nil,
            target: Double? = nil,
            caution: [String]? = nil,
            stages: JSON.Object? = nil
        ) {
            self.decision = decision
            self.action = action
            self.intent = intent
            self.confidence = confidence
            self.threshold = threshold
            self.mood = mood
            self.urgency = urgency
            self.outOfScope = outOfScope
            self.language = language
            self.ranking = ranking
            self.evidence = evidence
            self.rule = rule
            self.nearest = nearest
            self.versions = versions
            self.micros = micros
            self.score = score
            self.lead = lead
            self.against = against
            self.margin = margin
            self.rest = rest
            self.context = context
            self.target = target
            self.caution = caution
            self.stages = stages
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            decision = try fields.required("decision").string(.id)
            action = try fields.required("action")
                .word(["answer", "clarify", "step", "hand_off", "silent"])
            intent = try fields.optional("intent")?.string(.label)
            confidence = try fields.required("confidence").number(0...1)
            threshold = try fields.required("threshold").number(0...1)
            mood = try fields.required("mood").number()
            urgency = try fields.required("urgency").number(0...1)
            outOfScope = try fields.required("out_of_scope").number(0...1)
            language = try fields.optional("language")?.string(.language)
            ranking = try fields.required("ranking")
                .list(0...100) { value throws(WireFault) in try RankedIntent(FieldReader(value)) }
            evidence = try fields.required("evidence")
                .list(0...100) { value throws(WireFault) in try Evidence(FieldReader(value)) }
            rule = try fields.required("rule").string(.label)
            nearest = try fields.optional("nearest")
                .map { value throws(WireFault) in try NearestExample(FieldReader(value)) }
            versions = try fields.required("versions").object(bytes: 4096)
            micros = try fields.required("micros").int(0...9_007_199_254_740_991)
            score = try fields.optional("score")?.number()
            lead = try fields.optional("lead")?.number()
            against = try fields.optional("against")?.string(.label)
            margin = try fields.optional("margin")?.number()
            rest = try fields.optional("rest")?.number()
            context = try fields.optional("context")?
                .list(0...24) { value throws(WireFault) in try value.string(.label) }
            target = try fields.optional("target")?.number(0...1)
            caution = try fields.optional("caution")?
                .list(0...10) { value throws(WireFault) in try value.string(.label) }
            stages = try fields.optional("stages")?.object(bytes: 4096)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("decision", decision)
            json.member("action", action)
            json.memberIfPresent("intent", intent)
            json.member("confidence", confidence)
            json.member("threshold", threshold)
            json.member("mood", mood)
            json.member("urgency", urgency)
            json.member("out_of_scope", outOfScope)
            json.memberIfPresent("language", language)
            json.member("ranking", ranking)
            json.member("evidence", evidence)
            json.member("rule", rule)
            json.memberIfPresent("nearest", nearest)
            json.member("versions", versions)
            json.member("micros", micros)
            json.memberIfPresent("score", score)
            json.memberIfPresent("lead", lead)
            json.memberIfPresent("against", against)
            json.memberIfPresent("margin", margin)
            json.memberIfPresent("rest", rest)
            json.memberIfPresent("context", context)
            json.memberIfPresent("target", target)
            json.memberIfPresent("caution", caution)
            json.memberIfPresent("stages", stages)
        }
    }

    /// An agent was asked to take the conversation.
    package struct OfferedEvent: WireObject {
        package var agent: AgentName
        package var expiresAt: String
        /// Why this agent.
        package var why: [String]

        package init(agent: AgentName, expiresAt: String, why: [String]) {
            self.agent = agent
            self.expiresAt = expiresAt
            self.why = why
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            agent = try AgentName(FieldReader(fields.required("agent")))
            expiresAt = try fields.required("expires_at").string(.time)
            why = try fields.required("why")
                .list(0...20) { value throws(WireFault) in try value.string(.sentence) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("agent", agent)
            json.member("expires_at", expiresAt)
            json.member("why", why)
        }
    }

    /// What became of the offer.
    package struct OfferEndedEvent: WireObject {
        package var agent: AgentName
        package var outcome: String
        package var reason: String?

        package init(agent: AgentName, outcome: String, reason: String? = nil) {
            self.agent = agent
            self.outcome = outcome
            self.reason = reason
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            agent = try AgentName(FieldReader(fields.required("agent")))
            outcome = try fields.required("outcome")
                .word(["accepted", "declined", "expired", "withdrawn"])
            reason = try fields.optional("reason")?.string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("agent", agent)
            json.member("outcome", outcome)
            json.memberIfPresent("reason", reason)
        }
    }

    /// What a source knows about the customer.
    package struct FactsEvent: WireObject {
        package var source: String
        package var title: String
        package var facts: JSON.Object

        package init(source: String, title: String, facts: JSON.Object) {
            self.source = source
            self.title = title
            self.facts = facts
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            source = try fields.required("source").string(.label)
            title = try fields.required("title").string(.label)
            facts = try fields.required("facts").object(bytes: 4096)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("source", source)
            json.member("title", title)
            json.member("facts", facts)
        }
    }

    /// The customer said whether an answer helped.
    package struct FeedbackEvent: WireObject {
        /// The answer.
        package var m: String
        package var helpful: Bool

        package init(m: String, helpful: Bool) {
            self.m = m
            self.helpful = helpful
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            m = try fields.required("m").string(.id)
            helpful = try fields.required("helpful").bool()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("m", m)
            json.member("helpful", helpful)
        }
    }

    /// The customer rated the conversation.
    package struct CsatEvent: WireObject {
        package var score: Int
        package var comment: String?

        package init(score: Int, comment: String? = nil) {
            self.score = score
            self.comment = comment
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            score = try fields.required("score").int(1...5)
            comment = try fields.optional("comment")?.string(.sentence)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("score", score)
            json.memberIfPresent("comment", comment)
        }
    }

    /// The customer left an address.
    package struct AddressEvent: WireObject {
        package var email: String

        package init(email: String) {
            self.email = email
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            email = try fields.required("email").string(.email)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("email", email)
        }
    }

    /// Tags changed.
    package struct TaggedEvent: WireObject {
        package var add: [String]
        package var remove: [String]
        package var by: Author

        package init(add: [String], remove: [String], by: Author) {
            self.add = add
            self.remove = remove
            self.by = by
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            add = try fields.required("add")
                .list(0...20) { value throws(WireFault) in try value.string(.tag) }
            remove = try fields.required("remove")
                .list(0...20) { value throws(WireFault) in try value.string(.tag) }
            by = try Author(FieldReader(fields.required("by")))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("add", add)
            json.member("remove", remove)
            json.member("by", by)
        }
    }

    /// The customer did something in the product.
    package struct TrackedEvent: WireObject {
        package var name: String
        package var data: JSON.Object?

        package init(name: String, data: JSON.Object? = nil) {
            self.name = name
            self.data = data
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            name = try fields.required("name").string(TextBounds(1...100))
            data = try fields.optional("data")?.object(bytes: 4096)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("name", name)
            json.memberIfPresent("data", data)
        }
    }

    /// An action of a plugin was carried out, or refused.
    package struct ActionEvent: WireObject {
        /// The run: the idempotency key that the provider was given.
        package var run: String
        package var plugin: String
        package var action: String
        package var title: String
        package var state: String
        /// What came of it, in the plugin's words.
        package var summary: String?
        /// Who had it done.
        package var by: Author
        /// What was asked for.
        package var input: JSON.Object?

        package init(
            run: String,
            plugin: String,
            action: String,
            title: String,
            state: String,
            summary: String? = nil,
            by: Author,
            input: JSON.Object? = nil
        ) {
            self.run = run
            self.plugin = plugin
            self.action = action
            self.title = title
            self.state = state
            self.summary = summary
            self.by = by
            self.input = input
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            run = try fields.required("run").string(.id)
            plugin = try fields.required("plugin").string(.label)
            action = try fields.required("action").string(.label)
            title = try fields.required("title").string(.label)
            state = try fields.required("state").word(["done", "failed"])
            summary = try fields.optional("summary")?.string(.sentence)
            by = try Author(FieldReader(fields.required("by")))
            input = try fields.optional("input")?.object(bytes: 4096)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("run", run)
            json.member("plugin", plugin)
            json.member("action", action)
            json.member("title", title)
            json.member("state", state)
            json.memberIfPresent("summary", summary)
            json.member("by", by)
            json.memberIfPresent("input", input)
        }
    }

    /// A workflow began, went on or came to its end.
    package struct WorkflowEvent: WireObject {
        package var run: String
        package var workflow: String
        package var title: String
        /// Stopped: the customer did not want to go on.
        package var state: String
        /// Where it stands.
        package var step: String
        /// What it waits for, while it is running.
        package var waitsFor: String?
        /// The action under way; after a hand-off, what is left to be done.
        package var action: String?
        /// What that action is given.
        package var input: JSON.Object?
        /// What was answered and found, by the names of the steps.
        package var slots: JSON.Object?

        package init(
            run: String,
            workflow: String,
            title: String,
            state: String,
            step: String,
            waitsFor: String? = nil,
            action: String? = nil,
            input: JSON.Object? = nil,
            slots: JSON.Object? = nil
        ) {
            self.run = run
            self.workflow = workflow
            self.title = title
            self.state = state
            self.step = step
            self.waitsFor = waitsFor
            self.action = action
            self.input = input
            self.slots = slots
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            run = try fields.required("run").string(.id)
            workflow = try fields.required("workflow").string(.label)
            title = try fields.required("title").string(.label)
            state = try fields.required("state").word(["running", "done", "handed_off", "stopped"])
            step = try fields.required("step").string(.label)
            waitsFor = try fields.optional("waits_for")?.word(["answer", "action"])
            action = try fields.optional("action")?.string(.label)
            input = try fields.optional("input")?.object(bytes: 4096)
            slots = try fields.optional("slots")?.object(bytes: 4096)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("run", run)
            json.member("workflow", workflow)
            json.member("title", title)
            json.member("state", state)
            json.member("step", step)
            json.memberIfPresent("waits_for", waitsFor)
            json.memberIfPresent("action", action)
            json.memberIfPresent("input", input)
            json.memberIfPresent("slots", slots)
        }
    }
}
