import ArgumentParser
import CBench
import JSONCoding

/// Measures what customers feel of a plugin that goes wrong: P11.
///
/// Three servers have the same plugin, which is asked about each conversation that begins: on one it
/// answers, on one it never does, on one it dies, is started again, and dies, until the server gives
/// it up; it is switched on anew in each turn. A fourth has none, to see what one that works costs.
/// On each the same customers send on the same schedule while conversations begin.
struct PluginFault: Measurement {
    static let configuration = CommandConfiguration(
        commandName: "plugin-fault",
        abstract: "Other sessions while a plugin hangs or crashes: P11."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many customers send.")
    var connections = 100

    @Option(help: "Messages a second of all of them; below what the machine can do.")
    var rate = 2000.0

    mutating func validate() throws {
        guard (2...2000).contains(connections), (10...100_000).contains(rate) else {
            throw ValidationError("--connections takes 2 to 2000, --rate 10 to 100000.")
        }
    }

    func measure() throws -> Report {
        _ = bench_raise_file_limit()
        var report = Report(turns: options.turns)
        guard let program = try options.programPath() else { return report }
        let folder = try TemporaryFolder()
        let arguments = try FaultyPlugin.layOut(in: folder)
        let sides = try [FaultyPlugin.Fault.none, .hang, .crash, .off].map { fault in
            try Side(fault, program: program, arguments: arguments, connections: connections)
        }
        for turn in 0..<options.turns {
            // Each is first once in four turns.
            for place in sides.indices {
                // Whoever waits for their turn answers pings.
                for side in sides { side.load.serve(seconds: 0.05) }
                try sides[(place + turn) % sides.count].measure(seconds: seconds, rate: rate)
            }
        }
        for side in sides { try side.add(to: &report, beside: sides[0]) }
        return report
    }

    /// As long as a plugin that dies at once is started again, and somewhat longer.
    private var seconds: Double { options.quick ? 1.5 : 4 }
}

extension PluginFault {
    /// A server whose plugin has one fault, with its customers.
    private final class Side {
        private let fault: FaultyPlugin.Fault
        private let server: MaitredServer
        let load: LoadClient
        private let connections: Int
        private var samples = LoadSamples()

        init(
            _ fault: FaultyPlugin.Fault,
            program: String,
            arguments: [String],
            connections: Int
        ) throws {
            self.fault = fault
            self.connections = connections
            server = try MaitredServer(
                program: program,
                arguments: arguments,
                plugins: FaultyPlugin.settings(fault)
            )
            load = try server.makeClient(conversations: connections)
            // The one who begins conversations, behind the agent.
            try server.openIdle(1, on: load)
            load.prepareSignal(connections + 1, frame: #"{"t":"conv.start"}"#)
        }

        func measure(seconds: Double, rate: Double) throws {
            if fault != .off { _ = try server.command(["plugin", "restart", FaultyPlugin.id]) }
            samples.add(
                try load.measure(
                    connections: connections,
                    seconds: seconds,
                    rate: rate,
                    beside: connections + 1
                )
            )
        }

        func add(to report: inout Report, beside calm: Side) throws {
            if fault != .off { try checkThatItHappened() }
            report.add("maitred, plugin fault: \(fault.rawValue)", samples)
            guard fault == .hang || fault == .crash else { return }
            report.add(
                "P11-\(fault.rawValue)",
                "p99 at \(Int(samples.rate.median)) msg/s beside a plugin with this fault",
                ours: samples.p99.median,
                reference: calm.samples.p99.median,
                unit: "us"
            )
        }

        /// A fault that did not happen cannot be felt.
        private func checkThatItHappened() throws {
            let state = try server.command(["plugin", "list"])
            guard
                let plugin = state.arrayValue?.first(where: { $0["id"] == .string(FaultyPlugin.id) }
                )
            else { throw BenchError.unexpectedAnswer(to: "plugin list", state.text) }
            let failures = plugin["failures"]?.intValue ?? 0
            guard (failures > 0) == (fault != .none), plugin["calls"]?.intValue ?? 0 > 0 else {
                throw BenchError.unexpectedAnswer(to: "the fault \(fault)", plugin.text)
            }
        }
    }
}
