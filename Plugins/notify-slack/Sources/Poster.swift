// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Posts each message once, however often it is told to.
///
/// The store has a note for every message: begun, or posted and where. A message that was begun
/// and whose answer was lost is looked for in Slack by its name before it is posted again. Where
/// that is not possible (no permission to read the channel's history) it is posted again: a second
/// notice of a waiting customer is better than none.
struct Poster: Sendable {
    /// How long a message is remembered; nothing is told again after so long.
    private static let memory = Duration.seconds(3 * 24 * 3600)

    let api: SlackAPI

    /// Posts a message unless it has been.
    ///
    /// - Parameters:
    ///   - message: What, and where.
    ///   - name: The message's own name: of two with one name the first is posted.
    ///   - call: The call it serves.
    /// - Returns: Where it stands in Slack.
    /// - Throws: ``PluginFailure``.
    func post(_ message: SlackMessage, once name: String, _ call: Call) async throws
        -> SlackAPI.Place
    {
        let key = "post/\(name)"
        return try await isFirst(key, call)
            ? post(message, name: name, key: key, call)
            : postedBefore(message, name: name, key: key, call)
    }

    /// The same for what nobody waits for: failures that will not go away are logged.
    func postOrLog(
        _ message: SlackMessage,
        once name: String,
        _ call: Call
    ) async throws -> SlackAPI.Place? {
        try await call.orLog("nothing was posted to Slack", ["channel": message.channel]) {
            try await post(message, once: name, call)
        }
    }

    private func isFirst(_ key: String, _ call: Call) async throws -> Bool {
        do {
            return try await call.store.add(key, "begun \(call.now / 1000)", for: Self.memory)
        } catch let failure as PluginFailure where failure.kind != .temporary {
            // A full store must not keep the team from being told.
            call.host.log(.error, "not remembered", ["reason": failure.description])
            return true
        }
    }

    private func postedBefore(
        _ message: SlackMessage,
        name: String,
        key: String,
        _ call: Call
    ) async throws -> SlackAPI.Place {
        let words = try await call.store.get(key)?.split(separator: " ") ?? []
        guard words.count == 2 else { return try await post(message, name: name, key: key, call) }
        if words[0] != "begun" {
            return SlackAPI.Place(channel: String(words[0]), ts: String(words[1]))
        }
        if let place = await found(message, name: name, begun: Int(words[1]) ?? 0, call) {
            return try await remember(place, key: key, call)
        }
        return try await post(message, name: name, key: key, call)
    }

    private func post(
        _ message: SlackMessage,
        name: String,
        key: String,
        _ call: Call
    ) async throws -> SlackAPI.Place {
        do {
            let place = try await api.post(message, name: name, call)
            return try await remember(place, key: key, call)
        } catch let failure as SlackFailure {
            if !failure.mayHaveWorked { try await call.store.remove(key) }
            throw failure.failure
        }
    }

    /// It has been posted: a store that fails now is no reason to say otherwise.
    private func remember(
        _ place: SlackAPI.Place,
        key: String,
        _ call: Call
    ) async throws -> SlackAPI.Place {
        do {
            try await call.store.set(key, to: "\(place.channel) \(place.ts)", for: Self.memory)
        } catch let failure as PluginFailure {
            call.host.log(.warning, "not remembered", ["reason": failure.description])
        }
        return place
    }

    private func found(
        _ message: SlackMessage,
        name: String,
        begun: Int,
        _ call: Call
    ) async -> SlackAPI.Place? {
        do {
            // The clocks here and there may differ.
            return try await api.find(
                name,
                in: message.channel,
                thread: message.thread,
                since: max(0, begun - 300),
                call
            )
        } catch {
            let code = (error as? SlackFailure)?.code ?? "cancelled"
            call.host.log(.warning, "Slack's history cannot be read", ["code": code])
            return nil
        }
    }
}
