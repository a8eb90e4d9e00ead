// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How far a call of `linear.file_bug` has come, by its idempotency key; without a key nothing is
/// kept.
struct Journal: Sendable {
    /// Longer than any host repeats an action.
    private static let lifetime = Duration.seconds(7 * 24 * 3600)

    let store: KeyValueStore
    let key: String?

    struct Entry: Codable, Sendable {
        /// The open issue that was found; nil when a new one is to be made.
        var known: LinearIssue?
        /// What came of it, once all is done.
        var outcome: Filing.Outcome?
    }

    func read() async throws -> Entry? {
        guard let key, let text = try await store.get("call:\(key)") else { return nil }
        return try? JSONDecoder().decode(Entry.self, from: Data(text.utf8))
    }

    func write(_ entry: Entry) async throws {
        guard let key else { return }
        let text = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
        try await store.set("call:\(key)", to: text, for: Self.lifetime)
    }
}
