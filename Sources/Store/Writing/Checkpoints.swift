import GRDB
import GRDBSQLite

/// When the write-ahead log is brought back into the database, and by whom (decision 0035).
///
/// Most of it is brought back beside the writer, who goes on appending. A log can begin at its beginning
/// again only when all of it is in the database, which beside a busy writer never is: so what has been
/// appended meanwhile the writer brings back itself, once, between two batches and when their jobs have
/// their answers. Lives on the writer's thread.
struct Checkpoints {
    /// The log has this many pages when it is begun to be brought back: some are added until it has been.
    private static let many = DatabaseFile.checkpointPages * 3 / 4
    /// As much as the writer may be held up for again, when somebody was reading what was there before.
    private static let few = 100

    private let length = LogLength()
    private let helper: Checkpointer
    /// As many as the log had last time.
    private var before = 0
    /// How many it has when the helper begins.
    private var next = Self.many
    /// Whether the writer brings back what the helper has left.
    private var isEnding = false

    init(_ helper: Checkpointer) { self.helper = helper }

    /// Takes over from SQLite's own checkpoints, which hold up the commit that comes to so many pages.
    ///
    /// For each connection that writes. This has to be kept until it is closed, or let go.
    func attach(to db: Database) {
        let length = Unmanaged.passUnretained(length).toOpaque()
        sqlite3_wal_hook(
            db.sqliteConnection,
            { length, _, _, pages in
                guard let length else { return SQLITE_OK }
                Unmanaged<LogLength>.fromOpaque(length).takeUnretainedValue().pages = Int(pages)
                return SQLITE_OK
            },
            length
        )
    }

    /// Leaves the connection to SQLite, whose own checkpoints do not come back.
    func detach(from db: Database) {
        sqlite3_wal_hook(db.sqliteConnection, nil, nil)
    }

    /// Does what is to be done behind a commit: mostly nothing.
    mutating func look(_ connections: Connections) {
        if length.pages < before {
            isEnding = false
            next = Self.many
        }
        before = length.pages
        if helper.hasEnded() { isEnding = true }
        if isEnding {
            let left = bringBack(connections)
            isEnding = left <= Self.few
            if !isEnding { next = before + Self.many }
        } else if before >= next {
            helper.begin()
            next = before + Self.many
        }
    }

    /// How many pages somebody who reads has kept from being brought back.
    private func bringBack(_ connections: Connections) -> Int {
        var left = before
        try? connections.write { db in
            let (all, done) = try db.checkpoint(.passive)
            left = all - done
        }
        return left
    }
}

/// How many pages the log had at the last commit, as SQLite says.
private final class LogLength {
    var pages = 0
}
