import ArgumentParser
import CBench

/// Measures how all widgets come back after the server was killed: P15.
///
/// Each has a conversation and has seen its first message only; what it wrote since was acknowledged
/// before the kill and must come again, once and in order. All connect at the same moment, which is
/// harder than what widgets do: they wait a random time. Reference A is connected to likewise.
struct ResumeStorm: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "Widgets that reconnect at once after a restart: P15."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many widgets come back (10000, or 2000 with --quick).")
    var count: Int?

    private static let spareFiles = 200
    /// Messages a second before the kill: the one agent's console must keep up.
    private static let writingRate = 1500.0

    mutating func validate() throws {
        if let count, !(10...100_000).contains(count) {
            throw ValidationError("--count takes a number from 10 to 100000.")
        }
    }

    func measure() throws -> Report {
        let allowed = Int(bench_raise_file_limit())
        guard allowed >= widgets + Self.spareFiles else {
            throw BenchError.tooFewFiles(needed: widgets + Self.spareFiles, allowed: allowed)
        }
        var report = Report(turns: turns)
        let echo = try ReferenceServer(.a)
        let storm = try options.programPath().map { try Storm(program: $0, widgets: widgets) }
        var reference = Samples()
        try options.takeTurns(turns) {
            let raw = try echo.makeClient()
            let opened = try raw.open(bench_role_idle, count: widgets, atATime: widgets)
            reference.add(opened.seconds)
            raw.closeAll()
        } and: {
            try storm?.run()
        }
        report.add("A echo, \(widgets) connect at once", [("s", reference.median)])
        storm?.add(to: &report, reference: reference.median)
        return report
    }

    private var widgets: Int { count ?? (options.quick ? 2000 : 10_000) }
    private var turns: Int { min(options.turns, 3) }
}

extension ResumeStorm {
    /// A server with widgets that have written, to be killed and come back to.
    private final class Storm {
        private let server: MaitredServer
        private let hellos: [String]
        private let missed: [UInt32]
        private var start = Samples()
        private var seconds = Samples()
        private var missing = Samples()
        private var cpu = Samples()

        init(program: String, widgets: Int) throws {
            server = try MaitredServer(program: program)
            let load = try server.makeClient()
            let conversations = try server.startConversations(widgets, on: load)
            _ = try load.measure(
                connections: widgets,
                seconds: Double(widgets) / writingRate,
                rate: writingRate
            )
            hellos = try conversations.map { try $0.helloAgain() }
            missed = conversations.indices.map { load.sent(by: $0) }
        }

        func run() throws {
            start.add(try server.killAndRestart())
            let load = try server.makeClient()
            let opened = try load.open(
                bench_role_returning,
                count: hellos.count,
                origin: MaitredServer.origin,
                hellos: hellos,
                atATime: hellos.count,
                missed: missed
            )
            guard opened.misordered == 0 else {
                throw BenchError.messagesLost("\(opened.misordered) came twice or out of order")
            }
            seconds.add(opened.seconds)
            missing.add(Double(opened.missing))
            cpu.add(opened.server_cpu_seconds / Double(hellos.count) * 1e6)
        }

        func add(to report: inout Report, reference: Double) {
            let count = Double(hellos.count)
            report.add(
                "maitred, \(hellos.count) resume at once",
                [
                    ("s", seconds.median), ("least", seconds.least), ("most", seconds.most),
                    ("CPU us each", cpu.median), ("s to start", start.median),
                    ("messages sent again", Double(missed.reduce(0, +))),
                ]
            )
            report.add(
                "P15",
                "\(hellos.count) widgets back with all they missed",
                ours: seconds.median,
                reference: reference,
                unit: "s"
            )
            report.add(
                "P15-missing",
                "acknowledged and missing",
                ours: missing.most,
                unit: "messages"
            )
            report.add(
                "P15-rate",
                "widgets resumed, against bare handshakes",
                ours: count / max(seconds.median, .leastNonzeroMagnitude),
                reference: count / max(reference, .leastNonzeroMagnitude),
                unit: "connection/s"
            )
        }
    }
}
