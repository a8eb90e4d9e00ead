import Desk
import Foundation
import GRDB
import Logging
import Synchronization

/// The one thread that writes: it commits everything pending together, then tells all who wait.
///
/// The open connections are replaced after an error that leaves the file's state in doubt; between
/// the error and the reopening nothing is acknowledged.
final class LogWriter: Sendable {
    /// What has done nothing for so long is slow to start.
    private static let rest: Duration = .milliseconds(50)
    /// A commit that is done before what it was made for comes.
    private static let quick: Duration = .milliseconds(1)

    let status: WriterStatus
    let complaints: Complaints
    private let queue = JobQueue<any WriteJob>()
    private let file: DatabaseFile
    private let lock: FolderLock
    private let connections: Mutex<Connections?>
    private let closed = DispatchGroup()

    init(
        file: DatabaseFile,
        lock: FolderLock,
        pool: DatabasePool,
        position: Int64,
        logger: Logger
    ) {
        self.file = file
        self.lock = lock
        connections = Mutex(Connections(pool))
        status = WriterStatus(position: position, logger: logger)
        complaints = Complaints(logger: logger)
    }

    var sizeLimit: SizeLimit { file.sizeLimit }

    /// Reads, on any thread, which is held meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let (connections, pool) = try lend()
        defer { connections.giveBack() }
        return try pool.read(body)
    }

    /// Reads, away from the cooperative pool.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let (connections, pool) = try lend()
        defer { connections.giveBack() }
        return try await pool.read(body)
    }

    private func lend() throws(LogFailure) -> (Connections, DatabasePool) {
        // Together with the look: what is about to be closed is lent to nobody.
        let lent = connections.withLock { open in open.map { ($0, $0.lend()) } }
        guard let lent else { throw .unavailable("The store is closed.") }
        return lent
    }

    func start() {
        closed.enter()
        let thread = Thread { [self] in
            // A name that is given before the thread runs does not reach the kernel.
            Thread.current.name = "maitred.store"
            run()
            closed.leave()
        }
        thread.start()
    }

    /// Adds a job, from any thread and without waiting; one that comes too late fails at once.
    func submit(_ job: any WriteJob) {
        if !queue.submit(job) { job.fail(.unavailable("The store is closed.")) }
    }

    /// Gets thread and disk ready for a write that comes in a moment, by one that means nothing.
    ///
    /// After a second's pause a commit takes 0.4 ms longer: processors and disk have gone to sleep, and
    /// what it touches is in no cache. Where the last commit was not a quick one nothing is done: the
    /// write would have to wait for this one. Nor where storing fails, of which others tell.
    ///
    /// Any thread; costs a commit if there was none for a while, of a page and, like every other that
    /// leaves time, of the places of what was said before.
    func getReady() {
        let commit = status.commit
        guard .now - commit.at > Self.rest, commit.took < Self.quick, status.health == .ok else {
            return
        }
        _ = queue.submit(WarmingJob())
    }

    /// Lets the thread end after what is pending, without waiting for it.
    func stop() { queue.close() }

    /// Lets the thread end after what is pending, and waits for it.
    func close() async {
        queue.close()
        await withCheckedContinuation { continuation in
            closed.notify(queue: .global()) { continuation.resume() }
        }
    }

    private func run() {
        let checkpoints = Checkpoints(file.checkpoint)
        try? connections.withLock { $0 }?.write(checkpoints.attach)
        var batches = WriteBatches(
            file: file,
            status: status,
            complaints: complaints,
            checkpoints: checkpoints
        )
        while let jobs = queue.next() {
            let open = connections.withLock { $0 }
            batches.write(jobs, to: open) { replacement in
                connections.withLock { $0 = replacement }
            }
        }
        batches.forget()
        let open = connections.withLock { open in
            defer { open = nil }
            return open
        }
        // GRDB closes its readers last, and those cannot empty the write-ahead log. What fails here is
        // made up for at the next opening.
        try? open?.write { db in
            checkpoints.detach(from: db)
            _ = try file.checkpoint.run(.truncate, db)
        }
        try? open?.close()
        lock.release()
    }
}
