import JSONCoding
import Model

/// A question of a plugin to the server.
struct ServiceRequest: Sendable {
    /// Who asks, and what they may.
    var grant: PluginGrant
    /// Without the version: `kv`.
    let service: String
    let method: String
    let input: JSON
    /// How long its answer is worth anything.
    let deadline: Duration
    /// Is told of parts that come before the end.
    let part: @Sendable (JSON) -> Void
}

/// Why a service does not answer.
struct ServiceFault: Error, Sendable {
    /// As in `maitred_plugin.h`.
    enum Status: Int32, Sendable {
        case failed = 1
        case invalid = 2
        case unsupported = 3
        case temporary = 4
        case denied = 9
    }

    var status: Status
    var message: String
    /// When asking again is worth it, where that is known.
    var retryAfter: Duration?

    init(_ status: Status, _ message: String, retryAfter: Duration? = nil) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
    }

    /// As the plugin reads it.
    ///
    /// Every member is a text: plugins have been built that read them so.
    var json: JSON {
        var json: JSON.Object = ["message": .string(String(message.prefix(500)))]
        json["retry_after"] = retryAfter.map { .string("\(Self.wholeSeconds($0))") }
        return .object(json)
    }

    /// Seconds as in a `Retry-After`, rounded up.
    static func wholeSeconds(_ duration: Duration) -> Int64 {
        let parts = max(duration, .zero).components
        return parts.seconds + (parts.attoseconds > 0 ? 1 : 0)
    }
}

extension ServiceRequest {
    /// A text member of the input, bounded.
    func text(_ name: String, limit: Int = 1000) throws(ServiceFault) -> String {
        guard let text = input[name]?.stringValue, text.utf8.count <= limit else {
            throw ServiceFault(.invalid, "\(name) is not a text of at most \(limit) bytes")
        }
        return text
    }

    func conversation() throws(ServiceFault) -> ConversationID {
        guard let id = input["conversation"]?.stringValue.flatMap({ ConversationID($0) }) else {
            throw ServiceFault(.invalid, "conversation is not a conversation's id")
        }
        return id
    }

    func require(_ permission: PluginManifest.Permissions.Read) throws(ServiceFault) {
        guard grant.permissions.read.contains(permission) else {
            throw ServiceFault(.denied, "the manifest does not ask to read \(permission.rawValue)")
        }
    }

    func require(_ permission: PluginManifest.Permissions.Write) throws(ServiceFault) {
        guard grant.permissions.write.contains(permission) else {
            throw ServiceFault(.denied, "the manifest does not ask to write \(permission.rawValue)")
        }
    }
}
