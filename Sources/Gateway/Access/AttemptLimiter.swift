import Model
import Synchronization

/// Counts attempts by name in a sliding period, and says when there were too many.
final class AttemptLimiter: Sendable {
    private let limit: Int
    private let period: Duration
    private let attempts = Mutex<[String: [SteadyTime]]>([:])

    init(limit: Int, period: Duration) {
        self.limit = limit
        self.period = period
    }

    /// Counts an attempt, in one step; nil when it is allowed, else how long to wait.
    func attempt(_ name: String, at now: SteadyTime) -> Duration? {
        attempts.withLock { attempts in
            // Names are made up by whoever knocks: those whose time is over go when there are many.
            if attempts.count > 10_000 {
                attempts = attempts.filter { $0.value.contains { now - $0 < period } }
            }
            var recent = (attempts[name] ?? []).filter { now - $0 < period }
            if recent.count >= limit, let first = recent.first { return period - (now - first) }
            recent.append(now)
            attempts[name] = recent
            return nil
        }
    }

    func forget(_ name: String) { attempts.withLock { $0[name] = nil } }
}
