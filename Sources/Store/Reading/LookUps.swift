import Desk
import Foundation
import GRDB
import Synchronization

/// One thread that looks small things up: whatever is asked for meanwhile is read in one transaction.
///
/// When thousands of widgets come back at once, each of them wants its customer and their
/// conversations. A transaction, a connection from the pool and a thread's wake-up for each cost more
/// than the reading itself. What may take long is not for here, as others wait behind it: see
/// ``Store/read(_:)``.
final class LookUps: Sendable {
    /// What is asked, and how the asker is told: once, on this thread, or at once on the asker's when
    /// the store is closed.
    typealias Job = @Sendable (Result<Snapshot, LogFailure>) -> Void

    private let queue = JobQueue<Job>()
    private let writer: LogWriter

    /// `writer`: has the connections that are read on.
    init(_ writer: LogWriter) { self.writer = writer }

    func start() {
        queue.serve(onThread: "maitred.lookups") { [self] jobs in answer(jobs) }
    }

    /// Lets the thread end after what is pending.
    func stop() { queue.close() }

    /// Asks, from any thread and without waiting; sees every write that has returned before.
    func submit(_ job: @escaping Job) {
        if !queue.submit(job) { job(.failure(.unavailable("The store is closed."))) }
    }

    private func answer(_ jobs: [Job]) {
        var answered = 0
        do {
            try writer.read { db in
                let snapshot = Snapshot(db)
                for job in jobs {
                    answered += 1
                    job(.success(snapshot))
                }
            }
        } catch {
            let failure = writer.complaints.failure(reading: error)
            for job in jobs[answered...] { job(.failure(failure)) }
        }
    }
}

extension LookUps {
    /// The database as it is for one batch of look-ups; of no use after the job that was given it.
    final class Snapshot {
        let db: Database
        private var reader: RowReader?

        init(_ db: Database) { self.db = db }

        /// The rows of conversations; what has to be known for all of them is read once.
        func rows() throws -> RowReader {
            if let reader { return reader }
            let made = try RowReader(db)
            reader = made
            return made
        }
    }
}
