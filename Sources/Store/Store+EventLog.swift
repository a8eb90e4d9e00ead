import Desk
import Foundation
import GRDB
import JSONCoding
import Logging
import Model

extension Store {
    /// Commits events with what follows from them; see ``Desk/EventLog/append(_:then:)``.
    package func append(
        _ request: AppendRequest,
        then done: @escaping @Sendable (Result<Int64, LogFailure>) -> Void
    ) {
        if request.after == 0, case .started(let start)? = request.events.first {
            newcomers.remove(start.contact)
        }
        writer.submit(AppendJob(request, then: done))
    }

    package func getReady() { writer.getReady() }

    package func history(of conversation: ConversationID) async throws(LogFailure) -> [Event] {
        try await events(of: conversation, after: 0, limit: .max).map(\.event)
    }

    package func events(
        of conversation: ConversationID,
        after sequence: Int,
        limit: Int
    ) async throws(LogFailure) -> [NumberedEvent] {
        let few = min(limit, Self.fewEvents)
        let first = try await lookUp { snapshot in
            try EventReader(snapshot.db).events(of: conversation, after: sequence, limit: few)
        }
        guard let last = first.last, first.count == few, few < limit else { return first }
        return try await first
            + read { db in
                try EventReader(db)
                    .events(of: conversation, after: last.sequence, limit: limit - few)
            }
    }

    /// Events that are looked up together with what others look up; most conversations have fewer.
    private static let fewEvents = 200

    package func conversation(
        startedBy contact: ContactID,
        clientID: String
    ) async throws(LogFailure) -> ConversationID? {
        try await lookUp { snapshot in
            try String.fetchOne(
                snapshot.db.cachedStatement(
                    sql: "SELECT key FROM conversations WHERE contact = ? AND start_cid = ?"
                ),
                arguments: [contact.description, clientID]
            ).flatMap { ConversationID($0) }
        }
    }

    package func row(of conversation: ConversationID) async throws(LogFailure) -> ConversationRow? {
        try await lookUp { try $0.rows().row(of: conversation) }
    }

    /// Rows, newest change first; see ``Desk/EventLog/rows(_:)``.
    ///
    /// Costs some ten microseconds for each conversation that is not resolved and matches.
    package func rows(_ query: RowQuery) async throws(LogFailure) -> [ConversationRow] {
        try await read { db in try RowReader(db).rows(query) }
    }

    /// What one contact comes back to, told on a thread that must not be held: the conversations
    /// that are not resolved, and of the others the last few.
    ///
    /// Of each the newest change comes first. Whatever was committed before is seen. That a newcomer has
    /// none is told at once, on the caller's thread, and after ``close()`` too.
    package func rows(
        of contact: ContactID,
        open: Int,
        ended: Int,
        then done:
            @escaping @Sendable (
                Result<(open: [ConversationRow], ended: [ConversationRow]), LogFailure>
            ) -> Void
    ) {
        guard !newcomers.contains(contact) else { return done(.success((open: [], ended: []))) }
        lookUp(
            { try $0.rows().rows(of: contact, open: open, ended: ended) },
            then: done
        )
    }

    package func obligations() async throws(LogFailure) -> [(ConversationID, Obligation)] {
        try await read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT key, kind, due FROM obligations
                    JOIN conversations ON conversations.id = obligations.conversation
                    """
            )
            var owed: [(ConversationID, Obligation)] = []
            while let row = try rows.next() {
                guard let id = ConversationID(row[0] as String),
                    let kind = Obligation.Kind(rawValue: row[1])
                else { throw LogFailure.corrupt("An obligation is unreadable.") }
                let due = Timestamp(milliseconds: row[2])
                owed.append((id, Obligation(kind: kind, due: due)))
            }
            return owed
        }
    }

    /// Moves deadlines, those of reminders and webhooks too; see ``Desk/EventLog/moveDeadlines(by:)``.
    package func moveDeadlines(by step: Duration) async throws(LogFailure) {
        let milliseconds = step.milliseconds
        try await write { db in
            for (table, those) in [
                ("obligations", "kind <> '\(Obligation.Kind.wake.rawValue)'"),
                ("plugin_reminders", "true"), ("webhook_deliveries", "due IS NOT NULL"),
            ] {
                try db.execute(
                    sql: "UPDATE \(table) SET due = due + ? WHERE \(those)",
                    arguments: [milliseconds]
                )
            }
        }
        logger.notice(
            "The clock was set; what is owed is owed as long as before",
            metadata: ["seconds": "\(step.components.seconds)"]
        )
    }

    package func position() async throws(LogFailure) -> Int64 { writer.status.position }
}
