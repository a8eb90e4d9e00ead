// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Conversations that need a person: a message for each, and a thread in which to follow it.
struct Handoffs: Sendable {
    let config: SlackPlugin.Config
    let poster: Poster
    let waiting: WaitingCustomers
    let incidents: Incidents

    func handedOff(_ happening: Happening, _ call: Call) async throws {
        let summary = try await call.summary(of: happening.conversation)
        if let channel = config.handoffsChannel.nonEmpty {
            let message = notice(of: happening, summary, channel: channel)
            let name = "\(happening.id)/handoff"
            if let place = try await poster.postOrLog(message, once: name, call) {
                try await call.orLog("a thread is not remembered") {
                    try await Threads.remember(place, of: happening.conversation, call)
                }
            }
        }
        if happening.data["status"]?.text ?? "queued" == "queued" {
            try await call.orLog("a reminder is not set") {
                try await waiting.remind(of: happening, call)
            }
        }
        try await call.orLog("a handoff is not counted") {
            try await incidents.count(happening, page: summary?.page, call)
        }
    }

    func assigned(_ happening: Happening, _ call: Call) async throws {
        try await waiting.forget(happening.conversation, call)
        let owner = happening.data["owner"]?["name"]?.text ?? "Somebody"
        try await tell("*\(SlackText.line(owner))* has taken the conversation.", happening, call)
    }

    func resolved(_ happening: Happening, _ call: Call) async throws {
        try await waiting.forget(happening.conversation, call)
        let name = happening.data["by"]?["name"]?.text
        let by = name.map { " by *\(SlackText.line($0))*" } ?? ""
        try await tell(":white_check_mark: Resolved\(by).", happening, call)
        try await Threads.close(happening.conversation, call)
    }

    /// What is said after the handoff goes into the thread.
    func said(_ happening: Happening, _ call: Call) async throws {
        guard config.mirrorMessages, let text = happening.data["text"]?.text, !text.isEmpty,
            let kind = happening.data["from"]?["kind"]?.text, ["customer", "agent"].contains(kind)
        else { return }
        let name = happening.data["from"]?["name"]?.text
        let speaker = Card.speaker(name, kind)
        try await tell("*\(speaker)*\n\(SlackText.quotation(text, limit: 2500))", happening, call)
    }

    private func tell(_ text: String, _ happening: Happening, _ call: Call) async throws {
        guard let thread = try await Threads.thread(of: happening.conversation, call) else {
            return
        }
        let message = SlackMessage(
            channel: thread.channel,
            thread: thread.ts,
            text: text,
            blocks: [Block.section(text)]
        )
        _ = try await poster.postOrLog(message, once: "\(happening.id)/thread", call)
    }

    private func notice(
        of happening: Happening,
        _ summary: Conversations.Summary?,
        channel: String
    ) -> SlackMessage {
        let who = Card.name(happening.contact ?? summary?.contact)
        let title = ":wave: \(SlackText.link(happening.url ?? summary?.url, who)) needs a person"
        var fields: [(String, String)] = []
        if let page = summary?.page { fields.append(("Page", SlackText.line(page))) }
        if let reason = Reason(happening) { fields.append(("Reason", reason.words)) }
        if let skill = happening.data["skill"]?.text {
            fields.append(("Skill", SlackText.line(skill)))
        }
        var blocks = [Block.section(title)]
        if !fields.isEmpty { blocks.append(Block.fields(fields)) }
        blocks += Card.messages(summary?.messages ?? [])
        if config.takesReplies { blocks.append(Block.context(Self.hint)) }
        let place = summary?.page.map { " on \(SlackText.line($0))" } ?? ""
        return SlackMessage(
            channel: channel,
            text: "\(who)\(place) needs a person",
            blocks: blocks
        )
    }

    private static let hint =
        "Replies in this thread go to the customer; those that begin with `note:` to the team only."
}
