import Desk
import GRDB

/// Something to be written with whatever else is pending.
///
/// Its waiting caller is told exactly once: by the closure that ``perform(_:_:)`` returned, after the
/// commit, or by ``fail(_:)``.
protocol WriteJob: Sendable {
    /// Writes inside the batch's transaction, and may be asked again after that was rolled back.
    ///
    /// - Throws: ``Refused`` when it has written nothing; then the rest of the batch goes on.
    /// - Returns: what to do once it is committed.
    func perform(_ log: inout LogState, _ db: Database) throws -> @Sendable () -> Void

    func fail(_ failure: LogFailure)
}

/// A job's request cannot be met, which it found out before it wrote anything.
struct Refused: Error {
    var failure: LogFailure
}

/// A write outside the log: people, sites, content.
struct ChangeJob<Value: Sendable>: WriteJob {
    let body: @Sendable (Database) throws -> Value
    let continuation: CheckedContinuation<Result<Value, LogFailure>, Never>

    func perform(_ log: inout LogState, _ db: Database) throws -> @Sendable () -> Void {
        let value = try body(db)
        return { [continuation] in continuation.resume(returning: .success(value)) }
    }

    func fail(_ failure: LogFailure) { continuation.resume(returning: .failure(failure)) }
}

/// A write for its own sake: what it passes through is warm for the next one.
struct WarmingJob: WriteJob {
    func perform(_ log: inout LogState, _ db: Database) throws -> @Sendable () -> Void {
        try Meta.set("warm", to: Int(log.position), db)
        return {}
    }

    func fail(_ failure: LogFailure) {}
}
