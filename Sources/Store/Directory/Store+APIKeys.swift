import Desk
import Foundation
import GRDB
import Model

/// A key of another program, as it is kept: never the key itself.
package struct APIKeyRecord: Hashable, Sendable {
    package var name: String
    package var scopes: [String]
    package var createdAt: Timestamp

    package init(name: String, scopes: [String], createdAt: Timestamp) {
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
    }
}

extension Store {
    /// Keeps a key's hash; false when there is a key of that name.
    package func addAPIKey(_ key: APIKeyRecord, hash: String) async throws(LogFailure) -> Bool {
        try await write { db in
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO api_keys (name, hash, scopes, created) VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    key.name, hash, key.scopes.joined(separator: " "), key.createdAt.milliseconds,
                ]
            )
            return db.changesCount > 0
        }
    }

    /// Forgets a key; false when there is none of that name.
    package func removeAPIKey(_ name: String) async throws(LogFailure) -> Bool {
        try await write { db in
            try db.execute(sql: "DELETE FROM api_keys WHERE name = ?", arguments: [name])
            return db.changesCount > 0
        }
    }

    /// All keys, in the order in which they were made.
    package func apiKeys() async throws(LogFailure) -> [APIKeyRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT name, scopes, created FROM api_keys ORDER BY id")
                .map(Self.apiKey)
        }
    }

    /// The key with a hash.
    package func apiKey(hash: String) async throws(LogFailure) -> APIKeyRecord? {
        try await read { db in
            try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT name, scopes, created FROM api_keys WHERE hash = ?"
                ),
                arguments: [hash]
            ).map(Self.apiKey)
        }
    }

    private static func apiKey(_ row: Row) -> APIKeyRecord {
        APIKeyRecord(
            name: row[0],
            scopes: (row[1] as String).split(separator: " ").map(String.init),
            createdAt: Timestamp(milliseconds: row[2])
        )
    }
}
