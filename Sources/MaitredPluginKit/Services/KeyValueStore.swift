// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

/// The plugin's own small store: texts by key, kept by the server, within the manifest's
/// `permissions.kv_bytes`.
public struct KeyValueStore: Sendable {
    let asker: Asker

    private struct Entry: Codable, Sendable {
        var key: String
        var value: String?
        var ttlMs: Int?
    }
    private struct Found: Decodable { let value: String? }
    private struct Added: Decodable { let added: Bool }
    private struct Query: Encodable, Sendable {
        let prefix: String
        let limit: Int
    }
    private struct Keys: Decodable { let keys: [String] }

    /// The value of a key; nil when there is none or it has run out.
    public func get(_ key: String) async throws -> String? {
        try await asker.ask(MAITRED_KV_SERVICE, "get", Entry(key: key), as: Found.self).value
    }

    /// Sets a value, for a time or for ever.
    public func set(_ key: String, to value: String, for time: Duration? = nil) async throws {
        let entry = Entry(key: key, value: value, ttlMs: time?.wholeMilliseconds)
        _ = try await asker.ask(MAITRED_KV_SERVICE, "set", entry)
    }

    /// Sets a value unless the key has one, and says whether it did.
    ///
    /// What makes "once" possible.
    public func add(
        _ key: String,
        _ value: String,
        for time: Duration? = nil
    ) async throws -> Bool {
        let entry = Entry(key: key, value: value, ttlMs: time?.wholeMilliseconds)
        return try await asker.ask(MAITRED_KV_SERVICE, "add", entry, as: Added.self).added
    }

    /// Forgets a key.
    public func remove(_ key: String) async throws {
        _ = try await asker.ask(MAITRED_KV_SERVICE, "delete", Entry(key: key))
    }

    /// Keys that begin with a prefix, in order, at most `limit`.
    public func keys(prefix: String = "", limit: Int = 100) async throws -> [String] {
        let query = Query(prefix: prefix, limit: limit)
        return try await asker.ask(MAITRED_KV_SERVICE, "list", query, as: Keys.self).keys
    }
}
