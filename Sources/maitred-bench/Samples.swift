import CBench

/// What several runs of one measurement gave.
struct Samples {
    private var values: [Double] = []

    init(_ values: [Double] = []) { self.values = values }

    mutating func add(_ value: Double) { values.append(value) }

    var isEmpty: Bool { values.isEmpty }
    var least: Double { values.min() ?? 0 }
    var most: Double { values.max() ?? 0 }

    /// The value that this share of all stays at or below.
    func quantile(_ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    var median: Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// The runs of one load on one server.
struct LoadSamples {
    var rate = Samples()
    var p50 = Samples()
    var p99 = Samples()
    var cpu = Samples()
    var clientShare = Samples()

    mutating func add(_ run: bench_measured) {
        let seconds = max(run.seconds, .leastNonzeroMagnitude)
        let messages = Double(max(run.messages, 1))
        rate.add(Double(run.messages) / seconds)
        p50.add(run.p50_us)
        p99.add(run.p99_us)
        cpu.add(run.server_cpu_seconds / messages * 1e6)
        clientShare.add(run.client_cpu_seconds / seconds * 100)
    }
}
