import GRDB

/// Where each conversation's events are in the log, kept up many events at a time.
///
/// The table `places` knows the events up to the position in `placed`. Those behind it, the tail, are
/// few: they are found by looking through them. Belongs to one connection, like ``LogState``.
struct Places {
    /// A tail this long is placed whatever else is going on: some milliseconds for all of it.
    private static let limit: Int64 = 2000
    /// A tail this long is placed when the writer has little to do.
    private static let quietLimit: Int64 = 128
    /// Not sooner after the last one: each conversation's places are a page of their own, which is written
    /// for one event as for twenty.
    private static let pause: Duration = .milliseconds(50)

    /// Up to which position events are placed.
    private var placed: Int64
    private var placedAt = ContinuousClock.now
    /// The last number of each conversation in the tail.
    private var heads: [Int64: Int] = [:]
    private let insert: Statement
    private let note: Statement

    init(_ db: Database) throws {
        placed = try Self.placed(db)
        heads = try Self.tail(db).mapValues { $0.sequence }
        insert = try db.makeStatement(
            sql: """
                INSERT INTO places SELECT conversation, seq, position FROM events
                WHERE position > ? ORDER BY conversation, seq
                """
        )
        note = try db.makeStatement(sql: "UPDATE placed SET position = ?")
    }

    /// The number of a conversation's last event if that is in the tail.
    func head(of rowID: Int64) -> Int? { heads[rowID] }

    /// Notes that the tail has grown; returns what was known before.
    mutating func note(_ sequence: Int, of rowID: Int64) -> Int? {
        heads.updateValue(sequence, forKey: rowID)
    }

    /// Takes ``note(_:of:)`` back.
    mutating func restore(_ sequence: Int?, of rowID: Int64) { heads[rowID] = sequence }

    private var hasRested: Bool { .now - placedAt >= Self.pause }

    /// Places the tail inside the batch's transaction, if it is long enough.
    ///
    /// Nothing changes here until ``settle(at:)``.
    /// - Returns: whether it did.
    func placeTail(upTo position: Int64, isQuiet: Bool) throws -> Bool {
        let length = position - placed
        guard length >= Self.limit || isQuiet && length >= Self.quietLimit && hasRested else {
            return false
        }
        try insert.execute(arguments: [placed])
        try note.execute(arguments: [position])
        return true
    }

    /// The tail up to a position has been placed, and that is committed.
    mutating func settle(at position: Int64) {
        placed = position
        placedAt = .now
        heads.removeAll(keepingCapacity: true)
    }

    // MARK: - Reading

    /// The last event of a conversation in the tail.
    struct Latest {
        var sequence: Int
        var position: Int64
    }

    static func placed(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT position FROM placed")) ?? 0
    }

    /// The last event of every conversation that has one in the tail, by the conversation's row.
    static func tail(_ db: Database) throws -> [Int64: Latest] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT conversation, seq, position FROM events
                    WHERE position > (SELECT position FROM placed) ORDER BY position
                    """
            )
        )
        var latest: [Int64: Latest] = [:]
        while let row = try rows.next() {
            latest[row[0]] = Latest(sequence: row[1], position: row[2])
        }
        return latest
    }
}
