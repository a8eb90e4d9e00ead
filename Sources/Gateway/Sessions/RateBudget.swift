import Model
import Synchronization

/// The budget of all devices of one customer: more sockets do not make anybody faster.
final class SharedBudget: Sendable {
    private let budget: Mutex<RateBudget>

    init(_ budget: RateBudget) { self.budget = Mutex(budget) }

    /// Takes one; when there is none, how long to wait.
    func take(at now: SteadyTime) -> Duration? { budget.withLock { $0.take(at: now) } }
}

/// How many frames a client may send: a bucket that fills with time.
struct RateBudget: Sendable {
    private let perSecond: Double
    private let capacity: Double
    private var tokens: Double
    private var filledAt: SteadyTime

    init(perSecond: Double, capacity: Double, at now: SteadyTime) {
        self.perSecond = perSecond
        self.capacity = capacity
        tokens = capacity
        filledAt = now
    }

    /// Far more than anybody types; loopback is not limited.
    static func customer(_ isLimited: Bool, at now: SteadyTime) -> RateBudget {
        isLimited
            ? RateBudget(perSecond: 10, capacity: 60, at: now)
            : RateBudget(perSecond: .infinity, capacity: .infinity, at: now)
    }

    static func agent(_ isLimited: Bool, at now: SteadyTime) -> RateBudget {
        isLimited
            ? RateBudget(perSecond: 50, capacity: 200, at: now)
            : RateBudget(perSecond: .infinity, capacity: .infinity, at: now)
    }

    /// Takes one; when there is none, how long to wait.
    mutating func take(at now: SteadyTime) -> Duration? {
        guard capacity.isFinite else { return nil }
        let seconds = Double((now - filledAt).milliseconds) / 1000
        tokens = min(capacity, tokens + seconds * perSecond)
        filledAt = now
        guard tokens >= 1 else {
            return .milliseconds(Int(((1 - tokens) / perSecond * 1000).rounded(.up)))
        }
        tokens -= 1
        return nil
    }
}
