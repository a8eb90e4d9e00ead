import Desk
import GRDB

/// Jobs that share one transaction and one fsync.
///
/// An error thrown by its methods leaves nothing committed and the connection in doubt.
struct WriteBatch {
    /// A batch of so few jobs leaves time for housekeeping.
    private static let quiet = 2

    private let jobs: [any WriteJob]
    private var confirmations: [@Sendable () -> Void] = []
    private var refusals: [(job: any WriteJob, failure: LogFailure)] = []
    /// Set when the file could not grow for one of the jobs.
    private(set) var shortage: String?

    init(jobs: [any WriteJob]) {
        self.jobs = jobs
        confirmations.reserveCapacity(jobs.count)
    }

    /// Writes all jobs without savepoints; false, with everything rolled back, when a statement failed.
    mutating func together(_ log: inout LogState, _ db: Database) throws -> Bool {
        let mark = log.mark
        try log.statements.begin.execute()
        for job in jobs {
            do {
                confirmations.append(try job.perform(&log, db))
            } catch let refused as Refused {
                refusals.append((job, refused.failure))
            } catch {
                try Self.throwIfGrave(error)
                try db.rollback()
                log.undo(to: mark)
                confirmations.removeAll(keepingCapacity: true)
                refusals.removeAll()
                return false
            }
        }
        try commit(&log, db)
        return true
    }

    /// Writes each job behind a savepoint of its own, so that those that fail do so alone.
    mutating func separately(_ log: inout LogState, _ db: Database) throws {
        try log.statements.begin.execute()
        for job in jobs {
            let mark = log.mark
            try db.execute(sql: "SAVEPOINT job")
            do {
                confirmations.append(try job.perform(&log, db))
            } catch let refused as Refused {
                refusals.append((job, refused.failure))
            } catch {
                try Self.throwIfGrave(error)
                // SQLite ends the whole transaction on some errors: then nobody's job is in it.
                guard db.isInsideTransaction else { throw error }
                try db.execute(sql: "ROLLBACK TO job")
                log.undo(to: mark)
                let failure = Self.failure(error)
                if case DatabaseError.SQLITE_FULL = error { shortage = "The disk is full." }
                refusals.append((job, failure))
            }
            try db.execute(sql: "RELEASE job")
        }
        try commit(&log, db)
    }

    /// Why jobs were refused that could not be done.
    var refused: some Sequence<LogFailure> { refusals.lazy.map(\.failure) }

    /// Tells everybody, after the commit.
    func answer() {
        for confirm in confirmations { confirm() }
        for (job, failure) in refusals { job.fail(failure) }
    }

    /// Tells everybody that nothing was stored.
    func fail(_ failure: LogFailure) {
        for job in jobs { job.fail(failure) }
    }

    private func commit(_ log: inout LogState, _ db: Database) throws {
        do {
            try log.placeTail(isQuiet: jobs.count <= Self.quiet)
        } catch {
            // The tail stays longer; only an error that has ended the transaction concerns the jobs.
            try Self.throwIfGrave(error)
            guard db.isInsideTransaction else { throw error }
        }
        try log.statements.commit.execute()
        log.settle()
    }

    private static func failure(_ error: any Error) -> LogFailure {
        switch error {
        case let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT:
            .conflict(head: 0)
        case let error as DatabaseError: error.failure
        case let error as LogFailure: error
        default: .unavailable("\(type(of: error))")
        }
    }

    /// Errors of the file rather than of a statement concern everybody.
    private static func throwIfGrave(_ error: any Error) throws {
        guard let error = error as? DatabaseError else { return }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_FULL, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_TOOBIG,
            .SQLITE_RANGE:
            return
        default: throw error
        }
    }
}
