import ArgumentParser
import CBench

/// Measures messages relayed beside other projects' servers: P2 mosquitto, P3 Prosody.
struct Peers: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "Messages stored and delivered, beside mosquitto and Prosody: P2, P3.",
        discussion: """
            The peers are Debian's packages, started with configurations of the bench's own. One \
            that is not installed is left out: scripts/install-packages --bench installs them.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many customers send at a time, beside mosquitto.")
    var connections = 100

    @Option(
        help: "How many customers send at a time, beside Prosody, which is given as many agents."
    )
    var pairs = 8

    mutating func validate() throws {
        guard (2...2000).contains(connections) else {
            throw ValidationError("--connections takes a number from 2 to 2000.")
        }
        guard (1...100).contains(pairs), pairs <= connections else {
            throw ValidationError("--pairs takes a number from 1 to 100, and to --connections.")
        }
    }

    func measure() throws -> Report {
        _ = bench_raise_file_limit()
        let program = try options.programPath()
        var report = Report(turns: options.turns)
        let broker = try side("mosquitto, saving every change", connections, &report) {
            try Mosquitto(saving: .everyChange)
        }
        let seldom = try side("mosquitto, saving seldom", connections, &report) {
            try Mosquitto(saving: .seldom)
        }
        let prosody = try side("prosody, archiving", pairs, &report) {
            try Prosody(pairs: pairs, journal: .rollback)
        }
        let tuned = try side("prosody, write-ahead log", pairs, &report) {
            try Prosody(pairs: pairs, journal: .writeAhead)
        }
        let many = try program.flatMap { program in
            try side("maitred", connections, &report) { try MaitredServer(program: program) }
        }
        let few = many?.withFewer(pairs)

        let sides = [broker, many, seldom, prosody, few, tuned].compactMap(\.self)
        for turn in 0..<options.turns {
            // Who goes first changes: a slow minute of the machine must not favour one side.
            let order = turn % 2 == 0 ? sides : sides.reversed()
            for side in order { try side.measure(seconds: options.quick ? 0.7 : 2) }
        }
        for side in sides { report.add("\(side.name), \(side.connections)", side.samples) }
        report.compare("P2", "throughput of \(connections) customers", many, with: broker)
        report.compare("P3", "throughput of \(pairs) customers", few, with: prosody)
        return report
    }

    /// A server with its conversations open; nil, with a note in the report, when it is not
    /// installed.
    private func side(
        _ name: String,
        _ connections: Int,
        _ report: inout Report,
        _ start: () throws -> any Subject
    ) throws -> Side? {
        do {
            return try Side(name, start(), connections: connections)
        } catch let missing as BenchError {
            guard case .notInstalled = missing else { throw missing }
            report.note("\(name): left out. \(missing)")
            return nil
        }
    }
}

extension Peers {
    /// One server with its conversations open, and what was measured on it.
    fileprivate final class Side {
        let name: String
        let connections: Int
        private let subject: any Subject
        private let load: LoadClient
        private(set) var samples = LoadSamples()

        convenience init(_ name: String, _ subject: any Subject, connections: Int) throws {
            let load = try subject.makeClient(conversations: connections)
            self.init(name, subject, load, connections)
        }

        private init(
            _ name: String,
            _ subject: any Subject,
            _ load: LoadClient,
            _ connections: Int
        ) {
            self.name = name
            self.subject = subject
            self.load = load
            self.connections = connections
        }

        /// The same server, on which only the first `connections` customers send.
        func withFewer(_ connections: Int) -> Side {
            Side(name, subject, load, connections)
        }

        func measure(seconds: Double) throws {
            samples.add(try load.measure(connections: connections, seconds: seconds))
        }
    }
}

extension Report {
    fileprivate mutating func compare(
        _ figure: String,
        _ meaning: String,
        _ ours: Peers.Side?,
        with peer: Peers.Side?
    ) {
        guard let ours, let peer else { return }
        add(
            figure,
            "\(meaning), against \(peer.name)",
            ours: ours.samples.rate.median,
            reference: peer.samples.rate.median,
            unit: "msg/s"
        )
    }
}
