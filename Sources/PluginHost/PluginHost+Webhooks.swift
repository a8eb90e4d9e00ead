import Credentials
import JSONCoding
import Model

/// A request of another server to `/v1/hooks/PLUGIN/PATH`.
package struct PluginWebhook: Sendable {
    package var plugin: String
    package var path: String
    package var method: String
    package var query: String
    /// By name in lower case.
    package var headers: [String: String]
    /// As it came, for signatures are over these bytes.
    package var body: [UInt8]

    package init(
        plugin: String,
        path: String,
        method: String,
        query: String,
        headers: [String: String],
        body: [UInt8]
    ) {
        self.plugin = plugin
        self.path = path
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// What the other server is answered.
package struct PluginWebhookReply: Sendable {
    package var status: Int
    package var headers: [(String, String)] = []
    package var body: [UInt8] = []
}

extension PluginHost {
    private static let deadline: Duration = .seconds(10)
    private static let bodyLimit = 200_000
    /// Headers whose value a plugin may give its answer.
    private static let replyHeaders: Set<String> = ["content-type", "retry-after"]

    /// Checks a request's signature and has the plugin answer it.
    ///
    /// A plugin that does not run answers 503, so that the sender comes again.
    package func receive(_ webhook: PluginWebhook) async -> PluginWebhookReply {
        guard let instance = instance(webhook.plugin),
            instance.bundle.manifest.permissions.webhook,
            let declared = instance.bundle.manifest.webhooks.first(where: {
                $0.path == webhook.path
            })
        else { return PluginWebhookReply(status: 404) }
        guard webhook.body.count <= Self.bodyLimit else { return PluginWebhookReply(status: 413) }
        if declared.scheme != nil {
            let secret = declared.secret.flatMap { instance.grant.secrets[$0] }
            let signature = WebhookSignature(declared, secret: secret ?? "")
            guard signature.isRight(for: webhook, at: services.clock.now) else {
                return PluginWebhookReply(status: 401, body: Array("wrong signature".utf8))
            }
        }
        do throws(PluginError) {
            let answer = try await call(
                webhook.plugin,
                declared.method,
                Self.json(webhook),
                deadline: Self.deadline
            )
            return Self.reply(answer)
        } catch {
            if case .failed(let status, _) = error, status == 2 {
                return PluginWebhookReply(status: 400)
            }
            return PluginWebhookReply(status: 503, headers: [("Retry-After", "30")])
        }
    }

    private static func json(_ webhook: PluginWebhook) -> JSON {
        var json: JSON.Object = [
            "method": .string(webhook.method), "query": .string(webhook.query),
            "headers": .object(
                JSON.Object(webhook.headers.sorted { $0.key < $1.key }.map { ($0, .string($1)) })
            ),
        ]
        if let text = String(validating: webhook.body, as: UTF8.self) {
            json["body"] = .string(text)
        } else {
            json["body_base64"] = .string(Base64.padded.encode(webhook.body))
        }
        return .object(json)
    }

    private static func reply(_ answer: JSON) -> PluginWebhookReply {
        var reply = PluginWebhookReply(status: answer["status"]?.intValue ?? 200)
        if !(200..<600).contains(reply.status) { reply.status = 502 }
        for (name, value) in answer["headers"]?.objectValue?.members ?? [] {
            guard replyHeaders.contains(name.lowercased()), let text = value.stringValue,
                text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
            else { continue }
            reply.headers.append((name, text))
        }
        reply.body = Array((answer["body"]?.stringValue ?? "").utf8)
        return reply
    }
}

extension PluginHost {
    /// Headers that plugins want to see of other servers' requests, in lower case: those of the
    /// schemes, those that providers commonly send, and those that manifests name.
    package nonisolated var webhookHeaders: Set<String> {
        let known = [
            "linear-delivery", "linear-event", "linear-signature", "stripe-signature",
            "x-github-delivery", "x-github-event", "x-hub-signature-256",
            "x-hubspot-request-timestamp", "x-hubspot-signature-v3", "x-shopify-hmac-sha256",
            "x-shopify-topic", "x-shopify-webhook-id", "x-slack-request-timestamp",
            "x-slack-retry-num", "x-slack-retry-reason", "x-slack-signature",
        ]
        let bundles =
            PluginBundle.find(
                in: options.bundleFolders,
                libraryFolders: options.libraryFolders
            ).found + Self.installed(in: options.installFolder).flatMap(\.1.found)
        return Set(known + bundles.flatMap { $0.manifest.webhooks.compactMap(\.header) })
    }
}
