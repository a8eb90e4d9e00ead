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

    /// Sessions opened and closed before counting, so that what a server needs once is not counted.
    private static let warmUpCount = 20
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
        let raw = try measureRaw(isSecure: false, count: count, &report)
        if let program { try measureOurs(program, raw: raw, &report) }
        // Handshakes with TLS take long.
        let fewer = options.quick ? max(100, count / 5) : count
        let secure = try measureRaw(isSecure: true, count: fewer, &report)
        if let program { try measureSecure(program, count: fewer, raw: secure, &report) }
        return report
    }

    /// Returns the resident bytes of a raw connection.
    private func measureRaw(
        isSecure: Bool,
        count: Int,
        _ report: inout Report
    ) throws -> Double {
        let echo = try ReferenceServer(.a, isSecure: isSecure)
        let load = try echo.makeClient()
        try warmUp(echo, on: load)
        let before = echo.process.residentBytes
        try echo.openIdle(count, on: load)
        let bytes = growth(of: echo, from: before, count: count, on: load)
        report.add("A echo, \(count) idle\(isSecure ? ", TLS" : "")", [("KiB each", bytes / 1024)])
        return bytes
    }

    /// Opens idle sessions and returns their resident bytes, each.
    private func openIdle(
        _ server: MaitredServer,
        count: Int,
        on load: LoadClient,
        _ report: inout Report
    ) throws -> Double {
        try warmUp(server, on: load)
        let beforeRequests = server.process.residentBytes
        let hellos = try server.makeSessions(count)
        let beforeSockets = server.process.residentBytes
        try server.openIdle(hellos: hellos, on: load)
        let socket = growth(of: server, from: beforeSockets, count: count, on: load)
        let bytes = growth(of: server, from: beforeRequests, count: count, on: load)
        report.add(
            "maitred, \(count) idle\(server.isSecure ? ", TLS" : "")",
            [("KiB each", bytes / 1024), ("KiB of that after the HTTP request", socket / 1024)]
        )
        return bytes
    }

    private func measureSecure(
        _ program: String,
        count: Int,
        raw: Double,
        _ report: inout Report
    ) throws {
        let server = try MaitredServer(program: program, isSecure: true)
        let bytes = try openIdle(server, count: count, on: server.makeClient(), &report)
        report.add(
            "P7-tls",
            "memory of an idle session, TLS",
            ours: bytes / 1024,
            reference: raw / 1024,
            unit: "KiB"
        )
    }

    private func measureOurs(_ program: String, raw: Double, _ report: inout Report) throws {
        let busy = try MaitredServer(program: program)
        let calm = try MaitredServer(program: program)
        let idle = try busy.makeClient()
        let bytes = try openIdle(busy, count: count, on: idle, &report)

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

    private func warmUp(_ subject: any MaitredSubject, on load: LoadClient) throws {
        try subject.openIdle(Self.warmUpCount, on: load)
        load.closeAll()
        load.serve(seconds: 0.3)
    }

    /// How much a server's resident memory has grown for each idle session, once it has settled.
    private func growth(
        of subject: any MaitredSubject,
        from before: Int,
        count: Int,
        on load: LoadClient
    ) -> Double {
        load.serve(seconds: 0.7)
        return Double(subject.process.residentBytes - before) / Double(count)
    }
}
