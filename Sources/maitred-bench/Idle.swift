import ArgumentParser
import CBench

/// Measures what sessions that say nothing cost: P7 in memory, P8 in the speed of the others.
struct Idle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Memory of idle sessions, and one active beside them: P7, P8."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many sessions are idle.")
    var count = 10_000

    /// Sessions opened and closed before counting, so that what a server needs once is not counted.
    private static let warmUpCount = 20
    private static let spareFiles = 200

    mutating func validate() throws {
        guard (100...100_000).contains(count) else {
            throw ValidationError("--count takes a number from 100 to 100000.")
        }
    }

    func run() throws {
        let allowed = Int(bench_raise_file_limit())
        guard allowed >= count + Self.spareFiles else {
            throw BenchError.tooFewFiles(needed: count + Self.spareFiles, allowed: allowed)
        }
        let program = try options.programPath()
        var report = Report(turns: options.turns)
        let raw = try measureRaw(&report)
        if let program { try measureOurs(program, raw: raw, &report) }
        report.print(asJSON: options.json)
    }

    /// Returns the resident bytes of a raw connection.
    private func measureRaw(_ report: inout Report) throws -> Double {
        let echo = try ReferenceServer(.a)
        let load = try echo.makeClient()
        try warmUp(echo, on: load)
        let before = echo.process.residentBytes
        try echo.openIdle(count, on: load)
        let bytes = growth(of: echo, from: before, on: load)
        report.add("A echo, \(count) idle", [("KiB each", bytes / 1024)])
        return bytes
    }

    private func measureOurs(_ program: String, raw: Double, _ report: inout Report) throws {
        let busy = try MaitredServer(program: program)
        let calm = try MaitredServer(program: program)
        let idle = try busy.makeClient()
        try warmUp(busy, on: idle)
        let beforeRequests = busy.process.residentBytes
        let hellos = try busy.makeSessions(count)
        let beforeSockets = busy.process.residentBytes
        try busy.openIdle(hellos: hellos, on: idle)
        let socket = growth(of: busy, from: beforeSockets, on: idle)
        let bytes = growth(of: busy, from: beforeRequests, on: idle)
        report.add(
            "maitred, \(count) idle",
            [("KiB each", bytes / 1024), ("KiB of that after the HTTP request", socket / 1024)]
        )

        let active = try busy.makeClient(conversations: 1)
        let alone = try calm.makeClient(conversations: 1)
        var (with, without) = (LoadSamples(), LoadSamples())
        for _ in 0..<options.turns {
            with.add(try active.measure(connections: 1, seconds: seconds))
            idle.serve(seconds: 0.05)
            without.add(try alone.measure(connections: 1, seconds: seconds))
            idle.serve(seconds: 0.05)
        }
        report.add("maitred, 1 beside \(count) idle", with)
        report.add("maitred, 1 alone", without)
        report.add(
            "P7",
            "memory of an idle session",
            ours: bytes / 1024,
            reference: raw / 1024,
            unit: "KiB"
        )
        report.add(
            "P8",
            "p50 of one session beside \(count) idle ones",
            ours: with.p50.median,
            reference: without.p50.median,
            unit: "us"
        )
    }

    private var seconds: Double { options.quick ? 0.6 : 1.5 }

    private func warmUp(_ subject: any IdleSubject, on load: LoadClient) throws {
        try subject.openIdle(Self.warmUpCount, on: load)
        load.closeAll()
        load.serve(seconds: 0.3)
    }

    /// How much a server's resident memory has grown for each idle session, once it has settled.
    private func growth(of subject: any IdleSubject, from before: Int, on load: LoadClient)
        -> Double
    {
        load.serve(seconds: 0.7)
        return Double(subject.process.residentBytes - before) / Double(count)
    }
}
