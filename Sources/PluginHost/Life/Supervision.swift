/// Decides what follows when a plugin's process has ended unasked; pure, for time comes in.
package struct Supervision: Sendable {
    /// The rules of a restart.
    package struct Rules: Sendable, Hashable {
        package var firstDelay: Duration
        package var longestDelay: Duration
        /// So many ends within ``window`` switch the plugin off.
        package var limit: Int
        package var window: Duration

        package init(
            firstDelay: Duration = .milliseconds(500),
            longestDelay: Duration = .seconds(30),
            limit: Int = 3,
            window: Duration = .seconds(600)
        ) {
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
            self.limit = limit
            self.window = window
        }
    }

    package enum Verdict: Sendable, Hashable {
        case restart(after: Duration)
        case disable
    }

    private let rules: Rules
    private var ends: [Duration] = []

    package init(_ rules: Rules) { self.rules = rules }

    /// Takes note that the process has ended; the delay doubles with every end inside the window.
    ///
    /// - Parameters:
    ///   - now: Time since any fixed point.
    ///   - jitter: From 0 to 1; takes up to a quarter off, so that plugins do not return in step.
    /// - Returns: What to do now.
    package mutating func ended(at now: Duration, jitter: Double) -> Verdict {
        ends.removeAll { now - $0 >= rules.window }
        ends.append(now)
        guard ends.count < rules.limit else { return .disable }
        let doublings = min(ends.count - 1, 20)
        let delay = min(rules.firstDelay * (1 << doublings), rules.longestDelay)
        return .restart(after: delay * (1 - 0.25 * min(max(jitter, 0), 1)))
    }
}
