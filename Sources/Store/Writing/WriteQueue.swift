import Desk
import Dispatch
import Synchronization

/// Jobs waiting for the writer's thread, in the order in which they came.
final class WriteQueue: Sendable {
    private struct State {
        var pending: [any WriteJob] = []
        var isWaiting = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Adds a job, from any thread and without waiting; a closed queue fails it at once.
    func submit(_ job: any WriteJob) {
        enum Step { case wake, leave, refuse }
        let step: Step = state.withLock { state in
            if state.isClosed { return .refuse }
            state.pending.append(job)
            defer { state.isWaiting = false }
            return state.isWaiting ? .wake : .leave
        }
        switch step {
        case .wake: wake.signal()
        case .leave: break
        case .refuse: job.fail(.unavailable("The store is closed."))
        }
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
    func next() -> [any WriteJob]? {
        while true {
            let taken: [any WriteJob]?? = state.withLock { state in
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
}
