// Generated from Wire/types.json by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// A site in a list.
    package struct SiteName: WireObject {
        package var key: String
        package var name: String

        package init(key: String, name: String) {
            self.key = key
            self.name = name
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            key = try fields.required("key").string(.id)
            name = try fields.required("name").string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("key", key)
            json.member("name", name)
        }
    }

    /// The agent who is connected.
    package struct AgentProfile: WireObject {
        package var id: String
        package var name: String
        package var email: String
        package var role: String
        package var skills: [String]
        /// How many conversations are offered to them at a time.
        package var capacity: Int
        package var state: String

        package init(
            id: String,
            name: String,
            email: String,
            role: String,
            skills: [String],
            capacity: Int,
            state: String
        ) {
            self.id = id
            self.name = name
            self.email = email
            self.role = role
            self.skills = skills
            self.capacity = capacity
            self.state = state
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            name = try fields.required("name").string(.label)
            email = try fields.required("email").string(.email)
            role = try fields.required("role").word(["admin", "supervisor", "agent"])
            skills = try fields.required("skills")
                .list(0...100) { value throws(WireFault) in try value.string(.label) }
            capacity = try fields.required("capacity").int(0...9_007_199_254_740_991)
            state = try fields.required("state").word(["online", "away", "offline"])
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.member("name", name)
            json.member("email", email)
            json.member("role", role)
            json.member("skills", skills)
            json.member("capacity", capacity)
            json.member("state", state)
        }
    }

    /// A member of the team.
    package struct AgentPresence: WireObject {
        package var id: String
        package var name: String
        package var state: String
        /// Open conversations of theirs.
        package var load: Int
        package var capacity: Int

        package init(id: String, name: String, state: String, load: Int, capacity: Int) {
            self.id = id
            self.name = name
            self.state = state
            self.load = load
            self.capacity = capacity
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            name = try fields.required("name").string(.label)
            state = try fields.required("state").word(["online", "away", "offline"])
            load = try fields.required("load").int(0...9_007_199_254_740_991)
            capacity = try fields.required("capacity").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.member("name", name)
            json.member("state", state)
            json.member("load", load)
            json.member("capacity", capacity)
        }
    }

    /// A member of the team, named.
    package struct AgentName: WireObject {
        package var id: String
        package var name: String

        package init(id: String, name: String) {
            self.id = id
            self.name = name
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            name = try fields.required("name").string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.member("name", name)
        }
    }

    /// A text that agents may insert.
    package struct CannedText: WireObject {
        package var id: String
        package var title: String
        package var text: String

        package init(id: String, title: String, text: String) {
            self.id = id
            self.title = title
            self.text = text
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            title = try fields.required("title").string(.label)
            text = try fields.required("text").string(.text)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.member("title", title)
            json.member("text", text)
        }
    }

    /// The last message in a list.
    package struct Preview: WireObject {
        /// Who wrote it.
        package var kind: String
        /// Its beginning.
        package var text: String

        package init(kind: String, text: String) {
            self.kind = kind
            self.text = text
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            kind = try fields.required("kind").word(["customer", "bot", "agent", "system"])
            text = try fields.required("text").string(TextBounds(0...400))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("kind", kind)
            json.member("text", text)
        }
    }

    /// An intent with the probability that it is meant.
    package struct RankedIntent: WireObject {
        package var intent: String
        package var title: String?
        package var p: Double

        package init(intent: String, title: String? = nil, p: Double) {
            self.intent = intent
            self.title = title
            self.p = p
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            intent = try fields.required("intent").string(.label)
            title = try fields.optional("title")?.string(.label)
            p = try fields.required("p").number(0...1)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("intent", intent)
            json.memberIfPresent("title", title)
            json.member("p", p)
        }
    }

    /// A part of the text that spoke for the intent.
    package struct Evidence: WireObject {
        package var text: String
        package var weight: Double

        package init(text: String, weight: Double) {
            self.text = text
            self.weight = weight
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            text = try fields.required("text").string(.sentence)
            weight = try fields.required("weight").number()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("text", text)
            json.member("weight", weight)
        }
    }

    /// An intent in a list.
    package struct IntentName: WireObject {
        package var intent: String
        package var title: String

        package init(intent: String, title: String) {
            self.intent = intent
            self.title = title
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            intent = try fields.required("intent").string(.label)
            title = try fields.required("title").string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("intent", intent)
            json.member("title", title)
        }
    }

    /// The training example most like the text.
    package struct NearestExample: WireObject {
        package var text: String
        package var intent: String
        package var similarity: Double

        package init(text: String, intent: String, similarity: Double) {
            self.text = text
            self.intent = intent
            self.similarity = similarity
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            text = try fields.required("text").string(.text)
            intent = try fields.required("intent").string(.label)
            similarity = try fields.required("similarity").number()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("text", text)
            json.member("intent", intent)
            json.member("similarity", similarity)
        }
    }
}
