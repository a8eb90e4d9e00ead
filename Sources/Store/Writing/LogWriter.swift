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
    let status: WriterStatus
    private let queue = JobQueue<any WriteJob>()
    private let file: DatabaseFile
    private let lock: FolderLock
    private let connections: Mutex<DatabasePool?>
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
        connections = Mutex(pool)
        status = WriterStatus(position: position, logger: logger)
    }

    var sizeLimit: SizeLimit { file.sizeLimit }

    /// The open connections, for reading from any thread.
    var pool: DatabasePool {
        get throws(LogFailure) {
            guard let pool = connections.withLock({ $0 }) else {
                throw .unavailable("The store is closed.")
            }
            return pool
        }
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
        var batches = WriteBatches(file: file, status: status)
        while let jobs = queue.next() {
            let pool = connections.withLock { $0 }
            batches.write(jobs, to: pool) { replacement in
                connections.withLock { $0 = replacement }
            }
        }
        batches.forget()
        let pool = connections.withLock { pool in
            defer { pool = nil }
            return pool
        }
        // GRDB closes its readers last, and those cannot empty the write-ahead log. What fails here is
        // made up for at the next opening.
        _ = try? pool?.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        try? pool?.close()
        lock.release()
    }
}
