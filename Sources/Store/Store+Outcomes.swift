import Desk
import Foundation
import GRDB
import JSONCoding
import Model

extension Store: OutcomeBook {
    /// Where the reader of outcomes stands in the log.
    private static let readerName = "outcomes_read"
    /// Events looked at in one reading, relevant or not: a backlog must not hold up others.
    private static let window = 20_000

    package func unreadHappenings(limit: Int) async throws(LogFailure) -> Happenings {
        let kinds = Outcome.kinds.sorted().map { "'\($0)'" }.joined(separator: ", ")
        return try await read { db in
            let before = Int64(try Meta.number(Self.readerName, db))
            let end = min(try LogPosition.last(db), before + Int64(Self.window))
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT position, key, seq FROM events
                        JOIN conversations ON conversations.id = conversation
                        WHERE position > ? AND position <= ? AND kind IN (\(kinds))
                        ORDER BY position LIMIT ?
                        """
                ),
                arguments: [before, end, limit]
            )
            var items: [Happenings.Item] = []
            while let row = try rows.next() {
                guard let id = ConversationID(row[1] as String) else { continue }
                items.append(
                    Happenings.Item(position: row[0], conversation: id, sequence: row[2])
                )
            }
            let upTo = items.count == limit ? items.last?.position ?? end : end
            return Happenings(items: items, upTo: upTo)
        }
    }

    package func keep(
        _ entries: [LearningEntry],
        readUpTo position: Int64?
    ) async throws(LogFailure) {
        let rows = entries.map { ($0.position, Data($0.json.bytes()), $0.reference) }
        try await write { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT OR IGNORE INTO outcomes (position, document, reference)
                    VALUES (?, ?, ?)
                    """
            )
            for (position, document, reference) in rows {
                try statement.execute(arguments: [position, document, reference])
            }
            if let position { try Meta.set(Self.readerName, to: Int(position), db) }
        }
    }

    package func entries(
        after id: Int64,
        limit: Int
    ) async throws(LogFailure) -> [LearningEntry] {
        try await read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT id, position, document, voided FROM outcomes
                        WHERE id > ? ORDER BY id LIMIT ?
                        """
                ),
                arguments: [id, limit]
            )
            var entries: [LearningEntry] = []
            while let row = try rows.next() {
                let entry = LearningEntry(
                    id: row[0],
                    position: row[1],
                    json: try Self.json(row[2] as Data, "outcome"),
                    voidedAt: (row[3] as Int64?).map { Timestamp(milliseconds: $0) }
                )
                guard let entry else { throw LogFailure.corrupt("An outcome is unreadable.") }
                entries.append(entry)
            }
            return entries
        }
    }

    package func void(after id: Int64, at time: Timestamp) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: "UPDATE outcomes SET voided = ? WHERE id > ? AND voided IS NULL",
                arguments: [time.milliseconds, id]
            )
            try db.execute(sql: "DELETE FROM standing_changes WHERE entry > ?", arguments: [id])
        }
    }

    package func keep(_ changes: [StandingChange]) async throws(LogFailure) {
        let rows = changes.map { ($0.entry, $0.intent, Data($0.json.bytes())) }
        try await write { db in
            for (entry, intent, document) in rows {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO standing_changes VALUES (?, ?, ?)",
                    arguments: [entry, intent, document]
                )
            }
        }
    }

    package func standingChanges(limit: Int) async throws(LogFailure) -> [StandingChange] {
        try await read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT entry, document FROM standing_changes ORDER BY entry DESC, intent LIMIT ?
                    """,
                arguments: [limit]
            )
            var changes: [StandingChange] = []
            while let row = try rows.next() {
                let json = try Self.json(row[1] as Data, "change")
                if let change = StandingChange(entry: row[0], json: json) { changes.append(change) }
            }
            return changes
        }
    }
}
