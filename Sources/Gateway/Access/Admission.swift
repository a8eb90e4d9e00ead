import Model
import Synchronization

/// Whether there is room for newcomers, by how long a piece of work now takes from end to end.
///
/// When more comes in than can be done, queues grow and everybody waits longer and longer. Then who
/// is not in a conversation yet is asked to come again, by when the queues should be shorter; who is in
/// one goes on and agents always come in. What is of the moment and kept nowhere goes first: who
/// types, and what has been read. Places in the queue, who is on duty and suggested texts go on: by
/// them the work gets done.
final class Admission: Sendable {
    private struct State {
        /// How long the last round took.
        var latest: Duration = .zero
        /// When the round that is under way began.
        var begun: SuspendingClock.Instant?
    }

    /// How long work may take before newcomers have to wait.
    static let patience: Duration = .seconds(1)
    private static let pause: Duration = .milliseconds(250)
    private static let waits = 2000...30_000

    /// A machine that slept has not worked on anything meanwhile.
    private let clock = SuspendingClock()
    private let round: @Sendable () async -> Void
    private let state = Mutex(State())

    /// The round goes the way of a customer's message, past everything that waits on it.
    init(round: @escaping @Sendable () async -> Void) { self.round = round }

    /// Sends one round after the other; returns when the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let begun = clock.now
            state.withLock { $0.begun = begun }
            await round()
            let took = clock.now - begun
            state.withLock { $0 = State(latest: took) }
            try? await Task.sleep(for: Self.pause, clock: clock)
        }
    }

    /// How long a piece of work takes now: the last round, or the one under way if that is longer.
    var workTakes: Duration {
        let now = clock.now
        return state.withLock { state in
            max(state.latest, state.begun.map { now - $0 } ?? .zero)
        }
    }

    /// Whether who types and what has been read is not passed on.
    var dropsSigns: Bool { wait != nil }

    /// How long a newcomer has to wait before coming again, in milliseconds; nil when there is room.
    var wait: Int? {
        let longest = workTakes
        guard longest > Self.patience else { return nil }
        // Twice as long as work takes now: what waits is done, and what came meanwhile too.
        return min(max(Int(longest.milliseconds) * 2, Self.waits.lowerBound), Self.waits.upperBound)
    }
}
