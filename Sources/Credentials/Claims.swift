import JSONCoding

/// What a session token states.
///
/// A token is signed, not encrypted: its holder can read the claims.
package struct Claims: Hashable, Sendable {
    /// What a token may be used for; the same word is asked for when it is opened.
    package struct Purpose: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral value: String) { rawValue = value }

        /// A customer's widget, from `POST /v1/widget/sessions`.
        package static let widget: Purpose = "widget"
        /// A console's next WebSocket, from `POST /v1/ws-tickets`.
        package static let socketTicket: Purpose = "ws-ticket"
    }

    package let purpose: Purpose
    /// Who the token is about: the id of a contact, an agent, a file.
    package let subject: String
    /// The key of the site that it is good for.
    package let site: String?
    package let extra: [String: String]
    /// When it ends, in milliseconds since 1970; set by issuing.
    package internal(set) var expires: Int64 = 0

    package init(
        purpose: Purpose,
        subject: String,
        site: String? = nil,
        extra: [String: String] = [:]
    ) {
        self.purpose = purpose
        self.subject = subject
        self.site = site
        self.extra = extra
    }
}

extension Claims {
    /// The payload of a token, with short keys: tokens travel in every `hello`.
    var payload: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.member("p", purpose.rawValue)
            writer.member("s", subject)
            writer.memberIfPresent("k", site)
            writer.member("e", expires)
            if !extra.isEmpty {
                let members = extra.sorted { $0.key < $1.key }
                writer.member("x", JSON.Object(members.map { ($0.key, .string($0.value)) }))
            }
        }
        return writer.bytes
    }

    init?(payload: [UInt8]) {
        guard let json = try? JSON(parsing: payload, depth: 2),
            let purpose = json["p"]?.stringValue, let subject = json["s"]?.stringValue,
            case .int(let expires) = json["e"]
        else { return nil }
        var extra: [String: String] = [:]
        for (key, value) in json["x"]?.objectValue?.members ?? [] {
            extra[key] = value.stringValue
        }
        self.init(
            purpose: Purpose(rawValue: purpose),
            subject: subject,
            site: json["k"]?.stringValue,
            extra: extra
        )
        self.expires = expires
    }
}
