import GRDB
import Logging
import Synchronization

/// Brings the write-ahead log back into the database, so that what SQLite counts as brought back is on the
/// disk (decision 0035).
///
/// After a failed sync all of the log is copied again: what the system takes for written then is not.
final class LogReturn: Sendable {
    private struct State {
        var mustCopyAgain = false
        var isFailing = false
    }

    private let state = Mutex(State())
    private let logger = Logger(label: "maitred.store")

    /// Copies and syncs what can be.
    ///
    /// One at a time: the thread that writes waits for the one that helps it, or the other way round. That it
    /// fails is logged when it begins and when it ends.
    ///
    /// - Returns: How many pages are left, for somebody reads what was there before, or they are new.
    func run(_ kind: Database.CheckpointMode, _ db: Database) throws -> Int {
        do {
            if state.withLock(\.mustCopyAgain) { try copyAgain(db) }
            let (all, done) = try db.checkpoint(kind)
            if done < all { try SQLiteWrites.syncDatabase(db) }
            report(nil)
            return all - done
        } catch {
            state.withLock { $0.mustCopyAgain = true }
            try? copyAgain(db)
            report("\(error)")
            throw error
        }
    }

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
