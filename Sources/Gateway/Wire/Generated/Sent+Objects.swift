// Generated from Wire/types.json by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// Who may speak next to the customer.
    package struct Owner: WireObject {
        /// Who.
        package var kind: String
        /// The agent.
        package var id: String?
        /// The name to show.
        package var name: String?

        package init(kind: String, id: String? = nil, name: String? = nil) {
            self.kind = kind
            self.id = id
            self.name = name
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            kind = try fields.required("kind").word(["bot", "queue", "agent", "nobody"])
            id = try fields.optional("id")?.string(.id)
            name = try fields.optional("name")?.string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("kind", kind)
            json.memberIfPresent("id", id)
            json.memberIfPresent("name", name)
        }
    }

    /// Who wrote or did something.
    package struct Author: WireObject {
        /// Who.
        package var kind: String
        /// The customer's or agent's identifier.
        package var id: String?
        /// The name to show.
        package var name: String?

        package init(kind: String, id: String? = nil, name: String? = nil) {
            self.kind = kind
            self.id = id
            self.name = name
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            kind = try fields.required("kind").word(["customer", "bot", "agent", "system"])
            id = try fields.optional("id")?.string(.id)
            name = try fields.optional("name")?.string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("kind", kind)
            json.memberIfPresent("id", id)
            json.memberIfPresent("name", name)
        }
    }

    /// Why something happened.
    package struct Reason: WireObject {
        /// For programs.
        package var code: String
        /// For people.
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

    /// A customer.
    package struct Contact: WireObject {
        package var id: String
        /// Null for somebody who has not said it.
        package var name: String?
        /// For agents only.
        package var email: String?

        package init(id: String, name: String?, email: String? = nil) {
            self.id = id
            self.name = name
            self.email = email
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            name = try fields.nullable("name")?.string(.label)
            email = try fields.optional("email")?.string(.email)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.memberOrNull("name", name)
            json.memberIfPresent("email", email)
        }
    }

    /// What a customer sees of a site before anybody has written.
    package struct SiteGreeting: WireObject {
        package var name: String
        package var greeting: String
        package var language: String

        package init(name: String, greeting: String, language: String) {
            self.name = name
            self.greeting = greeting
            self.language = language
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            name = try fields.required("name").string(.label)
            greeting = try fields.required("greeting").string(TextBounds(0...2000))
            language = try fields.required("language").string(.language)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("name", name)
            json.member("greeting", greeting)
            json.member("language", language)
        }
    }

    /// An open conversation of the customer.
    package struct ConversationState: WireObject {
        package var c: String
        /// The last event the customer may see.
        package var s: Int
        package var status: String
        package var owner: Owner

        package init(c: String, s: Int, status: String, owner: Owner) {
            self.c = c
            self.s = s
            self.status = status
            self.owner = owner
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            c = try fields.required("c").string(.id)
            s = try fields.required("s").int(0...9_007_199_254_740_991)
            status = try fields.required("status")
                .word(["bot", "queued", "open", "pending", "snoozed", "resolved"])
            owner = try Owner(FieldReader(fields.required("owner")))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("c", c)
            json.member("s", s)
            json.member("status", status)
            json.member("owner", owner)
        }
    }

    /// A conversation of the customer that was resolved.
    package struct EndedConversation: WireObject {
        package var c: String
        /// The last event the customer may see.
        package var s: Int
        /// When it ended.
        package var at: String
        /// Whether the customer has said how it was.
        package var rated: Bool

        package init(c: String, s: Int, at: String, rated: Bool) {
            self.c = c
            self.s = s
            self.at = at
            self.rated = rated
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            c = try fields.required("c").string(.id)
            s = try fields.required("s").int(0...9_007_199_254_740_991)
            at = try fields.required("at").string(.time)
            rated = try fields.required("rated").bool()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("c", c)
            json.member("s", s)
            json.member("at", at)
            json.member("rated", rated)
        }
    }

    /// An answer the customer can give with one press.
    package struct QuickReply: WireObject {
        package var id: String
        package var title: String

        package init(id: String, title: String) {
            self.id = id
            self.title = title
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            title = try fields.required("title").string(.label)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.member("title", title)
        }
    }

    /// One question of a form.
    package struct FormField: WireObject {
        package var name: String
        package var label: String
        package var kind: String
        package var required: Bool?
        /// Of a `select`.
        package var options: [QuickReply]?

        package init(
            name: String,
            label: String,
            kind: String,
            required: Bool? = nil,
            options: [QuickReply]? = nil
        ) {
            self.name = name
            self.label = label
            self.kind = kind
            self.required = required
            self.options = options
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            name = try fields.required("name").string(.id)
            label = try fields.required("label").string(.label)
            kind = try fields.required("kind")
                .word(["text", "email", "select", "checkbox", "textarea"])
            required = try fields.optional("required")?.bool()
            options = try fields.optional("options")?
                .list(0...50) { value throws(WireFault) in try QuickReply(FieldReader(value)) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("name", name)
            json.member("label", label)
            json.member("kind", kind)
            json.memberIfPresent("required", required)
            json.memberIfPresent("options", options)
        }
    }

    /// An article that an answer rests on.
    package struct Source: WireObject {
        package var article: String
        package var title: String
        /// `https:` or a path of the site.
        package var url: String?

        package init(article: String, title: String, url: String? = nil) {
            self.article = article
            self.title = title
            self.url = url
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            article = try fields.required("article").string(.id)
            title = try fields.required("title").string(.label)
            url = try fields.optional("url")?.string(TextBounds(1...2048))
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("article", article)
            json.member("title", title)
            json.memberIfPresent("url", url)
        }
    }

    /// A file that goes with a message.
    ///
    /// `POST /v1/files/links` gives the link to its content.
    package struct File: WireObject {
        package var id: String
        /// Without a path.
        package var name: String
        /// The media type that the server found.
        package var type: String
        /// In bytes.
        package var size: Int
        /// Of an image, in pixels as it is shown.
        package var width: Int?
        package var height: Int?

        package init(
            id: String,
            name: String,
            type: String,
            size: Int,
            width: Int? = nil,
            height: Int? = nil
        ) {
            self.id = id
            self.name = name
            self.type = type
            self.size = size
            self.width = width
            self.height = height
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            id = try fields.required("id").string(.id)
            name = try fields.required("name").string(.label)
            type = try fields.required("type").string(TextBounds(1...200))
            size = try fields.required("size").int(0...9_007_199_254_740_991)
            width = try fields.optional("width")?.int(0...9_007_199_254_740_991)
            height = try fields.optional("height")?.int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("id", id)
            json.member("name", name)
            json.member("type", type)
            json.member("size", size)
            json.memberIfPresent("width", width)
            json.memberIfPresent("height", height)
        }
    }
}
