import Model
import Transport

/// Whether many clients have stopped answering of late: then the network, or a proxy, is ill.
///
/// A few always do: phones lose their network, laptops are shut.
package struct HeartbeatWatch: Sendable {
    /// What counts as of late.
    package static let period: Duration = .seconds(300)
    private static let step: Duration = .seconds(5)
    private static let fewest = 10

    /// What had been lost since the start, oldest first: at most one sample in each step.
    private var samples: [(at: SteadyTime, total: Int)] = []
    /// How many were lost in the last ``period``.
    package private(set) var lost = 0
    /// Whether that is at least ten, and more than a tenth of those who are connected.
    package private(set) var areMany = false

    package init() {}

    package mutating func note(_ counters: TransportCounters, at now: SteadyTime) {
        let total = counters.heartbeatsLost
        if samples.last.map({ now - $0.at >= Self.step }) ?? true { samples.append((now, total)) }
        // One that is older stays: it says what there was when the period began.
        while samples.count > 1, now - samples[1].at >= Self.period { samples.removeFirst() }
        lost = total - (samples.first?.total ?? total)
        areMany = lost >= Self.fewest && lost * 10 > counters.webSockets
    }
}
