import GRDB
import GRDBSQLite

/// When the write-ahead log is brought back into the database, and by whom (decision 0035).
///
/// Most of it is brought back beside the writer, who goes on appending. A log can begin at its beginning
/// again only when all of it is in the database, which beside a busy writer never is: so what has been
/// appended meanwhile the writer brings back itself, between two batches and when their jobs have their
/// answers. Lives on the writer's thread.
struct Checkpoints {
    /// The log has this many pages when it is begun to be brought back: some are added until it has been.
    private static let many = DatabaseFile.checkpointPages * 3 / 4

    private enum Phase {
        /// Nothing is to be done before there are so many pages.
        case filling(until: Int)
        /// The helper is at work, and waited for when there are so many pages: it is too slow.
        case helped(until: Int)
        /// The writer brings back what is left, until the log has begun anew.
        case ending
    }

    private let file: DatabaseFile
    private let helper: Checkpointer
    private let length = LogLength()
    private var phase = Phase.filling(until: Self.many)

    init(_ file: DatabaseFile) {
        self.file = file
        helper = Checkpointer(file)
    }

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

    /// Waits until nobody else brings the log back.
    func pause() { helper.finish() }

    /// Waits as well, and ends the helper.
    func close() { helper.close() }

    /// Does what is to be done behind a commit: mostly nothing.
    mutating func look(_ connections: Connections) {
        let hasHelped = helper.hasEnded()
        if length.hasBegunAnew() { phase = .filling(until: Self.many) }
        let pages = length.pages
        switch phase {
        case .filling(let until) where pages >= until:
            helper.begin()
            phase = .helped(until: pages + Self.many)
        case .helped where hasHelped:
            end(connections)
        case .helped(let until) where pages >= until:
            helper.finish()
        case .ending:
            end(connections)
        case .filling, .helped:
            break
        }
    }

    /// Brings back what is left, and goes on so as long as only those are in the way who have just read.
    private mutating func end(_ connections: Connections) {
        var left: Int?
        try? connections.write { db in left = try file.checkpoint.run(.passive, db) }
        phase =
            switch left {
            case let left? where left <= Checkpointer.few: .ending
            case _?: .filling(until: length.pages + Checkpointer.few)
            case nil: .filling(until: length.pages + Self.many)
            }
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
