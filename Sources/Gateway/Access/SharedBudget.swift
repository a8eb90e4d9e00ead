import Model
import Synchronization

/// The budget of all that one customer, agent or address does: more sockets make nobody faster.
///
/// Whoever goes on although they are told to wait has a second budget, for refusals, ten times the
/// first. When that is used up they have not been listening for long.
package final class SharedBudget: Sendable {
    /// What somebody is told who was too fast.
    package struct Excess: Sendable {
        /// When to go on.
        package var wait: Duration
        /// Whether they do not listen.
        package var isDeaf: Bool
    }

    private struct State {
        var budget: RateBudget
        var refusals: RateBudget
    }

    private static let patience = 10.0
    private let state: Mutex<State>

    init(_ rate: RateBudget.Rate, at now: SteadyTime) {
        let refusals = RateBudget.Rate(
            perSecond: rate.perSecond,
            burst: rate.burst * Self.patience
        )
        state = Mutex(
            State(budget: RateBudget(rate, at: now), refusals: RateBudget(refusals, at: now))
        )
    }

    /// Takes one; nil when it was there.
    package func take(at now: SteadyTime) -> Excess? {
        state.withLock { state in
            guard let wait = state.budget.take(at: now) else { return nil }
            guard state.refusals.take(at: now) != nil else {
                return Excess(wait: wait, isDeaf: false)
            }
            return Excess(wait: state.budget.refill(at: now) ?? wait, isDeaf: true)
        }
    }

    /// Whether it is as a new one would be.
    func isFull(at now: SteadyTime) -> Bool {
        state.withLock { state in
            state.budget.refill(at: now) == nil && state.refusals.refill(at: now) == nil
        }
    }
}

extension WireFault {
    /// Refuses a frame of somebody who is too fast, and hangs up on those who do not listen.
    init(_ excess: SharedBudget.Excess) {
        self.init(
            .rateLimited,
            retryMilliseconds: Int(excess.wait.milliseconds),
            close: excess.isDeaf ? .rateLimited : nil
        )
    }
}
