// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Brings what members write in a conversation's thread to the customer or into a note.
///
/// Slack waits 3 seconds for the answer and sends an event up to three times more
/// (`X-Slack-Retry-Num`) when it was late or no success.
struct Replies: Sendable {
    private static let memory = Duration.seconds(3 * 24 * 3600)
    private static let notePrefix = "note:"

    private let emails: [String: String]
    private let poster: Poster

    init(config: SlackPlugin.Config, poster: Poster) {
        let pairs = config.replyAgentEmail.map { ($0.slackUser, $0.email) }
        emails = Dictionary(pairs, uniquingKeysWith: { $1 })
        self.poster = poster
    }

    func received(_ request: InboundWebhook, _ call: Call) async throws -> WebhookReply {
        guard let envelope = try? request.json(SlackEnvelope.self) else {
            return WebhookReply(status: 400, body: "not an event")
        }
        switch envelope.type {
        case "url_verification":
            let headers = ["Content-Type": "text/plain"]
            return WebhookReply(headers: headers, body: envelope.challenge ?? "")
        case "event_callback":
            guard let reply = envelope.event.flatMap(ThreadReply.init) else { break }
            return try await answer(reply, call)
        case "app_rate_limited":
            call.host.log(.warning, "Slack holds events back: too many in a minute")
        default: break
        }
        return WebhookReply()
    }

    private func answer(_ reply: ThreadReply, _ call: Call) async throws -> WebhookReply {
        do {
            guard let conversation = try await Threads.conversation(of: reply.thread, call) else {
                return WebhookReply()
            }
            if let hint = try await pass(reply, to: conversation, call) {
                await tell(hint, of: reply, call)
            }
            return WebhookReply()
        } catch let failure as PluginFailure where failure.kind == .temporary {
            call.host.log(.warning, "a reply has to wait", ["reason": failure.description])
            return WebhookReply(status: 503, body: "later")
        }
    }

    /// Passes a reply on; what the member should know when it was not.
    private func pass(
        _ reply: ThreadReply,
        to conversation: String,
        _ call: Call
    ) async throws -> String? {
        switch reply.subtype {
        case nil: break
        case "file_share": return "Files are not passed on: write it in words."
        case "thread_broadcast": return "What is also sent to the channel is not passed on."
        default: return nil
        }
        guard let email = emails[reply.user] else {
            return """
                The Slack member ID \(SlackText.line(reply.user)) is not mapped to an agent: add \
                it with the agent's email address to the settings of maitred's Slack plugin, \
                under _Who may reply from Slack_.
                """
        }
        let text = SlackMarkup.plain(reply.text)
        guard !text.isEmpty else { return nil }
        do {
            if text.lowercased().hasPrefix(Self.notePrefix) {
                let note = text.dropFirst(Self.notePrefix.count).drop(while: \.isWhitespace)
                guard !note.isEmpty else { return "The note is empty." }
                try await take("\(email), in Slack: \(note)", reply, in: conversation, call)
            } else {
                try await call.conversations.reply(
                    text,
                    in: conversation,
                    agentEmail: email,
                    id: reply.id
                )
            }
            return nil
        } catch let failure as PluginFailure where failure.kind != .temporary {
            return SlackText.line(failure.description)
        }
    }

    /// Writes a note, once; a note has no id that would make it so.
    private func take(
        _ note: String,
        _ reply: ThreadReply,
        in conversation: String,
        _ call: Call
    ) async throws {
        let key = "note/\(reply.id)"
        guard try await call.store.add(key, "", for: Self.memory) else { return }
        do {
            try await call.conversations.note(note, in: conversation)
        } catch {
            try await call.store.remove(key)
            throw error
        }
    }

    /// Tells a member, and nobody else if Slack allows it, why their reply went nowhere.
    private func tell(_ why: String, of reply: ThreadReply, _ call: Call) async {
        let text = ":warning: This was not sent. \(why)"
        do {
            guard try await call.store.add("hint/\(reply.id)", "", for: Self.memory) else { return }
            do {
                try await poster.api.whisper(text, to: reply.user, at: reply.thread, call)
            } catch let failure as SlackFailure where !failure.mayHaveWorked && failure.pause == nil
            {
                let thread = reply.thread
                let message = SlackMessage(channel: thread.channel, thread: thread.ts, text: text)
                _ = try await poster.post(message, once: "\(reply.id)/hint", call)
            }
        } catch {
            let reason = (error as? SlackFailure)?.code ?? "\(error)"
            call.host.log(.warning, "a member was not told", ["reason": reason])
        }
    }
}
