import Model
import Synchronization

/// The time of day, moved by hand; nobody sleeps by it.
final class StoppedClock: WallClock {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var now: Timestamp { time.withLock { $0 } }
    var steady: SteadyTime { SteadyTime(milliseconds: now.milliseconds) }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }

    func sleep(until deadline: SteadyTime) async throws {
        preconditionFailure("a stopped clock wakes nobody")
    }
}
