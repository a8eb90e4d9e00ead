import Model
import Synchronization

/// Counts attempts by name in a sliding period, and says when there were too many.
final class AttemptLimiter: Sendable {
    private let limit: Int
    private let period: Duration
    private let attempts = Mutex<[String: [Timestamp]]>([:])

    init(limit: Int, period: Duration) {
        self.limit = limit
        self.period = period
    }

    /// How long to wait; nil when another attempt is allowed.
    func wait(for name: String, at now: Timestamp) -> Duration? {
        attempts.withLock { attempts in
            let recent = (attempts[name] ?? []).filter { now - $0 < period }
            attempts[name] = recent.isEmpty ? nil : recent
            guard recent.count >= limit, let first = recent.first else { return nil }
            return period - (now - first)
        }
    }

    func count(_ name: String, at now: Timestamp) {
        attempts.withLock { attempts in
            // Names are made up by whoever knocks: those whose time is over go when there are many.
            if attempts.count > 10_000 {
                attempts = attempts.filter { $0.value.contains { now - $0 < period } }
            }
            attempts[name, default: []].append(now)
        }
    }

    func forget(_ name: String) { attempts.withLock { $0[name] = nil } }
}
