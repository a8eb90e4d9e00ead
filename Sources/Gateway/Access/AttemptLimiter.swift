import Model
import Synchronization

/// Counts attempts by name in a sliding period, and says when there were too many.
final class AttemptLimiter: Sendable {
    private let limit: Int
    private let period: Duration
    private let state = Mutex(State())

    private struct State {
        var attempts: [String: [SteadyTime]] = [:]
        /// From how many names on it is looked through for those whose time is over.
        var crowd = AttemptLimiter.smallCrowd
    }

    private static let smallCrowd = 10_000

    init(limit: Int, period: Duration) {
        self.limit = limit
        self.period = period
    }

    /// Counts an attempt, in one step; nil when it is allowed, else how long to wait.
    func attempt(_ name: String, at now: SteadyTime) -> Duration? {
        state.withLock { state in
            // Names are made up by whoever knocks: those whose time is over go when there are many.
            if state.attempts.count > state.crowd {
                state.attempts = state.attempts.filter { $0.value.contains { now - $0 < period } }
                state.crowd = max(Self.smallCrowd, 2 * state.attempts.count)
            }
            var recent = (state.attempts[name] ?? []).filter { now - $0 < period }
            if recent.count >= limit, let first = recent.first { return period - (now - first) }
            recent.append(now)
            state.attempts[name] = recent
            return nil
        }
    }

    func forget(_ name: String) { state.withLock { $0.attempts[name] = nil } }
}
