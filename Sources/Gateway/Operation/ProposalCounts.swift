import Synchronization

/// What language models proposed beside drafts, counted since the start.
final class ProposalCounts: Sendable {
    private let shownToAgents = Atomic<Int>(0)
    private let leftOut = Atomic<Int>(0)

    /// Actions that an agent was shown.
    var shown: Int { shownToAgents.load(ordering: .relaxed) }
    /// Those that were not offered, or whose input did not pass.
    var rejected: Int { leftOut.load(ordering: .relaxed) }

    func count(shown: Int, rejected: Int) {
        shownToAgents.add(shown, ordering: .relaxed)
        leftOut.add(rejected, ordering: .relaxed)
    }
}
