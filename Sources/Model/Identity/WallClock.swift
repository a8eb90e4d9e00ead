import Dispatch

#if canImport(Glibc)
import Glibc
#endif

/// A clock that tells the time of day: what the desk lives by.
///
/// Production uses ``SystemClock``; tests advance a manual one.
package protocol WallClock: Clock, Sendable where Instant == Timestamp, Duration == Swift.Duration {
}

/// The machine's time of day.
package struct SystemClock: WallClock {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package var minimumResolution: Duration { .milliseconds(1) }

    package func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
        let remaining = deadline - now
        guard remaining > .zero else { return }
        try await Task.sleep(for: remaining, tolerance: tolerance, clock: .continuous)
    }
}
