import Desk
import GRDB
import Model

extension Store: HappeningFeed {
    package func happenings(
        after position: Int64,
        limit: Int
    ) async throws(LogFailure) -> HappeningPage {
        try await read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT position, key, seq, kind, payload FROM events
                        JOIN conversations ON conversations.id = conversation
                        WHERE position > ? ORDER BY position LIMIT ?
                        """
                ),
                arguments: [position, limit]
            )
            var items: [HappeningPage.Item] = []
            var end = position
            while let row = try rows.next() {
                end = row[0]
                guard let id = ConversationID(row[1] as String) else { continue }
                items.append(
                    HappeningPage.Item(
                        position: end,
                        conversation: id,
                        sequence: row[2],
                        event: try EventReader.event(row, kind: 3, payload: 4)
                    )
                )
            }
            return HappeningPage(items: items, upTo: end)
        }
    }

    package func place(of reader: String) async throws(LogFailure) -> Int64? {
        try await read { db in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT position FROM readers WHERE name = ?"),
                arguments: [reader]
            )
        }
    }

    package func setPlace(of reader: String, to position: Int64) async throws(LogFailure) {
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO readers VALUES (?, ?)",
                arguments: [reader, position]
            )
        }
    }
}
