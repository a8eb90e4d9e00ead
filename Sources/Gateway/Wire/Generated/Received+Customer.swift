// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Received {
    /// Leaves an e-mail address for an answer that comes later.
    package struct Address: WireObject {
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

    /// Replaces the session's token before it expires.
    package struct AuthRefresh: WireObject {
        /// A new one from `POST /v1/widget/sessions`, for the same contact.
        package var token: String

        package init(token: String) {
            self.token = token
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            token = try fields.required("token").string(.token)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("token", token)
        }
    }

    /// Presses a quick reply: its title becomes the customer's message.
    package struct Choice: WireObject {
        package var cid: String
        /// The message that offered it.
        package var m: String
        /// The quick reply.
        package var choice: String

        package init(cid: String, m: String, choice: String) {
            self.cid = cid
            self.m = m
            self.choice = choice
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            cid = try fields.required("cid").string(.cid)
            m = try fields.required("m").string(.id)
            choice = try fields.required("choice").string(.id)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("cid", cid)
            json.member("m", m)
            json.member("choice", choice)
        }
    }

    /// Says where the customer is.
    package struct Context: WireObject {
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

    /// Rates the conversation.
    package struct Csat: WireObject {
        /// 5 is best.
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

    /// Says whether an answer of the assistant helped.
    package struct Feedback: WireObject {
        /// The answer.
        package var m: String
        /// It may be said anew.
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

    /// Hands in a form.
    package struct FormSubmit: WireObject {
        package enum Form: String, Sendable, CaseIterable {
            case address
            case contact
        }

        /// Which form.
        package var form: Form
        /// For `address`: `email`.
        ///
        /// For `contact`: `name`, `email`, each of which may be left out or empty.
        package var values: JSON.Object

        package init(form: Form, values: JSON.Object) {
            self.form = form
            self.values = values
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            form = try fields.required("form").word(Form.self)
            values = try fields.required("values").object(bytes: 4096)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("form", form.rawValue)
            json.member("values", values)
        }
    }

    /// Opens a customer's session.
    package struct CustomerHello: WireObject {
        /// From `POST /v1/widget/sessions`.
        package var token: String
        /// Where the customer is now.
        package var context: Context?
        /// What the client has seen, to be sent what it missed.
        package var resume: [ResumePoint]?
        /// From the last `welcome`.
        package var epoch: String?

        package init(
            token: String,
            context: Context? = nil,
            resume: [ResumePoint]? = nil,
            epoch: String? = nil
        ) {
            self.token = token
            self.context = context
            self.resume = resume
            self.epoch = epoch
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            token = try fields.required("token").string(.token)
            context = try fields.optional("context")
                .map { value throws(WireFault) in try Context(FieldReader(value)) }
            resume = try fields.optional("resume")?
                .list(0...100) { value throws(WireFault) in try ResumePoint(FieldReader(value)) }
            epoch = try fields.optional("epoch")?.string(.epoch)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("token", token)
            json.memberIfPresent("context", context)
            json.memberIfPresent("resume", resume)
            json.memberIfPresent("epoch", epoch)
        }
    }

    /// Says something; without `c` it starts a conversation.
    package struct MsgSend: WireObject {
        package var cid: String
        /// What the customer says.
        package var text: String
        /// The quick reply this text came from.
        package var choice: String?
        /// Files that go with it, by the `upload_id` of `POST /v1/uploads`; each can be sent once.
        package var uploads: [String]?

        package init(cid: String, text: String, choice: String? = nil, uploads: [String]? = nil) {
            self.cid = cid
            self.text = text
            self.choice = choice
            self.uploads = uploads
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            try fields.oneNotEmpty(of: "text", "uploads")
            cid = try fields.required("cid").string(.cid)
            text = try fields.required("text").string(.words)
            choice = try fields.optional("choice")?.string(.id)
            uploads = try fields.optional("uploads")?
                .list(0...10) { value throws(WireFault) in try value.string(.id) }
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("cid", cid)
            json.member("text", text)
            json.memberIfPresent("choice", choice)
            json.memberIfPresent("uploads", uploads)
        }
    }

    /// Tells of something the customer did in the product.
    package struct Track: WireObject {
        /// What happened, such as `export.failed`.
        package var name: String
        /// What belongs to it.
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
}
