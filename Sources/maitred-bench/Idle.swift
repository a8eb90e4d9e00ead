import ArgumentParser
import CBench

/// Measures what sessions that say nothing cost: P7 in memory, P8 in the speed of the others.
struct Idle: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "Memory of idle sessions, plain and TLS, and one active beside them: P7, P8."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many sessions are idle.")
    var count = 10_000

    private static let spareFiles = 200

    mutating func validate() throws {
        guard (100...100_000).contains(count) else {
            throw ValidationError("--count takes a number from 100 to 100000.")
        }
    }

    func measure() throws -> Report {
        let allowed = Int(bench_raise_file_limit())
        guard allowed >= count + Self.spareFiles else {
            throw BenchError.tooFewFiles(needed: count + Self.spareFiles, allowed: allowed)
        }
        let program = try options.programPath()
        var report = Report(turns: options.turns)
        try measureMemory(program, isSecure: false, &report)
        if let program { try measureSpeed(program, &report) }
        try measureMemory(program, isSecure: true, &report)
        return report
    }

    // MARK: - Memory

    private func measureMemory(
        _ program: String?,
        isSecure: Bool,
        _ report: inout Report
    ) throws {
        // Handshakes with TLS take long.
        let turns = isSecure ? min(options.turns, 3) : options.turns
        let count = isSecure && options.quick ? max(100, count / 5) : count
        let memory = IdleMemory(program: program, count: count, isSecure: isSecure)
        var (reference, ours) = (IdleMemory.OfReference(), IdleMemory.OfOurs())
        try options.takeTurns(turns) {
            try memory.measureReferences(&reference)
        } and: {
            try memory.measureOurs(&ours)
        }
        memory.add(reference, ours, to: &report)
    }

    // MARK: - Speed

    private func measureSpeed(_ program: String, _ report: inout Report) throws {
        let busy = try MaitredServer(program: program)
        let calm = try MaitredServer(program: program)
        let idle = try busy.makeClient()
        try busy.openIdle(count, on: idle)

        let active = try busy.makeClient(conversations: 1)
        let alone = try calm.makeClient(conversations: 1)
        var (with, without) = (LoadSamples(), LoadSamples())
        try options.takeTurns {
            without.add(try alone.measure(connections: 1, seconds: seconds))
            idle.serve(seconds: 0.05)
        } and: {
            with.add(try active.measure(connections: 1, seconds: seconds))
            idle.serve(seconds: 0.05)
        }
        report.add("maitred, 1 beside \(count) idle", with)
        report.add("maitred, 1 alone", without)
        report.add(
            "P8",
            "p50 of one session beside \(count) idle ones",
            ours: with.p50.median,
            reference: without.p50.median,
            unit: "us"
        )
    }

    private var seconds: Double { options.quick ? 0.6 : 1.5 }
}
