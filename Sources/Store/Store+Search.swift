import Desk
import Foundation
import GRDB
import Model

extension Store {
    /// Hits in one answer at most.
    private static let maximumHits = 200

    /// Messages and notes that contain all of the words, best first.
    ///
    /// The last word may be the beginning of one. Indexes first what has been committed so far: a
    /// search right after a burst of messages waits for that.
    package func search(_ words: String, limit: Int) async throws(LogFailure) -> [SearchHit] {
        guard let query = SearchQuery(words).text, limit > 0 else { return [] }
        let position = writer.status.position
        let limit = min(limit, Self.maximumHits)
        let found: [(position: Int64, snippet: String)]
        do {
            while try await !index.catchUp(to: position, from: writer) {}
            found = try await index.find(query, limit: limit)
        } catch {
            throw writer.complaints.failure(reading: error)
        }
        return try await read { db in
            try found.compactMap { try Self.hit(db, at: $0.position, snippet: $0.snippet) }
        }
    }

    private static func hit(
        _ db: Database,
        at position: Int64,
        snippet: String
    ) throws -> SearchHit? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT key, seq, kind, payload FROM events
                    JOIN conversations ON conversations.id = conversation WHERE position = ?
                    """
            ),
            arguments: [position]
        )
        guard let row, let id = ConversationID(row[0] as String) else { return nil }
        switch try EventReader.event(row, kind: 2, payload: 3) {
        case .message(let message):
            return SearchHit(
                conversation: id,
                sequence: row[1],
                message: message.id,
                kind: message.author.kind,
                snippet: snippet,
                at: message.at
            )
        case .noted(let note):
            return SearchHit(
                conversation: id,
                sequence: row[1],
                message: note.id,
                kind: "note",
                snippet: snippet,
                at: note.at
            )
        default: return nil
        }
    }
}
