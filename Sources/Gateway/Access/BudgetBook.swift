import Model
import Synchronization

/// Budgets by the name of whose they are: who goes and comes back finds theirs as they left it.
///
/// A budget that nobody holds and that is full again is forgotten, as a new one is no different. What
/// is left is bounded by who is connected and who was there seconds ago.
package final class BudgetBook: Sendable {
    private struct State {
        var budgets: [String: SharedBudget] = [:]
        /// From how many on it is looked through for those to forget.
        var crowd = BudgetBook.smallCrowd
    }

    private static let smallCrowd = 1024
    private let rate: RateBudget.Rate
    private let state = Mutex(State())

    package init(_ rate: RateBudget.Rate) { self.rate = rate }

    /// The budget of somebody; whoever goes on using it holds it.
    package func budget(of name: String, at now: SteadyTime) -> SharedBudget {
        state.withLock { state in
            if let known = state.budgets[name] { return known }
            if state.budgets.count >= state.crowd { Self.forget(&state, at: now) }
            let fresh = SharedBudget(rate, at: now)
            state.budgets[name] = fresh
            return fresh
        }
    }

    /// How many it knows.
    package var count: Int { state.withLock { $0.budgets.count } }

    /// Forgets what a new budget would be like; under the lock nobody can take hold of one meanwhile.
    private static func forget(_ state: inout State, at now: SteadyTime) {
        var names: [String] = []
        // Not over `indices`, which hold the dictionary and with it every budget.
        var index = state.budgets.startIndex
        while index != state.budgets.endIndex {
            if isKnownUniquelyReferenced(&state.budgets.values[index]),
                state.budgets.values[index].isFull(at: now)
            {
                names.append(state.budgets.keys[index])
            }
            state.budgets.formIndex(after: &index)
        }
        for name in names { state.budgets[name] = nil }
        state.crowd = max(smallCrowd, state.budgets.count * 2)
    }
}
