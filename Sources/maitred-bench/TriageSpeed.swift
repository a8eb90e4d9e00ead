import ArgumentParser
import CBench
import Foundation
import Triage

/// Measures what the triage core costs: T10 and T12.
struct TriageSpeed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage",
        abstract: "Reading, learning and training: T10 and T12, with allocations per read.",
        discussion: """
            Times are of this machine; the figures of Documentation/triage.md say what they should \
            be. Reads run on one thread, training on all cores, as they do in the server.
            """
    )

    @Option(help: "CSV with text and intent, to train.")
    var train: String

    @Option(help: "CSV with text and intent, to read.")
    var test: String

    @Option(help: "How many of the test's messages are learned.")
    var lessons = 500

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    mutating func validate() throws {
        guard (1...100_000).contains(lessons) else {
            throw ValidationError("--lessons takes a number from 1 to 100000.")
        }
    }

    func run() throws {
        let embeddings = try StaticEmbeddings.bundled()
        let examples = try Self.known(train)
        let messages = try Self.known(test)
        let clock = ContinuousClock()
        var learner: Learner?
        let training = clock.measure { learner = Learner(examples, embeddings: embeddings) }
        guard var learner else { return }
        let core = learner.core

        // Once through, so that tables are in memory as they are in a server that has been running.
        for message in messages.prefix(200) { _ = core.read(message.text) }
        var reads: [Double] = []
        let before = bench_allocations()
        for message in messages {
            let start = clock.now
            _ = core.read(message.text)
            reads.append((clock.now - start) / .microseconds(1))
        }
        let allocations = Double(bench_allocations() - before) / Double(max(1, messages.count))
        let lessons = messages.prefix(lessons).map { message in
            clock.measure {
                learner.learn(
                    Lesson(text: message.text, meaning: .intent(message.intent ?? ""))
                )
            } / .microseconds(1)
        }

        var report = Report(turns: 1)
        report.add(
            "T10 read",
            [
                ("p50 us", Self.quantile(0.5, reads)), ("p99 us", Self.quantile(0.99, reads)),
                ("most us", reads.max() ?? 0), ("allocations", allocations),
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
        report.print(asJSON: json)
    }

    private static func known(_ path: String) throws -> [Example] {
        try CSVReader.examples(at: URL(fileURLWithPath: path)).filter { $0.intent != nil }
    }

    private static func quantile(_ share: Double, _ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}
