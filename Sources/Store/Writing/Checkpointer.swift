import Dispatch
import GRDB
import Synchronization

/// Brings the write-ahead log back into the database beside the writer, on a thread of its own.
///
/// The writer goes on meanwhile. All that is here is called on the writer's thread.
final class Checkpointer: Sendable {
    private enum State { case idle, busy, done }

    /// As much as is left to the writer, in pages, where nothing is in the way.
    static let few = 100

    private let file: DatabaseFile
    private let queue = JobQueue<Void>()
    private let state = Mutex(State.idle)
    /// Who is at work.
    private let work = DispatchGroup()
    /// Opened for the first checkpoint, and held during each.
    private let connection = Mutex<DatabaseQueue?>(nil)

    init(_ file: DatabaseFile) {
        self.file = file
        queue.serve(onThread: "maitred.check") { [self] _ in
            // What fails is left to the writer, who finds the log as it was.
            try? bringBack()
            state.withLock { $0 = .done }
            work.leave()
        }
    }

    /// Begins a checkpoint, without waiting; nothing before the last one's end has been heard of.
    ///
    /// Only while something is in the log and not in the database. SQLite before 3.51.3 may otherwise take
    /// what the writer puts into a log that has just begun anew for brought back
    /// (https://sqlite.org/wal.html#walresetbug).
    func begin() {
        let isFree = state.withLock { state in
            guard state == .idle else { return false }
            state = .busy
            return true
        }
        guard isFree else { return }
        work.enter()
        if !queue.submit(()) { work.leave() }
    }

    /// Whether one has ended, well or not, since this was last asked.
    func hasEnded() -> Bool {
        state.withLock { state in
            guard state == .done else { return false }
            state = .idle
            return true
        }
    }

    /// Waits for the one that is under way, some milliseconds where the disk is well.
    func finish() { work.wait() }

    /// Ends the thread, once the checkpoint that is under way has ended.
    func close() {
        queue.close()
        work.wait()
        connection.withLock { connection in
            try? connection?.close()
            connection = nil
        }
    }

    private func bringBack() throws {
        try connection.withLock { connection in
            let open = try connection ?? file.connectForCheckpoints()
            connection = open
            try open.inDatabase { db in
                var before = Int.max
                var left = try file.checkpoint.run(.passive, db)
                // What was written meanwhile; not what somebody who reads keeps from being brought back.
                while left > Self.few, left < before {
                    before = left
                    left = try file.checkpoint.run(.passive, db)
                }
            }
        }
    }
}
