import Desk
import Foundation
import GRDB
import Model

/// What the writer knows of the log without asking the file, and its prepared statements.
///
/// Belongs to one connection and is thrown away with it. It runs ahead of the file inside a batch;
/// ``undo(to:)`` takes that back.
struct LogState {
    struct Head {
        /// The conversation's number in the file; 0 before it is there.
        var rowID: Int64
        /// The number of its last event; 0 before the first.
        var sequence: Int
    }

    /// How many conversations are remembered before all are forgotten: some ten megabytes.
    private static let limit = 100_000

    var position: Int64
    let statements: LogStatements
    private var heads: [ConversationID: Head] = [:]
    private var places: Places
    private var hasPlacedTail = false
    private var touched: [Touched] = []

    private struct Touched {
        var conversation: ConversationID
        var rowID: Int64
        /// What ``places`` knew before.
        var before: Int?
    }

    init(_ db: Database) throws {
        position = try LogPosition.last(db)
        statements = try LogStatements(db)
        places = try Places(db)
    }

    mutating func head(of conversation: ConversationID) throws -> Head {
        if let head = heads[conversation] { return head }
        let row = try Row.fetchOne(
            statements.selectHead,
            arguments: [conversation.description]
        )
        guard let row else { return Head(rowID: 0, sequence: 0) }
        let rowID: Int64 = row[0]
        return Head(rowID: rowID, sequence: places.head(of: rowID) ?? row[1])
    }

    mutating func set(_ head: Head, of conversation: ConversationID) {
        heads[conversation] = head
        let before = places.note(head.sequence, of: head.rowID)
        touched.append(Touched(conversation: conversation, rowID: head.rowID, before: before))
    }

    /// Writes down where the latest events are, when there are enough of them.
    ///
    /// `isQuiet`: the writer has little else to do.
    mutating func placeTail(isQuiet: Bool) throws {
        hasPlacedTail = try places.placeTail(upTo: position, isQuiet: isQuiet)
    }

    /// Enters a conversation; one that the contact started with the same client id stands in the way.
    mutating func insert(
        _ job: AppendJob,
        _ start: (contact: String, clientID: String?),
        _ db: Database
    ) throws -> Int64 {
        let changes = db.totalChangesCount
        try statements.insertConversation.execute(arguments: [
            job.conversation.description, start.contact, start.clientID,
            job.row?.status ?? Status.bot.rawValue, job.row?.agent,
            position + Int64(job.events.count), job.row?.row,
        ])
        if db.totalChangesCount > changes { return db.lastInsertedRowID }
        let earlier = try String.fetchOne(
            statements.selectStarted,
            arguments: [start.contact, start.clientID]
        )
        guard let earlier = earlier.flatMap({ ConversationID($0) }) else {
            throw Refused(failure: .corrupt("A conversation's key is unreadable."))
        }
        throw Refused(failure: .repeatedStart(earlier))
    }

    /// Writes a row anew; `position` is that of the last event it knows.
    ///
    /// While a conversation that is not resolved keeps its status and its owner, only the row is written:
    /// the columns that it is looked up by would be a page more for each answer. It is listed by its last
    /// event, and by `changed` once it is resolved.
    func update(
        _ row: AppendJob.EncodedRow,
        of rowID: Int64,
        at position: Int64,
        _ db: Database
    ) throws {
        try statements.updateContent.execute(arguments: [row.row, rowID, row.status, row.agent])
        guard db.changesCount == 0 else { return }
        try statements.updateRow.execute(arguments: [
            row.status, row.agent, position, row.row, rowID,
        ])
    }

    func owe(_ obligations: [Obligation], by rowID: Int64) throws {
        try statements.deleteObligations.execute(arguments: [rowID])
        for obligation in obligations {
            try statements.insertObligation.execute(arguments: [
                rowID, obligation.kind.rawValue, obligation.due.milliseconds,
            ])
        }
    }

    /// Keeps what the batch changed: it is committed.
    mutating func settle() {
        touched.removeAll(keepingCapacity: true)
        if hasPlacedTail { places.settle(at: position) }
        hasPlacedTail = false
        if heads.count > Self.limit { heads.removeAll() }
    }

    /// Forgets what was changed since a mark: it was rolled back.
    mutating func undo(to mark: Mark) {
        for touched in touched[mark.touched...].reversed() {
            heads[touched.conversation] = nil
            places.restore(touched.before, of: touched.rowID)
        }
        touched.removeSubrange(mark.touched...)
        position = mark.position
    }

    struct Mark {
        fileprivate var touched: Int
        fileprivate var position: Int64
    }

    var mark: Mark { Mark(touched: touched.count, position: position) }
}

/// The statements of appending, prepared once for a connection.
struct LogStatements {
    let begin: Statement
    let commit: Statement
    let selectHead: Statement
    let selectStarted: Statement
    let insertConversation: Statement
    let insertEvent: EventInsertion
    let updateContent: Statement
    let updateRow: Statement
    let deleteObligations: Statement
    let insertObligation: Statement

    init(_ db: Database) throws {
        // GRDB's own are put together and parsed each time.
        begin = try db.makeStatement(sql: "BEGIN IMMEDIATE TRANSACTION")
        commit = try db.makeStatement(sql: "COMMIT TRANSACTION")
        selectHead = try db.makeStatement(
            sql: """
                SELECT id, coalesce(
                    (SELECT max(seq) FROM places WHERE conversation = conversations.id), 0)
                FROM conversations WHERE key = ?
                """
        )
        selectStarted = try db.makeStatement(
            sql: "SELECT key FROM conversations WHERE contact = ? AND start_cid = ?"
        )
        insertConversation = try db.makeStatement(
            sql: """
                INSERT INTO conversations
                    (key, contact, start_cid, status, owner_agent, changed, row)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (contact, start_cid) WHERE start_cid IS NOT NULL DO NOTHING
                """
        )
        insertEvent = try EventInsertion(db)
        // The contact is not written again: a claim may have moved it meanwhile.
        updateContent = try db.makeStatement(
            sql: """
                UPDATE conversations SET row = ?
                WHERE id = ? AND status = ? AND owner_agent IS ? AND status <> 'resolved'
                """
        )
        updateRow = try db.makeStatement(
            sql: """
                UPDATE conversations SET status = ?, owner_agent = ?, changed = ?, row = ?
                WHERE id = ?
                """
        )
        deleteObligations = try db.makeStatement(
            sql: "DELETE FROM obligations WHERE conversation = ?"
        )
        insertObligation = try db.makeStatement(sql: "INSERT INTO obligations VALUES (?, ?, ?)")
    }
}
