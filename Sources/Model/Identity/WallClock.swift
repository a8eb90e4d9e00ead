#if canImport(Glibc)
import Glibc
#endif

/// A clock that tells the time of day, and beside it a steady time: what the desk lives by.
///
/// The time of day is what is stored and shown, and may be set back or forward at any moment. What is
/// waited for is measured in steady time. A deadline that is stored is a time of day: whoever reads it
/// waits for what is left until then, and for no longer than the whole period that it stands for.
///
/// Production uses ``SystemClock``; tests advance a manual one.
package protocol WallClock: Sendable {
    /// The time of day.
    var now: Timestamp { get }

    /// The steady time, which goes on while the machine sleeps.
    var steady: SteadyTime { get }

    func sleep(until deadline: SteadyTime) async throws
}

extension WallClock {
    package func sleep(for period: Duration) async throws {
        try await sleep(until: steady + period)
    }
}

/// The machine's clocks.
package struct SystemClock: WallClock {
    package init() {}

    package var now: Timestamp {
        Timestamp(milliseconds: Self.microseconds(of: CLOCK_REALTIME) / 1000)
    }

    package var steady: SteadyTime {
        SteadyTime(microseconds: Self.microseconds(of: CLOCK_BOOTTIME))
    }

    package func sleep(until deadline: SteadyTime) async throws {
        let remaining = deadline - steady
        guard remaining > .zero else { return }
        try await Task.sleep(for: remaining, clock: .continuous)
    }

    private static func microseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
