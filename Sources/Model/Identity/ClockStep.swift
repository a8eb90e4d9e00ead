/// Notices that the time of day was set: a pure comparison with the steady time.
package struct ClockStep: Sendable {
    /// By less than this clocks are put right without being set.
    package static let least: Duration = .seconds(2)

    private var offset: Int64

    package init(_ clock: some WallClock) { offset = Self.offset(of: clock) }

    /// By how much the time of day was set since the last step; nil when it just passed.
    package mutating func look(at clock: some WallClock) -> Duration? {
        let offset = Self.offset(of: clock)
        let step: Duration = .milliseconds(offset - self.offset)
        // A clock that is put right little by little adds up to no step.
        self.offset = offset
        return step < Self.least && step > .zero - Self.least ? nil : step
    }

    private static func offset(of clock: some WallClock) -> Int64 {
        clock.now.milliseconds - clock.steady.milliseconds
    }
}
