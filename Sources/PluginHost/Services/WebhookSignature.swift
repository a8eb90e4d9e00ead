import Credentials
import Model

/// Checks that a request comes from whoever has the secret.
///
/// Stripe: `Stripe-Signature: t=…,v1=…` over `t.body`. Slack: `X-Slack-Signature: v0=…` over
/// `v0:t:body`. Standard Webhooks: `webhook-signature: v1,…` over `id.t.body`, its secret `whsec_` and
/// base64. Each refuses what is older than five minutes. `hmac-sha256` is over the body alone.
struct WebhookSignature {
    /// How far a request's time may be from ours.
    static let tolerance: Duration = .seconds(300)

    private let declared: PluginManifest.Webhook
    private let secret: String

    init(_ declared: PluginManifest.Webhook, secret: String) {
        self.declared = declared
        self.secret = secret
    }

    func isRight(for webhook: PluginWebhook, at now: Timestamp) -> Bool {
        guard !secret.isEmpty else { return false }
        switch declared.scheme {
        case .stripe: return stripe(webhook, now)
        case .slack: return slack(webhook, now)
        case .standard: return standard(webhook, now)
        case .hmac: return plain(webhook)
        case nil: return true
        }
    }

    /// The headers that a sender would put on a request: for tests of plugins.
    func headers(id: String, seconds: Int64, body: [UInt8]) -> [(String, String)] {
        let key = Array(secret.utf8)
        func hex(_ message: [UInt8]) -> String {
            Digest.hex(Digest.hmacSHA256(key: key, message))
        }
        switch declared.scheme {
        case .stripe:
            return [
                ("stripe-signature", "t=\(seconds),v1=\(hex(Array("\(seconds).".utf8) + body))")
            ]
        case .slack:
            return [
                ("x-slack-request-timestamp", String(seconds)),
                ("x-slack-signature", "v0=\(hex(Array("v0:\(seconds):".utf8) + body))"),
            ]
        case .standard:
            let bare = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
            let made = Digest.hmacSHA256(
                key: Base64.padded.decode(bare) ?? [],
                Array("\(id).\(seconds).".utf8) + body
            )
            return [
                ("webhook-id", id), ("webhook-timestamp", String(seconds)),
                ("webhook-signature", "v1,\(Base64.padded.encode(made))"),
            ]
        case .hmac:
            let made = Digest.hmacSHA256(key: key, body)
            let text = declared.encoding == .hex ? Digest.hex(made) : Base64.padded.encode(made)
            return [(declared.header ?? "", text)]
        case nil: return []
        }
    }

    private func stripe(_ webhook: PluginWebhook, _ now: Timestamp) -> Bool {
        guard let header = webhook.headers["stripe-signature"] else { return false }
        var time: String?
        var signatures: [String] = []
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { continue }
            if pair[0] == "t" { time = pair[1] }
            if pair[0] == "v1" { signatures.append(pair[1]) }
        }
        guard let time, isRecent(time, now) else { return false }
        return matches(signatures, key: Array(secret.utf8), Array("\(time).".utf8) + webhook.body)
    }

    private func slack(_ webhook: PluginWebhook, _ now: Timestamp) -> Bool {
        guard let time = webhook.headers["x-slack-request-timestamp"], isRecent(time, now),
            let header = webhook.headers["x-slack-signature"], header.hasPrefix("v0=")
        else { return false }
        return matches(
            [String(header.dropFirst(3))],
            key: Array(secret.utf8),
            Array("v0:\(time):".utf8) + webhook.body
        )
    }

    private func standard(_ webhook: PluginWebhook, _ now: Timestamp) -> Bool {
        guard let id = webhook.headers["webhook-id"],
            let time = webhook.headers["webhook-timestamp"], isRecent(time, now),
            let header = webhook.headers["webhook-signature"],
            let key = Base64.padded.decode(
                secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
            )
        else { return false }
        let made = Digest.hmacSHA256(key: key, Array("\(id).\(time).".utf8) + webhook.body)
        return header.split(separator: " ").contains { part in
            guard part.hasPrefix("v1,"), let given = Base64.padded.decode(String(part.dropFirst(3)))
            else { return false }
            return Digest.equal(given, made)
        }
    }

    private func plain(_ webhook: PluginWebhook) -> Bool {
        guard let given = webhook.headers[declared.header ?? ""] else { return false }
        let made = Digest.hmacSHA256(key: Array(secret.utf8), webhook.body)
        let bare = given.hasPrefix("sha256=") ? String(given.dropFirst(7)) : given
        if declared.encoding == .hex { return Digest.equal(bare, Digest.hex(made)) }
        return Base64.padded.decode(bare).map { Digest.equal($0, made) } ?? false
    }

    private func matches(_ signatures: [String], key: [UInt8], _ message: [UInt8]) -> Bool {
        let made = Digest.hex(Digest.hmacSHA256(key: key, message))
        return signatures.contains { Digest.equal($0, made) }
    }

    private func isRecent(_ seconds: String, _ now: Timestamp) -> Bool {
        guard let seconds = Int64(seconds), seconds.magnitude < 1 << 40 else { return false }
        let apart = now - Timestamp(milliseconds: seconds * 1000)
        return apart <= Self.tolerance && apart >= .zero - Self.tolerance
    }
}
