import Dispatch
import Foundation
import Synchronization

/// Jobs waiting for the one thread that does them, in the order in which they came.
final class JobQueue<Job: Sendable>: Sendable {
    private struct State {
        var pending: [Job] = []
        var isWaiting = false
        var isClosed = false
    }

    private enum Step { case wake, leave, refuse }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Adds a job, from any thread and without waiting; false when the queue is closed.
    func submit(_ job: Job) -> Bool {
        let step: Step = state.withLock { state in
            if state.isClosed { return .refuse }
            state.pending.append(job)
            defer { state.isWaiting = false }
            return state.isWaiting ? .wake : .leave
        }
        if step == .wake { wake.signal() }
        return step != .refuse
    }

    /// Takes nothing more; what is there already is still handed out.
    func close() {
        let isWaiting = state.withLock { state in
            defer { state.isWaiting = false }
            state.isClosed = true
            return state.isWaiting
        }
        if isWaiting { wake.signal() }
    }

    /// Waits for everything pending, at least one job; nil when the queue is closed and empty.
    func next() -> [Job]? {
        while true {
            let taken: [Job]?? = state.withLock { state in
                if !state.pending.isEmpty {
                    let jobs = state.pending
                    state.pending = []
                    state.pending.reserveCapacity(jobs.count)
                    return .some(jobs)
                }
                if state.isClosed { return .some(nil) }
                state.isWaiting = true
                return nil
            }
            if let taken { return taken }
            wake.wait()
        }
    }

    /// Hands out what comes, everything pending at a time, on a thread of its own; it ends with the queue.
    ///
    /// - Parameters:
    ///   - name: The thread's, of 15 bytes at most.
    ///   - begin: Called there first.
    ///   - work: Called there with at least one job.
    func serve(
        onThread name: String,
        begin: @escaping @Sendable () -> Void = {},
        _ work: @escaping @Sendable ([Job]) -> Void
    ) {
        let thread = Thread { [self] in
            // A name that is given before the thread runs does not reach the kernel.
            Thread.current.name = name
            begin()
            while let jobs = next() { work(jobs) }
        }
        thread.start()
    }
}
