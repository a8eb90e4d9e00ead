import ArgumentParser
import CBench
import Foundation
import Triage

/// Measures what the triage core costs, P12 with T10 and T12, and how soon the assistant answers, P13.
struct TriageSpeed: Measurement {
    static let configuration = CommandConfiguration(
        commandName: "triage",
        abstract: "Reading, learning, training and answering: P12, P13, T10, T12.",
        discussion: """
            Times are of this machine; the figures of Documentation/triage.md say what they should \
            be. Reads run on one thread, training on all cores, as they do in the server.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "CSV with text and intent, to train (default: 150 made-up intents).")
    var train: String?

    @Option(help: "CSV with text and intent, to read (default: made-up messages).")
    var test: String?

    @Option(help: "How many of the test's messages are learned.")
    var lessons = 500

    mutating func validate() throws {
        guard (1...100_000).contains(lessons) else {
            throw ValidationError("--lessons takes a number from 1 to 100000.")
        }
    }

    func measure() throws -> Report {
        var report = Report(turns: options.turns)
        try measureCore(&report)
        if let program = try options.programPath() {
            var answers = try AnswerSpeed(program: program, options: options)
            try answers.measure(&report)
        }
        return report
    }

    private func measureCore(_ report: inout Report) throws {
        let embeddings = try StaticEmbeddings.bundled()
        let examples = try train.map(Self.known) ?? MadeUpIntents.examples
        let messages = try test.map(Self.known) ?? MadeUpIntents.messages
        let clock = ContinuousClock()
        var learner: Learner?
        let training = clock.measure { learner = Learner(examples, embeddings: embeddings) }
        guard var learner else { return }
        let core = learner.core

        // Once through, so that tables are in memory as they are in a server that has been running.
        for message in messages.prefix(200) { _ = core.read(message.text) }
        var (middle, slow, slowest) = (Samples(), Samples(), Samples())
        let before = bench_allocations()
        for _ in 0..<options.turns {
            let reads = messages.map { message in
                clock.measure { _ = core.read(message.text) } / .microseconds(1)
            }
            middle.add(Self.quantile(0.5, reads))
            slow.add(Self.quantile(0.99, reads))
            slowest.add(reads.max() ?? 0)
        }
        let count = options.turns * max(1, messages.count)
        let allocations = Double(bench_allocations() - before) / Double(count)
        let lessons = messages.prefix(lessons).map { message in
            clock.measure {
                learner.learn(
                    Lesson(text: message.text, meaning: .intent(message.intent ?? ""))
                )
            } / .microseconds(1)
        }

        report.add(
            "T10 read",
            [
                ("p50 us", middle.median), ("p99 us", slow.median), ("least", slow.least),
                ("most", slow.most), ("slowest us", slowest.most), ("allocations", allocations),
                ("intents", Double(core.intents.count)),
            ]
        )
        report.add(
            "T10 learn, 8 replays",
            [("p50 us", Self.quantile(0.5, lessons)), ("p99 us", Self.quantile(0.99, lessons))]
        )
        report.add(
            "T12 train from nothing",
            [("s", training / .seconds(1)), ("examples", Double(examples.count))]
        )
        report.add(
            "P12",
            "reading a message, p99 on one core, \(core.intents.count) intents",
            ours: slow.median,
            unit: "us"
        )
    }

    private static func known(_ path: String) throws -> [Example] {
        try CSVReader.examples(at: URL(fileURLWithPath: path)).filter { $0.intent != nil }
    }

    private static func quantile(_ share: Double, _ values: [Double]) -> Double {
        Samples(values).quantile(share)
    }
}
