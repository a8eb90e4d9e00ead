// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Tells once when a customer has waited too long for a person.
struct WaitingCustomers: Sendable {
    static let reminder = "sla"

    let config: SlackPlugin.Config
    let poster: Poster

    /// Looks again `sla_minutes` after the handoff, not after hearing of it.
    func remind(of handoff: Happening, _ call: Call) async throws {
        let limit = config.slaMinutes * 60_000
        let rest = min(max(handoff.at + limit - call.now, 1000), limit)
        let payload: JSONValue = ["handoff": .text(handoff.id), "url": .text(handoff.url ?? "")]
        try await call.schedule.set(
            Self.reminder,
            key: handoff.conversation,
            after: .milliseconds(rest),
            payload: payload
        )
    }

    func forget(_ conversation: String, _ call: Call) async throws {
        try await call.schedule.cancel(Self.reminder, key: conversation)
    }

    func timeIsUp(_ reminder: Reminder, _ call: Call) async throws {
        guard let conversation = reminder.key, let handoff = reminder.payload?["handoff"]?.text,
            let summary = try await call.summary(of: conversation), summary.status == "queued"
        else { return }
        let url = summary.url ?? reminder.payload?["url"]?.text
        let name = Card.name(summary.contact)
        let who = SlackText.link(url, name)
        let waits = "has been waiting for a person for \(config.slaMinutes) minutes"
        var messages: [(String, SlackMessage)] = []
        if let channel = config.riskChannel.nonEmpty {
            let page = summary.page.map { ", on \(SlackText.line($0))" } ?? ""
            let blocks = [Block.section(":hourglass: *\(who)* \(waits)\(page).")]
            let text = "\(name) \(waits)"
            messages.append(("risk", SlackMessage(channel: channel, text: text, blocks: blocks)))
        }
        if let thread = try await Threads.thread(of: conversation, call) {
            let text = ":hourglass: \(name) \(waits)."
            messages.append(
                ("waiting", SlackMessage(channel: thread.channel, thread: thread.ts, text: text))
            )
        }
        // One that cannot be posted must not keep the other back.
        var later: PluginFailure?
        for (kind, message) in messages {
            do {
                _ = try await poster.postOrLog(message, once: "\(handoff)/\(kind)", call)
            } catch let failure as PluginFailure {
                later = failure
            }
        }
        if let later { throw later }
    }
}
