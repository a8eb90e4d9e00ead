import Foundation
import GRDB
import Synchronization

/// Brings the write-ahead log back into the database beside the writer, on a thread of its own.
///
/// The writer goes on meanwhile: what it appends is left for it. Starts nothing by itself.
final class Checkpointer: Sendable {
    private enum State { case idle, busy, done }
    /// Opened when it is needed.
    private enum Connection {
        case none, closed
        case open(DatabaseQueue)
    }

    private let file: DatabaseFile
    private let queue = JobQueue<Void>()
    private let state = Mutex(State.idle)
    /// Held while a checkpoint runs.
    private let connection = Mutex(Connection.none)

    init(_ file: DatabaseFile) { self.file = file }

    func start() {
        queue.serve(onThread: "maitred.check") { [self] _ in
            bringBack()
            state.withLock { $0 = .done }
        }
    }

    /// Begins a checkpoint; nothing while one is under way.
    ///
    /// The writer's thread, which does not wait.
    func begin() {
        let isFree = state.withLock { state in
            defer { state = .busy }
            return state != .busy
        }
        if isFree { _ = queue.submit(()) }
    }

    /// Whether one has ended, well or not, since this was asked.
    func hasEnded() -> Bool {
        state.withLock { state in
            guard state == .done else { return false }
            state = .idle
            return true
        }
    }

    /// Waits for the one that is under way, some milliseconds, and closes its connection.
    ///
    /// None comes after it.
    func close() {
        queue.close()
        connection.withLock { connection in
            if case .open(let queue) = connection { try? queue.close() }
            connection = .closed
        }
    }

    /// What fails is left to the writer, which tries it again and is told what is wrong with the file.
    private func bringBack() {
        connection.withLock { connection in
            let open: DatabaseQueue
            switch connection {
            case .closed: return
            case .open(let queue): open = queue
            case .none:
                guard let queue = try? file.connectForCheckpoints() else { return }
                connection = .open(queue)
                open = queue
            }
            do {
                try open.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
            } catch {
                try? open.close()
                connection = .none
            }
        }
    }
}
