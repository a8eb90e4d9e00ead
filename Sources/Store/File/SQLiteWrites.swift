import CSQLiteWrites
import GRDB
import GRDBSQLite

/// Has SQLite write what it writes in fewer calls to the system (decision 0030), and looks after its
/// checkpoints (0035).
///
/// Where fewer calls do not work SQLite writes as it always does.
enum SQLiteWrites {
    private static let isPrepared = csqlitewrites_prepare() == SQLITE_OK

    /// Before a connection is opened; what matters is the first of the process.
    static func prepare() { _ = isPrepared }

    /// Has the pages of a commit go to the write-ahead log in one write, where SQLite makes two of each page.
    ///
    /// Only for a connection that syncs every commit, and is closed when one fails: see `CSQLiteWrites.h`.
    static func combine(_ db: Database) {
        guard isPrepared, let connection = db.sqliteConnection else { return }
        _ = csqlitewrites_combine(connection)
    }

    /// Has the next checkpoint copy all of the log.
    static func copyAgain(_ db: Database) throws {
        try check(csqlitewrites_copy_again(db.sqliteConnection))
    }

    private static func check(_ result: CInt) throws {
        guard result == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: result))
        }
    }
}
