import Model

/// How much a client may do: a bucket that fills with time.
package struct RateBudget: Sendable {
    /// What comes back in a second, and what there is at once at most.
    package struct Rate: Sendable {
        package var perSecond: Double
        package var burst: Double

        package init(perSecond: Double, burst: Double) {
            self.perSecond = perSecond
            self.burst = burst
        }

        /// Frames: far more than anybody types.
        static let customer = Rate(perSecond: 10, burst: 60)
        static let agent = Rate(perSecond: 50, burst: 200)
        /// WebSockets of an address, behind which a whole office may be: as many as it may have open
        /// can come back at once, twice.
        static let connections = Rate(perSecond: 10, burst: 1024)
    }

    private let rate: Rate
    private var tokens: Double
    private var filledAt: SteadyTime

    init(_ rate: Rate, at now: SteadyTime) {
        self.rate = rate
        tokens = rate.burst
        filledAt = now
    }

    /// Takes one; when there is none, how long to wait.
    mutating func take(at now: SteadyTime) -> Duration? {
        fill(at: now)
        guard tokens >= 1 else { return wait(for: 1) }
        tokens -= 1
        return nil
    }

    /// How long until everything is there again; nil when it is.
    mutating func refill(at now: SteadyTime) -> Duration? {
        fill(at: now)
        return tokens < rate.burst ? wait(for: rate.burst) : nil
    }

    private mutating func fill(at now: SteadyTime) {
        let seconds = Double((now - filledAt).microseconds) / 1_000_000
        tokens = min(rate.burst, tokens + seconds * rate.perSecond)
        filledAt = now
    }

    private func wait(for number: Double) -> Duration {
        .milliseconds(Int(((number - tokens) / rate.perSecond * 1000).rounded(.up)))
    }
}
