import Synchronization

/// How clients came back that had been here before, counted since the start.
final class Returns: Sendable {
    private let resumed = Atomic<Int>(0)
    private let fetchedAnew = Atomic<Int>(0)

    /// Sessions that named what they had, and went on from there.
    var resumes: Int { resumed.load(ordering: .relaxed) }
    /// Times that a client was told to fetch a conversation anew.
    var resyncs: Int { fetchedAnew.load(ordering: .relaxed) }

    func countResume() { resumed.add(1, ordering: .relaxed) }
    func countResync() { fetchedAnew.add(1, ordering: .relaxed) }
}
