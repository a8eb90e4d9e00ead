import GRDB
import Logging
import Synchronization

/// Brings the write-ahead log back into the database, so that what SQLite counts as brought back is on the
/// disk, or copied again (decision 0035).
///
/// SQLite syncs the database behind a checkpoint of the whole log, and no other. After a failed sync the
/// system takes all that was copied for written, what was counted before included.
final class SyncedCheckpoint: Sendable {
    private struct State {
        /// At first, for nobody knows how what was copied before has fared.
        var mustCopyAgain = true
        var isFailing = false
    }

    private let state = Mutex(State())
    private let logger = Logger(label: "maitred.store")

    /// Copies what can be, and syncs when that is all of it.
    ///
    /// On the thread that writes, or when nobody does. That it fails is logged when it begins and when it ends.
    ///
    /// - Returns: How many pages are left, because somebody reads what was there before.
    /// - Throws: What SQLite says; all of the log is then copied again.
    func run(_ kind: Database.CheckpointMode, _ db: Database) throws -> Int {
        do {
            if state.withLock(\.mustCopyAgain) { try copyAgain(db) }
            let (pages, back) = try db.checkpoint(kind)
            report(nil)
            return pages - back
        } catch {
            state.withLock { $0.mustCopyAgain = true }
            try? copyAgain(db)
            // Somebody reads, and nothing is wrong.
            if (error as? DatabaseError)?.resultCode != .SQLITE_BUSY { report("\(error)") }
            throw error
        }
    }

    /// Has the next one copy all of the log, whatever is counted as brought back.
    func doubt() { state.withLock { $0.mustCopyAgain = true } }

    private func copyAgain(_ db: Database) throws {
        try SQLiteWrites.copyAgain(db)
        state.withLock { $0.mustCopyAgain = false }
    }

    private func report(_ reason: String?) {
        let wasFailing = state.withLock { state in
            defer { state.isFailing = reason != nil }
            return state.isFailing
        }
        if let reason, !wasFailing {
            logger.error(
                "The write-ahead log cannot be brought back into the database, and grows",
                metadata: ["reason": .string(reason)]
            )
        } else if reason == nil, wasFailing {
            logger.notice("The write-ahead log is brought back into the database again")
        }
    }
}
