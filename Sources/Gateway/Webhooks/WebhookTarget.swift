import Credentials
import Desk
import JSONCoding
import Model
import Store

/// An endpoint as it is kept, read.
package struct WebhookTarget: Sendable {
    static let idPrefix = "whk_"
    /// How long a secret that was replaced still signs, beside the new one.
    package static let overlap: Duration = .seconds(86_400)

    package var record: WebhookEndpoint

    package init(record: WebhookEndpoint) { self.record = record }

    var id: Int64 { record.id }
    var publicID: String { Self.idPrefix + String(record.id) }

    /// The id behind what people see.
    static func id(_ text: String) -> Int64? {
        text.hasPrefix(idPrefix) ? Int64(text.dropFirst(idPrefix.count)) : nil
    }

    var url: String {
        get { record.document["url"]?.stringValue ?? "" }
        set { record.document["url"] = .string(newValue) }
    }

    /// The URL as an allow-list's pattern: without its query.
    var pattern: String { String(url.prefix { $0 != "?" && $0 != "#" }) }

    /// Which types it wants; empty for all.
    var types: [String] {
        get { record.document["types"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        set { record.document["types"] = .array(newValue.map(JSON.string)) }
    }

    var isEnabled: Bool {
        get { record.document["enabled"]?.boolValue ?? true }
        set { record.document["enabled"] = .bool(newValue) }
    }

    var disabledBecause: String? {
        get { record.document["disabled_because"]?.stringValue }
        set { record.document["disabled_because"] = newValue.map(JSON.string) }
    }

    var allowsPrivateNetwork: Bool {
        get { record.document["allows_private_network"]?.boolValue ?? false }
        set { record.document["allows_private_network"] = .bool(newValue) }
    }

    /// The log's end when it was added: what happened before is not its business.
    var since: Int64 {
        get { Int64(record.document["since"]?.intValue ?? 0) }
        set { record.document["since"] = .int(newValue) }
    }

    func wants(_ type: String) -> Bool { types.isEmpty || types.contains(type) }

    // MARK: - Secrets

    private static let context = "webhook"

    /// Secrets that sign now, the newest first.
    package func secrets(_ vault: SealedSecrets, at now: Timestamp) -> [[UInt8]] {
        guard let bytes = try? vault.open(record.secrets, context: Self.context),
            let list = (try? JSON(parsing: bytes))?.arrayValue
        else { return [] }
        return list.compactMap { item in
            if let until = item["until"]?.intValue, Int64(until) < now.milliseconds { return nil }
            return item["secret"]?.stringValue.flatMap { Base64.padded.decode($0) }
        }
    }

    /// Puts a new secret before the ones there are, which run out; returns its text.
    package mutating func rotate(_ vault: SealedSecrets, at now: Timestamp) throws(SealFault)
        -> String
    {
        let fresh = SecureRandom.bytes(32)
        let until = (now + Self.overlap).milliseconds
        let old = secrets(vault, at: now).prefix(1).map { secret -> JSON in
            ["secret": .string(Base64.padded.encode(secret)), "until": .int(until)]
        }
        let list: [JSON] = [["secret": .string(Base64.padded.encode(fresh))]] + old
        record.secrets = try vault.seal(JSON.array(list).bytes(), context: Self.context)
        return "whsec_" + Base64.padded.encode(fresh)
    }

    /// As its owner sees it; secrets are shown when they are made, and never again.
    var json: JSON.Object {
        var json = record.document
        json["since"] = nil
        json["id"] = .string(publicID)
        return json
    }
}

/// Signs as Standard Webhooks asks: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, once for
/// each secret that is good, so that receivers change theirs when it suits them.
struct WebhookSigner {
    private let secrets: [[UInt8]]

    init(_ secrets: [[UInt8]]) { self.secrets = secrets }

    func sign(id: String, seconds: Int64, _ body: [UInt8]) -> String {
        let message = Array("\(id).\(seconds).".utf8) + body
        return secrets.map { secret in
            "v1," + Base64.padded.encode(Digest.hmacSHA256(key: secret, message))
        }.joined(separator: " ")
    }
}

/// What is sent: `{type, timestamp, data}`, 20 KB at most.
struct WebhookBody {
    private static let textLimit = 4000
    let bytes: [UInt8]

    init(_ announcement: Announcement, contact: Contact?, _ consoleURL: String) {
        var data = announcement.data
        for name in ["text", "comment", "summary"] {
            guard let text = data[name]?.stringValue, text.count > Self.textLimit else { continue }
            data[name] = .string(String(text.prefix(Self.textLimit)))
            data["truncated"] = true
        }
        data["conversation"] = .string(announcement.conversation.description)
        data["url"] = .string("\(consoleURL)/console/#\(announcement.conversation)")
        data["contact"] = contact.map { contact in
            [
                "id": .string(contact.id.description),
                "external_id": contact.externalID.map(JSON.string) ?? .null,
                "email": contact.email.map(JSON.string) ?? .null,
                "name": contact.name.map(JSON.string) ?? .null,
            ]
        }
        bytes =
            JSON.object([
                "type": .string(announcement.type),
                "timestamp": .string(announcement.at.description), "data": .object(data),
            ]).bytes()
    }

    /// What a test sends.
    init(testAt time: Timestamp) {
        bytes =
            JSON.object([
                "type": "webhook.test", "timestamp": .string(time.description),
                "data": ["message": "This endpoint is reached, and this is signed."],
            ]).bytes()
    }
}
