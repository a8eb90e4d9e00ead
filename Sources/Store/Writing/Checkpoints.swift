import GRDB
import GRDBSQLite

/// When the write-ahead log is brought back into the database: between two batches, when the jobs of the one
/// have their answers (decision 0035).
///
/// Lives on the writer's thread.
struct Checkpoints {
    private static let many = DatabaseFile.checkpointPages
    /// As many pages are added before it is tried again, while somebody reads what was there before.
    private static let few = 100

    private let checkpoint: SyncedCheckpoint
    private let length = LogLength()
    /// It is brought back when it has so many pages, and behind every commit until it has begun anew.
    private var next = Self.many

    init(_ checkpoint: SyncedCheckpoint) { self.checkpoint = checkpoint }

    /// Takes over from SQLite's own checkpoints, which hold up the commit that comes to so many pages.
    ///
    /// For each connection that writes, until it is closed or ``detach(from:)``; this has to be kept as long.
    func attach(to db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { length, _, _, pages in
                guard let length else { return SQLITE_OK }
                Unmanaged<LogLength>.fromOpaque(length).takeUnretainedValue().hear(Int(pages))
                return SQLITE_OK
            },
            Unmanaged.passUnretained(length).toOpaque()
        )
    }

    /// Leaves the connection without checkpoints.
    func detach(from db: Database) {
        sqlite3_wal_hook(db.sqliteConnection, nil, nil)
    }

    /// Does what is to be done behind a commit: mostly nothing.
    mutating func look(_ connections: Connections) {
        if length.hasBegunAnew() { next = Self.many }
        guard length.pages >= next else { return }
        var left: Int?
        try? connections.write { db in left = try checkpoint.run(.passive, db) }
        if let left, left <= Self.few { return }
        next = length.pages + (left == nil ? Self.many : Self.few)
    }
}

/// How many pages the log has since the last commit, as SQLite says.
private final class LogLength {
    private(set) var pages = 0
    private var isAnew = false

    /// A commit that adds to a log makes it longer.
    func hear(_ pages: Int) {
        if pages <= self.pages { isAnew = true }
        self.pages = pages
    }

    /// Whether it has begun at its beginning again since this was last asked.
    ///
    /// A first commit that is longer than all that was there before is not noticed.
    func hasBegunAnew() -> Bool {
        defer { isAnew = false }
        return isAnew
    }
}
