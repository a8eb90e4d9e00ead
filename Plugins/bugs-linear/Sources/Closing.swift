// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What Linear's webhook leads to: customers are told of the end of the issues they wait for.
///
/// Linear delivers again after 1 minute, 1 hour and 6 hours unless it is answered 200; see
/// https://linear.app/developers/webhooks.
struct Closing: Sendable {
    /// A delivery older than this, or as far in the future, may be a replay.
    private static let tolerance = 60.0

    private let config: LinearPlugin.Config
    private let call: Call
    private let links: Links

    init(_ config: LinearPlugin.Config, _ call: Call) {
        self.config = config
        self.call = call
        links = Links(store: call.store)
    }

    private struct Delivery: Decodable {
        let type: String?
        let action: String?
        /// Milliseconds since 1970, when it was sent.
        let webhookTimestamp: Double?
    }

    /// Of deliveries of type `Issue` only: others have other members by the same names.
    private struct Change: Decodable {
        let data: Issue

        struct Issue: Decodable {
            let id: String
            let state: LinearIssue.State?
        }
    }

    func receive(_ request: InboundWebhook) async -> WebhookReply {
        guard let delivery = try? request.json(Delivery.self) else {
            return WebhookReply(status: 400, body: "not JSON")
        }
        let sent = (delivery.webhookTimestamp ?? 0) / 1000
        guard abs(call.host.now.timeIntervalSince1970 - sent) <= Self.tolerance else {
            return WebhookReply(status: 401, body: "too old")
        }
        guard delivery.type == "Issue", let change = try? request.json(Change.self) else {
            return WebhookReply()
        }
        do {
            try await follow(change.data, removed: delivery.action == "remove")
            return WebhookReply()
        } catch {
            call.host.log(.warning, "customers could not be told", ["reason": "\(error)"])
            return WebhookReply(status: 503, body: "later")
        }
    }

    /// Whoever still waits for an issue that has ended has not been told, whatever the change was.
    private func follow(_ issue: Change.Issue, removed: Bool) async throws {
        let waiting = try await links.conversations(of: issue.id)
        guard !waiting.isEmpty else { return }
        if removed {
            for (conversation, link) in waiting {
                try await links.remove(link, from: conversation, to: issue.id)
            }
            return
        }
        switch issue.state?.end {
        case nil: return
        case .fixed: try await tell(config.closeMessage, waiting, of: issue.id)
        case .cancelled: try await tell(config.cancelMessage, waiting, of: issue.id)
        case .duplicate: try await handOver(waiting, from: issue.id)
        }
    }

    /// Tells each conversation, then forgets its link.
    ///
    /// Those that cannot be told now keep theirs and do not hold up the others. When forgetting
    /// fails, the next delivery tells again with the same id, which tells nothing.
    private func tell(
        _ text: String,
        _ waiting: [(id: String, link: Links.Link)],
        of issue: String
    ) async throws {
        var failure: (any Error)?
        for (conversation, link) in waiting {
            do {
                try await tell(text.replacing("{title}", with: link.title), conversation, link)
                try await links.remove(link, from: conversation, to: issue)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func tell(_ text: String, _ conversation: String, _ link: Links.Link) async throws {
        guard !text.allSatisfy(\.isWhitespace) else { return }
        do {
            try await call.conversations.message(text, in: conversation, id: link.message)
        } catch let failure as PluginFailure where failure.kind == .invalid {
            // It will not take it another time either: it may have been deleted.
            let reason = ["reason": failure.description]
            call.host.log(.warning, "a conversation could not be told", reason)
        }
    }

    /// Lets those who waited for a duplicate wait for its original; tells them when that has ended.
    private func handOver(
        _ waiting: [(id: String, link: Links.Link)],
        from issue: String
    ) async throws {
        guard let original = try await LinearAPI(config, call).original(of: issue) else {
            call.host.log(.warning, "a duplicate's original is not known", ["issue": issue])
            return
        }
        for (conversation, link) in waiting {
            try await links.add(link, from: conversation, to: original)
            try await links.note(link.contact ?? conversation, of: original.id)
            try await links.remove(link, from: conversation, to: issue)
        }
        let moved = Change.Issue(id: original.id, state: original.state)
        if let end = original.state?.end, end != .duplicate {
            try await follow(moved, removed: false)
        }
    }
}
