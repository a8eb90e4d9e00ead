import Desk
import Foundation
import GRDB
import JSONCoding
import Model

/// Reads conversations as lists show them.
///
/// Plain messages do not touch a conversation's stored row, so the last event is looked at too. A
/// resolved conversation has no plain messages behind its row (another one of the customer reopens
/// it), which is why those, the many, can be listed by the stored position.
struct RowReader {
    /// Rows in one answer at most.
    private static let limit = 10_000

    private struct Candidate {
        var rowID: Int64
        var position: Int64
    }

    private let db: Database
    /// What has happened since places were last written, by the conversation's row.
    private let tail: [Int64: Places.Latest]

    init(_ db: Database) throws {
        self.db = db
        tail = try Places.tail(db)
    }

    func row(of conversation: ConversationID) throws -> ConversationRow? {
        try rowID(of: conversation).flatMap { try row($0) }
    }

    func rows(_ query: RowQuery) throws -> [ConversationRow] {
        let limit = max(0, min(query.limit, Self.limit))
        var before = Int64.max
        if let mark = query.before {
            guard let rowID = try rowID(of: mark) else { return [] }
            before = try self.position(of: rowID)
        }
        let statuses = query.statuses ?? Set(Status.allCases)
        var found = try unresolved(query, statuses.subtracting([.resolved]))
        if statuses.contains(.resolved) {
            found += try resolved(query, before: before, limit: limit)
        }
        found.removeAll { $0.position >= before }
        return try latest(limit, of: found)
    }

    /// What one contact comes back to: conversations that are not resolved, and the last that are.
    ///
    /// Those of a contact are few, and most who come have none: they are gone through once for both.
    func rows(
        of contact: ContactID,
        open openLimit: Int,
        ended endedLimit: Int
    ) throws -> (open: [ConversationRow], ended: [ConversationRow]) {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT id, status = 'resolved',
                        CASE WHEN status = 'resolved' THEN changed ELSE \(Self.last) END
                    FROM conversations WHERE contact = ?
                    """
            ),
            arguments: [contact.description]
        )
        var open: [Candidate] = []
        var ended: [Candidate] = []
        while let row = try rows.next() {
            let candidate = Candidate(rowID: row[0], position: row[2])
            if row[1] {
                ended.append(candidate)
            } else {
                open.append(newest(candidate))
            }
        }
        return (try latest(openLimit, of: open), try latest(endedLimit, of: ended))
    }

    private func latest(_ limit: Int, of found: [Candidate]) throws -> [ConversationRow] {
        try found.sorted { $0.position > $1.position }.prefix(max(0, limit)).compactMap {
            try row($0.rowID)
        }
    }

    // MARK: - Which

    private func rowID(of conversation: ConversationID) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM conversations WHERE key = ?"),
            arguments: [conversation.description]
        )
    }

    /// The position that a conversation is listed by.
    private func position(of rowID: Int64) throws -> Int64 {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT status = 'resolved', changed, \(Self.last)
                FROM conversations WHERE id = ?
                """,
            arguments: [rowID]
        )
        guard let row else { return 0 }
        return row[0] ? row[1] : tail[rowID]?.position ?? row[2]
    }

    private static let last = """
        coalesce((SELECT position FROM places WHERE conversation = conversations.id
            ORDER BY seq DESC LIMIT 1), changed)
        """

    private func unresolved(_ query: RowQuery, _ statuses: Set<Status>) throws -> [Candidate] {
        guard !statuses.isEmpty else { return [] }
        // In one order, so that there is one statement for the same statuses.
        let names = statuses.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return try candidates(
            "SELECT id, \(Self.last) FROM conversations WHERE status IN (\(names))",
            query,
            [],
            suffix: ""
        ).map(newest)
    }

    /// With its position in the tail if it has one there.
    private func newest(_ candidate: Candidate) -> Candidate {
        Candidate(
            rowID: candidate.rowID,
            position: tail[candidate.rowID]?.position ?? candidate.position
        )
    }

    private func resolved(
        _ query: RowQuery,
        before: Int64,
        limit: Int
    ) throws -> [Candidate] {
        // Of one contact there are few: without the sign all that ever ended would be gone through
        // in their order, for that is an index too.
        let status = query.contact == nil ? "status" : "+status"
        return try candidates(
            "SELECT id, changed FROM conversations WHERE \(status) = 'resolved' AND changed < ?",
            query,
            [before],
            suffix: " ORDER BY changed DESC LIMIT \(limit)"
        )
    }

    private func candidates(
        _ sql: String,
        _ query: RowQuery,
        _ arguments: StatementArguments,
        suffix: String
    ) throws -> [Candidate] {
        var sql = sql
        var arguments = arguments
        if let contact = query.contact {
            sql += " AND contact = ?"
            arguments += [contact.description]
        }
        if let owner = query.owner {
            sql += " AND owner_agent = ?"
            arguments += [owner.description]
        }
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: sql + suffix),
            arguments: arguments
        )
        var found: [Candidate] = []
        while let row = try rows.next() {
            found.append(Candidate(rowID: row[0], position: row[1]))
        }
        return found
    }

    // MARK: - What

    private func row(_ rowID: Int64) throws -> ConversationRow? {
        let stored = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT key, contact, row, seq, public_before, kind, payload
                    FROM conversations JOIN events ON conversation = conversations.id
                    WHERE conversations.id = ?1 AND position = coalesce(?2,
                        (SELECT position FROM places WHERE conversation = ?1
                            ORDER BY seq DESC LIMIT 1))
                    """
            ),
            arguments: [rowID, tail[rowID]?.position]
        )
        guard let stored, let id = ConversationID(stored[0] as String),
            let contact = ContactID(stored[1] as String)
        else { return nil }
        guard let document: Data = stored[2] else { return try replayed(id) }
        guard let json = try? JSON(parsing: Array(document)),
            var row = ConversationRow(json: json)
        else { throw LogFailure.corrupt("The row of conversation \(id) is unreadable.") }
        if row.head < stored[3] as Int { try advance(&row, rowID, to: stored) }
        row.contact = contact
        try name(&row)
        return row
    }

    /// Takes over what came after the stored row was written: messages and notes.
    private func advance(_ row: inout ConversationRow, _ rowID: Int64, to last: Row) throws {
        let event = try EventReader.event(last, kind: 5, payload: 6)
        var message: Message? = if case .message(let message) = event { message } else { nil }
        if message == nil {
            let later = try EventReader(db).events(of: row.id, after: row.head, limit: .max)
            for case .message(let spoken) in later.map(\.event) { message = spoken }
        }
        row.show(message)
        if let message { row.updatedAt = max(row.updatedAt, message.at) }
        row.head = last[3]
        row.publicHead = event.isPublic ? last[3] : last[4]
    }

    /// A conversation whose appends never brought a row.
    private func replayed(_ id: ConversationID) throws -> ConversationRow? {
        let events = try EventReader(db).events(of: id, after: 0, limit: .max)
        guard let conversation = Conversation(id: id, replaying: events.map(\.event)) else {
            return nil
        }
        var row = ConversationRow(conversation)
        try name(&row)
        return row
    }

    private func name(_ row: inout ConversationRow) throws {
        guard row.contactName == nil || row.contactEmail == nil else { return }
        let contact = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT name, email FROM contacts WHERE id = ?"),
            arguments: [row.contact.description]
        )
        guard let contact else { return }
        row.contactName = row.contactName ?? contact[0]
        row.contactEmail = row.contactEmail ?? contact[1]
    }
}
