import Model
import Synchronization

/// A clock that stands still until a test moves it, or sets its time of day.
///
/// Sleepers wake, in the order of their deadlines, when time passes them.
package final class ManualClock: WallClock {
    private struct Sleeper {
        var id: Int
        var deadline: SteadyTime
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var steady = SteadyTime(milliseconds: 0)
        var sleepers: [Sleeper] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    package init(at now: Timestamp = Timestamp(milliseconds: 1_800_000_000_000)) {
        state = Mutex(State(now: now))
    }

    package var now: Timestamp { state.withLock(\.now) }
    package var steady: SteadyTime { state.withLock(\.steady) }

    /// Sets the time of day forward, or back, while no time passes.
    package func set(by step: Duration) { state.withLock { $0.now = $0.now + step } }

    /// Moves time and wakes everyone whose deadline has come.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            state.steady = state.steady + duration
            let now = state.steady
            let due = state.sleepers.filter { $0.deadline <= now }
            state.sleepers.removeAll { $0.deadline <= now }
            return due.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    package func sleep(until deadline: SteadyTime) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(Sleeper(id: id, deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let index = state.sleepers.firstIndex { $0.id == id }
                guard let index else {
                    state.cancelled.insert(id)
                    return nil as Sleeper?
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func enter(_ sleeper: Sleeper) {
        enum Answer { case wait, wake, cancel }
        let answer = state.withLock { state in
            if state.cancelled.remove(sleeper.id) != nil { return Answer.cancel }
            if sleeper.deadline <= state.steady { return .wake }
            state.sleepers.append(sleeper)
            return .wait
        }
        switch answer {
        case .wait: break
        case .wake: sleeper.continuation.resume()
        case .cancel: sleeper.continuation.resume(throwing: CancellationError())
        }
    }
}
