import Desk
import Foundation
import GRDB
import JSONCoding
import Model

/// Reads conversations back from the log.
struct EventReader {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func events(
        of conversation: ConversationID,
        after sequence: Int,
        limit: Int
    ) throws -> [NumberedEvent] {
        let place = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, contact FROM conversations WHERE key = ?"),
            arguments: [conversation.description]
        )
        guard let place, limit > 0 else { return [] }
        let contact: String = place[1]
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT kind, payload, seq, public_before FROM (
                        SELECT kind, payload, places.seq, public_before
                        FROM places JOIN events USING (position)
                        WHERE places.conversation = ?1 AND places.seq > ?2
                        UNION ALL
                        SELECT kind, payload, seq, public_before FROM events
                        WHERE position > (SELECT position FROM placed)
                            AND conversation = ?1 AND seq > ?2)
                    ORDER BY seq LIMIT ?3
                    """
            ),
            arguments: [place[0] as Int64, sequence, limit]
        )
        var events: [NumberedEvent] = []
        while let row = try rows.next() {
            let event = try Self.event(row, kind: 0, payload: 1)
            events.append(
                NumberedEvent(
                    sequence: row[2],
                    publicPredecessor: row[3],
                    event: Self.moved(event, to: contact)
                )
            )
        }
        return events
    }

    /// The event in two columns of a row.
    static func event(_ row: Row, kind: Int, payload: Int) throws -> Event {
        let name: String = row[kind]
        let json = try row.withUnsafeData(atIndex: payload) { data in
            try data.map { data in
                try data.withUnsafeBytes { bytes in try JSON(parsing: bytes) }
            }
        }
        guard let json, let event = Event(kind: name, payload: json) else {
            throw LogFailure.corrupt("An event of kind \(name) is unreadable.")
        }
        return event
    }

    /// The log says who started a conversation; a claim may have moved it to somebody else since.
    private static func moved(_ event: Event, to contact: String) -> Event {
        guard case .started(var start) = event, let contact = ContactID(contact) else {
            return event
        }
        start.contact = contact
        return .started(start)
    }
}
