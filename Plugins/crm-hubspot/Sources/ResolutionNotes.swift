// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

/// Puts a note on the contact's timeline whenever a conversation is resolved.
struct ResolutionNotes: Sendable {
    let lookup: CustomerLookup

    private static let reasonKeptFor = Duration.seconds(30 * 86_400)
    private static let reasonLimit = 300

    private static func reasonKey(_ happening: Happening) -> String {
        "handoff/\(happening.conversation)"
    }

    /// Remembers why the assistant gave a conversation to the team, for the note to come.
    @Sendable func handedOff(_ happening: Happening, _ call: Call) async throws {
        guard lookup.config.writeNotes else { return }
        let reason = happening.data["reason"]
        guard let text = reason?["text"]?.text ?? reason?["code"]?.text else { return }
        try await call.store.set(
            Self.reasonKey(happening),
            to: String(text.prefix(Self.reasonLimit)),
            for: Self.reasonKeptFor
        )
    }

    /// Writes the note, once for each time that a conversation is resolved.
    ///
    /// What will not work later either costs the note and is in the log.
    @Sendable func resolved(_ happening: Happening, _ call: Call) async throws {
        guard lookup.config.writeNotes else { return }
        do {
            try await write(happening, call)
        } catch let failure as PluginFailure where failure.kind != .temporary {
            let fields = ["reason": failure.description, "conversation": happening.conversation]
            call.host.log(.error, "no note was written", fields)
        }
    }

    private func write(_ happening: Happening, _ call: Call) async throws {
        let id = happening.conversation
        let quotes = lookup.config.noteMessages
        let conversation = try await call.conversations.get(id, messages: max(quotes, 1))
        let person = happening.contact ?? conversation.contact
        guard let email = person?.email, !email.isEmpty else { return }
        guard let contact = try await lookup.contact(email, call) else {
            call.host.log(.info, "the contact is not in HubSpot", ["conversation": id])
            return
        }
        let reasonKey = Self.reasonKey(happening)
        let note = ConversationNote(
            conversation: conversation,
            quotes: quotes,
            url: happening.url ?? conversation.url,
            contact: person?.name ?? email,
            resolver: happening.data["by"]?["name"]?.text,
            reason: try await call.store.get(reasonKey)
        )
        _ = try await NoteWriter(api: lookup.api).write(
            note.html,
            on: contact.id,
            at: happening.at,
            once: "note/\(happening.id)",
            call
        )
        try await call.store.remove(reasonKey)
    }
}
