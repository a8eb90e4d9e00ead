// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// A resolved conversation as a note: who, why, the last messages, where to read on.
struct ConversationNote: Sendable {
    let conversation: Conversations.Summary
    /// How many of its last messages are quoted.
    let quotes: Int
    /// Where the team reads it.
    let url: String?
    /// Who it was with.
    let contact: String?
    /// Who resolved it, where that has a name.
    let resolver: String?
    /// Why the assistant gave it to the team, if it did.
    let reason: String?

    private static let messageLimit = 500
    /// Below HubSpot's 65,536 characters, whatever it counts as one.
    private static let byteLimit = 60_000

    var html: String {
        let by = resolver.map { " by \(HTML.plain($0))" } ?? ""
        var parts = ["<p><strong>Support conversation resolved</strong>\(by)</p>"]
        let facts = [("With", contact), ("About", intents), ("Handed to the team", reason)]
        for (title, value) in facts {
            if let value, !value.isEmpty { parts.append("<p>\(title): \(HTML.plain(value))</p>") }
        }
        parts += quoted
        if let url {
            parts.append("<p><a href=\"\(HTML.plain(url))\">Read the conversation</a></p>")
        }
        return parts.joined()
    }

    /// What the customer meant: triage's tags are `intent:` and a name.
    private var intents: String? {
        let names = (conversation.tags ?? []).filter { $0.hasPrefix("intent:") }
            .map { String($0.dropFirst("intent:".count)) }.filter { $0 != "none" }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// The last messages, the oldest left out where they would be too long together.
    private var quoted: [String] {
        var kept: [String] = []
        var bytes = 0
        let last = conversation.messages.suffix(quotes)
        for message in last.reversed() where message.from != "system" {
            let line = Self.line(message)
            bytes += line.utf8.count
            guard bytes <= Self.byteLimit else { break }
            kept.append(line)
        }
        return kept.isEmpty ? [] : ["<p>Last messages:</p>"] + kept.reversed()
    }

    private static func line(_ message: Conversations.Message) -> String {
        let speaker = HTML.plain(message.name ?? message.from)
        let isWhole = message.text.count <= messageLimit
        let text = HTML.plain(message.text.prefix(messageLimit)) + (isWhole ? "" : "…")
        return "<p><strong>\(speaker)</strong>: \(text)</p>"
    }
}
