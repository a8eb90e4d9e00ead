import Model
import Synchronization

/// The time of day, moved by hand; nobody sleeps by it.
final class StoppedClock: WallClock {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var now: Timestamp { time.withLock { $0 } }
    var minimumResolution: Duration { .milliseconds(1) }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }

    func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
        preconditionFailure("a stopped clock wakes nobody")
    }
}
