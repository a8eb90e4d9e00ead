/// The durations of the latest calls.
struct LatencyWindow {
    private static let capacity = 256
    private var durations: [Duration] = []
    private var next = 0

    mutating func record(_ duration: Duration) {
        if durations.count < Self.capacity {
            durations.append(duration)
        } else {
            durations[next] = duration
            next = (next + 1) % Self.capacity
        }
    }

    /// Sorts the window; nil before the first call.
    var summary: PluginLatency? {
        let sorted = durations.sorted()
        guard let longest = sorted.last else { return nil }
        return PluginLatency(
            median: sorted[sorted.count / 2],
            p99: sorted[sorted.count * 99 / 100],
            longest: longest
        )
    }
}
