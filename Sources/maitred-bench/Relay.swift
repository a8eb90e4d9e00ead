import ArgumentParser
import CBench

/// Measures messages relayed from customers to an agent: P1, P4, P5 and P10.
struct Relay: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "Messages stored, acknowledged and delivered to an agent: P1, P4, P5, P10."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many customers send at a time.")
    var connections = 100

    @Option(help: "How many more consoles are open, which see the list of conversations.")
    var consoles = 0

    @Option(
        help: ArgumentHelp(
            "Another build of maitred, which takes its turn beside this one.",
            valueName: "path"
        )
    )
    var beside: String?

    mutating func validate() throws {
        guard (2...2000).contains(connections) else {
            throw ValidationError("--connections takes a number from 2 to 2000.")
        }
        guard (0...500).contains(consoles) else {
            throw ValidationError("--consoles takes a number from 0 to 500.")
        }
    }

    func measure() throws -> Report {
        _ = bench_raise_file_limit()
        let program = try options.programPath()
        let echo = try Side(ReferenceServer(.a), connections: connections)
        let store = try Side(ReferenceServer(.b), connections: connections)
        let ours = try program.map(side(of:))
        // The same, without waiting for the disk.
        let unsynced = try program.map {
            try Side(
                MaitredServer(program: $0, arguments: ["--unsafe-unsynced"]),
                connections: connections
            )
        }
        let other = try beside.map(side(of:))
        for turn in 0..<options.turns {
            try echo.measureFull(seconds: seconds)
            // Who goes first changes: a slow minute of the machine must not favour one side.
            let sides = [store, ours, other].compactMap(\.self)
            let order = turn % 2 == 0 ? sides : sides.reversed()
            // P10 compares neighbours: the one without the disk is always next to ours.
            for side in order {
                try side.measureFull(seconds: seconds)
                if side === ours { try unsynced?.measureFull(seconds: seconds) }
            }
            for side in order { try side.measureSingle(seconds: seconds * 0.6) }
            let rate = sides.map(\.lastRate).min() ?? 0
            for side in order { try side.measureHalf(seconds: seconds, rate: rate / 2) }
        }
        var report = report(echo: echo, store: store, ours: ours, unsynced: unsynced)
        if let other { report.add(other, named: "beside", connections: connections) }
        return report
    }

    private func side(of program: String) throws -> Side {
        let server = try MaitredServer(program: program)
        let side = try Side(server, connections: connections)
        try server.openOnlookers(consoles, on: side.load)
        return side
    }

    private var seconds: Double { options.quick ? 0.7 : 2 }

    private func report(echo: Side, store: Side, ours: Side?, unsynced: Side?) -> Report {
        var report = Report(turns: options.turns)
        report.add("A echo, \(connections)", echo.full)
        for (name, side) in [("B store and deliver", store), ("maitred", ours)] {
            guard let side else { continue }
            report.add(side, named: name, connections: connections)
        }
        guard let ours, let unsynced else { return report }
        report.add("maitred unsynced, \(connections)", unsynced.full)
        report.add(
            "P1",
            "throughput of \(connections) customers",
            ours: ours.full.rate.median,
            reference: store.full.rate.median,
            unit: "msg/s"
        )
        report.add(
            "P4",
            "p50 of the acknowledgement, 1 customer",
            ours: ours.single.p50.median,
            reference: store.single.p50.median,
            unit: "us"
        )
        report.add(
            "P4-p99",
            "p99 at half of the slower side's load",
            ours: ours.half.p99.median,
            reference: store.half.p99.median,
            unit: "us"
        )
        report.add(
            "P5",
            "server CPU a message",
            ours: ours.full.cpu.median,
            reference: store.full.cpu.median,
            unit: "us"
        )
        report.add(
            "P10",
            "throughput synced to disk, against not",
            ours: ours.full.rate.median,
            reference: unsynced.full.rate.median,
            unit: "msg/s"
        )
        return report
    }
}

extension Relay {
    /// One server with its conversations open, and what was measured on it.
    fileprivate final class Side {
        private let subject: any Subject
        let load: LoadClient
        private let connections: Int
        private(set) var full = LoadSamples()
        private(set) var single = LoadSamples()
        private(set) var half = LoadSamples()
        /// The throughput of the latest full run, in messages a second.
        private(set) var lastRate = 0.0

        init(_ subject: any Subject, connections: Int) throws {
            self.subject = subject
            self.connections = connections
            load = try subject.makeClient(conversations: connections)
        }

        func measureFull(seconds: Double) throws {
            let run = try load.measure(connections: connections, seconds: seconds)
            lastRate = Double(run.messages) / run.seconds
            full.add(run)
        }

        func measureSingle(seconds: Double) throws {
            single.add(try load.measure(connections: 1, seconds: seconds))
        }

        func measureHalf(seconds: Double, rate: Double) throws {
            half.add(try load.measure(connections: connections, seconds: seconds, rate: rate))
        }
    }
}

extension Report {
    fileprivate mutating func add(_ side: Relay.Side, named name: String, connections: Int) {
        add("\(name), \(connections)", side.full)
        add("\(name), 1", side.single)
        add("\(name), half load", side.half)
    }
}
