import Desk
import Foundation
import GRDB

/// Commits batches of jobs, and mends the connections when that fails.
///
/// Lives on the writer's thread.
struct WriteBatches {
    private let file: DatabaseFile
    private let status: WriterStatus
    private let complaints: Complaints
    private var log: LogState?
    private var checkpoints: Checkpoints
    /// Why the connections are not to be trusted until they have been replaced.
    private var doubt: LogFailure?
    private var lastAttempt: ContinuousClock.Instant?
    /// What is read from while they are replaced.
    private var readers: Connections?

    /// How often a reopening is tried while it fails.
    private static let pause: Duration = .milliseconds(100)

    init(
        file: DatabaseFile,
        status: WriterStatus,
        complaints: Complaints,
        checkpoints: Checkpoints
    ) {
        self.file = file
        self.status = status
        self.complaints = complaints
        self.checkpoints = checkpoints
    }

    /// Drops the prepared statements, so that the connection can be closed.
    mutating func forget() { log = nil }

    /// Writes what a batch asks for and answers every job of it.
    mutating func write(
        _ jobs: [any WriteJob],
        to connections: Connections?,
        replace: (Connections?) -> Void
    ) {
        var open = connections
        if let doubt {
            open = reopen(open, replace)
            guard open != nil else {
                for job in jobs { job.fail(doubt) }
                return
            }
        }
        guard let open else {
            for job in jobs { job.fail(.unavailable("The store is closed.")) }
            return
        }
        var batch = WriteBatch(jobs: jobs)
        let start = ContinuousClock.now
        do {
            try open.write { db in try carryOut(&batch, db) }
            status.position = log?.position ?? status.position
            let now = ContinuousClock.now
            status.commit = (at: now, took: now - start)
            status.report(batch.shortage.map(StoreHealth.failing) ?? .ok)
            batch.answer()
            // That the disk is full has been told.
            if batch.shortage == nil { batch.refused.forEach(complaints.note(unwritten:)) }
            checkpoints.look(open)
        } catch {
            let failure = Self.failure(error)
            log = nil
            doubt = failure
            lastAttempt = nil
            status.report(.failing(Self.reason(failure)))
            batch.fail(failure)
        }
    }

    private mutating func carryOut(_ batch: inout WriteBatch, _ db: Database) throws {
        var log = try self.log ?? LogState(db)
        self.log = nil
        do {
            if try !batch.together(&log, db) { try batch.separately(&log, db) }
            self.log = log
        } catch {
            if db.isInsideTransaction { try? db.rollback() }
            throw error
        }
    }

    /// Replaces connections whose state is in doubt; nil when that does not work yet.
    ///
    /// What is committed can be read meanwhile, on connections that cannot write. They are opened before
    /// the old ones are closed: the index of the write-ahead log stays as the last commit left it, and
    /// shows nothing of a commit that failed half-way.
    ///
    /// The whole write-ahead log is emptied into the file before anything is acknowledged again. After a
    /// failed fsync the kernel may show pages that the disk does not have, and commits behind such a
    /// gap in the log would be lost with it.
    private mutating func reopen(
        _ connections: Connections?,
        _ replace: (Connections?) -> Void
    ) -> Connections? {
        let now = ContinuousClock.now
        if let lastAttempt, now - lastAttempt < Self.pause { return nil }
        lastAttempt = now
        if readers == nil {
            readers = (try? file.connectForReading()).map { Connections($0) }
            replace(readers)
            try? connections?.close()
        }
        do {
            let fresh = Connections(try file.connect())
            file.checkpoint.doubt()
            try fresh.write { db in
                _ = try file.checkpoint.run(.truncate, db)
                checkpoints.attach(to: db)
            }
            try fresh.write { db in
                try db.inTransaction(.immediate) {
                    file.reserveLog()
                    return .commit
                }
            }
            replace(fresh)
            try? readers?.close()
            readers = nil
            doubt = nil
            return fresh
        } catch {
            doubt = Self.failure(error)
            return nil
        }
    }

    private static func failure(_ error: any Error) -> LogFailure {
        switch error {
        case let error as DatabaseError: error.failure
        case let error as LogFailure: error
        default: .unavailable("\(error)")
        }
    }

    private static func reason(_ failure: LogFailure) -> String {
        switch failure {
        case .unavailable(let reason), .corrupt(let reason): reason
        case .conflict, .repeatedStart, .uploadMissing: "\(failure)"
        }
    }
}
