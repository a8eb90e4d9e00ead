// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Which thread of Slack belongs to which conversation.
enum Threads {
    private static let memory = Duration.seconds(14 * 24 * 3600)

    /// Remembers a thread; a conversation's later one takes the place of the earlier.
    static func remember(
        _ place: SlackAPI.Place,
        of conversation: String,
        _ call: Call
    ) async throws {
        let way = "\(place.channel) \(place.ts)"
        try await call.store.set(back(place), to: conversation, for: memory)
        try await call.store.set(forth(conversation), to: way, for: memory)
    }

    /// The thread in which a conversation is followed.
    static func thread(of conversation: String, _ call: Call) async throws -> SlackAPI.Place? {
        let words = try await call.store.get(forth(conversation))?.split(separator: " ") ?? []
        guard words.count == 2 else { return nil }
        return SlackAPI.Place(channel: String(words[0]), ts: String(words[1]))
    }

    /// The conversation that a thread is about; also of those that are not followed any more.
    static func conversation(of place: SlackAPI.Place, _ call: Call) async throws -> String? {
        try await call.store.get(back(place))
    }

    /// Ends that a conversation is followed; replies from its thread still reach it.
    static func close(_ conversation: String, _ call: Call) async throws {
        try await call.store.remove(forth(conversation))
    }

    private static func forth(_ conversation: String) -> String { "thread/\(conversation)" }

    private static func back(_ place: SlackAPI.Place) -> String {
        "conversation/\(place.channel)/\(place.ts)"
    }
}
