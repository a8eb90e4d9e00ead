import Model
import Synchronization

/// How long the last turn took to be read: whether the next one can be read in passing.
///
/// Any thread.
final class ReadingPace: Sendable {
    /// A longer text takes longer than the last one did: it may be tried at many places whether it says
    /// two things.
    private static let shortText = 200

    private let quick: Duration
    /// Nanoseconds; before the first turn nobody knows.
    private let last = Atomic<Int>(.max)

    /// `quick`: a turn that takes less is not worth being read beside a commit.
    init(quick: Duration) { self.quick = quick }

    /// Reads a turn and remembers how long that took.
    func read(_ turn: TurnReader) -> Command.Conclusion? {
        let start = ContinuousClock.now
        let conclusion = turn.conclude()
        let took = (ContinuousClock.now - start) / .nanoseconds(1)
        last.store(Int(took), ordering: .relaxed)
        return conclusion
    }

    /// Whether the last turn was read quickly, and so will these messages be.
    func isQuick(for messages: some Collection<Message>) -> Bool {
        .nanoseconds(last.load(ordering: .relaxed)) < quick
            && messages.reduce(0) { $0 + $1.text.utf8.count } <= Self.shortText
    }
}
