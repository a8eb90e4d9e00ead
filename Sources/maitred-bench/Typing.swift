import ArgumentParser
import CBench

/// Measures what is passed on and never stored: P6.
///
/// A customer's `typing` goes to the agent, and the next is sent when it has arrived; a `ping` is
/// answered by `pong`. Both are one frame in and one out, as in reference A, which echoes frames of
/// the same length. Customers on this machine have no limit of rate, so none distorts it.
struct Typing: Measurement {
    static let configuration = CommandConfiguration(
        abstract: "Frames passed on without being stored: P6."
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How many customers send at a time.")
    var connections = 100

    mutating func validate() throws {
        guard (2...2000).contains(connections) else {
            throw ValidationError("--connections takes a number from 2 to 2000.")
        }
    }

    func measure() throws -> Report {
        _ = bench_raise_file_limit()
        let echo = try Side(ReferenceServer(.a), connections: connections)
        let ours = try options.programPath().map {
            try Side(MaitredServer(program: $0), connections: connections)
        }
        let sides = [echo, ours].compactMap(\.self)
        for turn in 0..<options.turns {
            for side in turn % 2 == 0 ? sides : sides.reversed() {
                try side.measureTyping(seconds: seconds)
                try side.measurePing(seconds: seconds)
            }
        }
        return report(echo: echo, ours: ours)
    }

    private var seconds: Double { options.quick ? 0.7 : 2 }

    private func report(echo: Side, ours: Side?) -> Report {
        var report = Report(turns: options.turns)
        report.add("A echo of typing, \(connections)", echo.typing)
        report.add("A echo of ping, \(connections)", echo.ping)
        guard let ours else { return report }
        report.add("maitred typing, \(connections)", ours.typing)
        report.add("maitred ping, \(connections)", ours.ping)
        report.add(
            "P6",
            "typing of \(connections) customers, to an agent",
            ours: ours.typing.rate.median,
            reference: echo.typing.rate.median,
            unit: "frame/s"
        )
        report.add(
            "P6-ping",
            "ping to pong, \(connections) customers",
            ours: ours.ping.rate.median,
            reference: echo.ping.rate.median,
            unit: "frame/s"
        )
        return report
    }
}

extension Typing {
    /// One server with its conversations open, and what was measured on it.
    private final class Side {
        private let subject: any MaitredSubject
        private let load: LoadClient
        private let conversations: [OpenConversation]
        private(set) var typing = LoadSamples()
        private(set) var ping = LoadSamples()

        init(_ subject: any MaitredSubject, connections: Int) throws {
            self.subject = subject
            load = try subject.makeClient()
            conversations = try subject.startConversations(connections, on: load)
        }

        func measureTyping(seconds: Double) throws {
            for (customer, conversation) in conversations.enumerated() {
                load.prepareSignal(
                    customer,
                    frame: #"{"t":"typing","c":"\#(conversation.id)","d":{"on":true}}"#,
                    conversation: answers ? conversation.id : nil,
                    answer: answers ? "typing" : nil
                )
            }
            typing.add(try load.measure(connections: conversations.count, seconds: seconds))
        }

        func measurePing(seconds: Double) throws {
            for customer in conversations.indices {
                load.prepareSignal(
                    customer,
                    frame: #"{"t":"ping"}"#,
                    answer: answers ? "pong" : nil
                )
            }
            ping.add(try load.measure(connections: conversations.count, seconds: seconds))
        }

        /// The reference sends back what it was sent.
        private var answers: Bool { !(subject is ReferenceServer) }
    }
}
