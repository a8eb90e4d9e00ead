import ArgumentParser
import CBench

/// Measures what becomes of visitors when 70 times as many come as usual: P14.
///
/// Each opens a session, connects, writes and asks for a person; one agent is there who has room
/// for a few and takes none. A visitor is settled when they know their place in the queue. Whoever
/// is told to come later does so at the time that was named.
struct Spike: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "70 times the visitors for some seconds: P14."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "New conversations a second before and after.")
    var rate = 10.0

    @Option(help: "How many times as many come in the spike.")
    var factor = 70.0

    private static let capacity = 5
    /// Recovery is looked for in windows of a second, this far apart.
    private static let step = 0.1

    mutating func validate() throws {
        guard (1...100).contains(rate), (1...200).contains(factor) else {
            throw ValidationError("--rate takes 1 to 100, --factor 1 to 200.")
        }
    }

    func measure() throws -> Report {
        let visitors = Int(spikeSeconds * rate * factor)
        let needed = visitors * 11 / 10 + 500
        let allowed = Int(bench_raise_file_limit())
        guard allowed >= needed else {
            throw BenchError.tooFewFiles(needed: needed, allowed: allowed)
        }
        var report = Report(turns: turns)
        guard let program = try options.programPath() else { return report }
        var samples = SpikeSamples()
        for _ in 0..<turns {
            let server = try MaitredServer(program: program, capacity: Self.capacity)
            let load = try server.makeClient()
            try server.openAgent(0, as: bench_role_idle, on: load)
            let before = server.process.cpuSeconds
            let visits = try Visits(due: schedule, to: server, on: load)
            samples.add(visits, try judge(visits), cpu: server.process.cpuSeconds - before)
        }
        samples.add(to: &report, rate: rate, factor: factor)
        return report
    }

    /// A new server for each turn: what a spike leaves behind must not count for the next.
    private var turns: Int { min(options.turns, options.quick ? 1 : 3) }
    private var calmSeconds: Double { options.quick ? 4 : 10 }
    private var spikeSeconds: Double { options.quick ? 5 : 10 }
    private var afterSeconds: Double { options.quick ? 8 : 15 }

    private var schedule: [Double] {
        let spikeEnd = calmSeconds + spikeSeconds
        return Self.times(from: 0, to: calmSeconds, rate: rate)
            + Self.times(from: calmSeconds, to: spikeEnd, rate: rate * factor)
            + Self.times(from: spikeEnd, to: spikeEnd + afterSeconds, rate: rate)
    }

    private static func times(from start: Double, to end: Double, rate: Double) -> [Double] {
        (0..<Int((end - start) * rate)).map { start + Double($0) / rate }
    }

    private func judge(_ visits: Visits) throws -> SpikeSamples.Turn {
        guard visits.falsePlaces == 0 else {
            throw BenchError.messagesLost(
                "\(visits.falsePlaces) visitors were told a place that is not theirs"
            )
        }
        let spikeEnd = calmSeconds + spikeSeconds
        // The first second opens what a server opens once.
        let calm = Samples(visits.latencies(from: 1, to: calmSeconds))
        let spike = Samples(visits.latencies(from: calmSeconds, to: spikeEnd))
        var recovery = afterSeconds
        for start in stride(from: 0, through: afterSeconds - 1, by: Self.step) {
            let from = spikeEnd + start
            let window = Samples(visits.latencies(from: from, to: from + 1))
            guard window.quantile(0.5) <= 2 * calm.quantile(0.5),
                window.quantile(0.99) <= 2 * calm.quantile(0.99)
            else { continue }
            recovery = start
            break
        }
        let after = Samples(visits.latencies(from: spikeEnd + 2, to: spikeEnd + afterSeconds))
        return SpikeSamples.Turn(calm: calm, spike: spike, after: after, recovery: recovery)
    }
}

/// What several spikes gave.
struct SpikeSamples {
    struct Turn {
        var calm: Samples
        var spike: Samples
        /// From 2 seconds after the spike.
        var after: Samples
        /// Seconds after the spike until a second's visitors wait at most twice as long as before; as long as
        /// anybody looked when they never did.
        var recovery: Double
    }

    private var share = Samples()
    private var lost = Samples()
    private var recovery = Samples()
    private var turnedAway = Samples()
    private var cutOff = Samples()
    private var cpu = Samples()
    private var calm = (p50: Samples(), p99: Samples())
    private var spike = (p50: Samples(), p99: Samples())
    private var after = (p50: Samples(), p99: Samples())
    private var visitors = 0

    mutating func add(_ visits: Visits, _ turn: Turn, cpu seconds: Double) {
        visitors = visits.list.count
        share.add(Double(visits.settled) / Double(max(1, visits.list.count)) * 100)
        lost.add(Double(visits.lost))
        recovery.add(turn.recovery)
        cpu.add(seconds / Double(max(1, visitors)) * 1000)
        turnedAway.add(Double(visits.turnedAway))
        cutOff.add(Double(visits.cutOff))
        calm.p50.add(turn.calm.quantile(0.5))
        calm.p99.add(turn.calm.quantile(0.99))
        spike.p50.add(turn.spike.quantile(0.5))
        spike.p99.add(turn.spike.quantile(0.99))
        after.p50.add(turn.after.quantile(0.5))
        after.p99.add(turn.after.quantile(0.99))
    }

    func add(to report: inout Report, rate: Double, factor: Double) {
        report.add(
            "visitors before, ms until stored",
            [("visitor/s", rate), ("p50", calm.p50.median), ("p99", calm.p99.median)]
        )
        report.add(
            "in the spike",
            [
                ("visitor/s", rate * factor), ("p50", spike.p50.median),
                ("p99", spike.p99.median), ("CPU ms each", cpu.median),
                ("asked to come later", turnedAway.median),
                ("cut off", cutOff.median),
            ]
        )
        report.add(
            "from 2 seconds after it",
            [("visitor/s", rate), ("p50", after.p50.median), ("p99", after.p99.median)]
        )
        // The worst turn: a visitor who is lost once is lost.
        report.add(
            "P14",
            "of \(visitors) visitors, answered or queued",
            ours: share.least,
            unit: "%"
        )
        report.add("P14-lost", "acknowledged and lost", ours: lost.most, unit: "messages")
        report.add(
            "P14-recovery",
            "after the spike until p50 and p99 are back (twice)",
            ours: recovery.median,
            unit: "s"
        )
    }
}
