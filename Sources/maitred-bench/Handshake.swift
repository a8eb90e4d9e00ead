import ArgumentParser
import CBench

/// Measures how fast connections come in: P9.
struct Handshake: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "Connections a second, upgrade to welcome, plain and TLS: P9."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many connections a run opens.")
    var count = 2000

    mutating func validate() throws {
        guard (10...100_000).contains(count) else {
            throw ValidationError("--count takes a number from 10 to 100000.")
        }
    }

    func measure() throws -> Report {
        _ = bench_raise_file_limit()
        var report = Report(turns: options.turns)
        try measure(isSecure: false, count: count, &report)
        // They take five times as long.
        try measure(isSecure: true, count: max(10, count / 4), &report)
        return report
    }

    private func measure(isSecure: Bool, count: Int, _ report: inout Report) throws {
        let suffix = isSecure ? ", TLS" : ""
        let echo = try ReferenceServer(.a, isSecure: isSecure)
        let raw = try echo.makeClient()
        let ours = try options.programPath().map {
            try MaitredServer(program: $0, isSecure: isSecure)
        }
        let client = try ours?.makeClient()
        let clock = ContinuousClock()
        var hellos: [String] = []
        let spent = try clock.measure { hellos = try ours?.makeSessions(count) ?? [] }

        var (reference, measured) = (OpeningSamples(), OpeningSamples())
        try options.takeTurns {
            reference.add(try raw.open(bench_role_idle, count: count, closing: true))
            raw.closeAll()
            raw.serve(seconds: 0.2)
        } and: {
            guard let ours, let client else { return }
            measured.add(try ours.greetAndLeave(hellos: hellos, on: client))
            client.closeAll()
            client.serve(seconds: 0.2)
        }
        report.add("A echo, upgrade\(suffix)", reference.row)
        guard ours != nil else { return }
        report.add("maitred, upgrade to welcome\(suffix)", measured.row)
        report.add(
            "maitred, widget sessions\(suffix)",
            [("session/s", Double(count) / (spent / .seconds(1)))]
        )
        report.add(
            isSecure ? "P9-tls" : "P9",
            "handshakes with authentication, \(isSecure ? "TLS" : "plain")",
            ours: measured.rate.median,
            reference: reference.rate.median,
            unit: "connection/s"
        )
    }
}

extension Handshake {
    private struct OpeningSamples {
        var rate = Samples()
        var cpu = Samples()

        mutating func add(_ run: bench_opened) {
            let opened = Double(max(run.opened, 1))
            rate.add(opened / max(run.seconds, .leastNonzeroMagnitude))
            cpu.add(run.server_cpu_seconds / opened * 1e6)
        }

        var row: [(name: String, value: Double)] {
            [
                ("connection/s", rate.median), ("least", rate.least), ("most", rate.most),
                ("CPU us each", cpu.median),
            ]
        }
    }
}
