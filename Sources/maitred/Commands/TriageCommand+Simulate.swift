import ArgumentParser
import Foundation
import JSONCoding
import Triage

extension TriageCommand {
    /// `maitred triage simulate`: what learning from outcomes would lead to.
    struct Simulate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Play a stream of messages to a core that learns from what comes of its answers.",
            discussion: """
                The core is trained on one file and then reads the messages of the other in random \
                order. It answers those it is sure of; of some it hears whether that was right. The \
                rest go to somebody who knows, and it learns what they say.
                """
        )
        @Option(help: "CSV with text and intent, to train.") var train: String
        @Option(help: "CSV with text and intent: the messages to come.") var stream: String
        @Option(help: "The share of right answers to keep.") var target = 0.97
        @Option(help: "The share of answers whose outcome is heard of.") var observed = 0.4
        @Option(help: "The share of intents without examples at first.") var unknown = 0.0
        @Option(help: "The order of the messages.") var seed: UInt64 = 1
        @Option(help: "Write the curve to this SVG file.") var svg: String?
        @Flag(help: "Print JSON.") var json = false

        mutating func validate() throws {
            for (name, share) in [("target", target), ("observed", observed), ("unknown", unknown)]
            where !(0...1).contains(share) {
                throw ValidationError("--\(name) takes a share from 0 to 1.")
            }
        }

        func run() async throws {
            let training = try CSVReader.examples(at: URL(fileURLWithPath: train))
            let known = Set(training.map(\.text))
            let messages = try CSVReader.examples(at: URL(fileURLWithPath: stream))
                .filter { !known.contains($0.text) }
            var options = Simulation.Options()
            options.learning.target = target
            options.observedShare = observed
            options.unknownIntents = unknown
            options.seed = seed
            let simulation = Simulation(
                examples: training,
                stream: messages,
                embeddings: try StaticEmbeddings.bundled(),
                options: options
            )
            if let svg {
                let curve = LearningCurve(simulation, target: target, interval: options.interval)
                try curve.svg.write(toFile: svg, atomically: true, encoding: .utf8)
            }
            print(json ? simulation.json.text : simulation.table)
        }
    }
}

extension Simulation {
    fileprivate var json: JSON {
        [
            "whole": whole.json, "first_1000": first.json, "last_1000": last.json,
            "curve": .array(curve.map(\.json)),
            "learn_us": .double(learningMicroseconds),
        ]
    }

    fileprivate var table: String {
        var lines = ["messages   automation  precision  threshold"]
        var seen = 0
        for (index, span) in curve.enumerated() {
            seen += span.messages
            let threshold = index < thresholds.count ? Self.share(Double(thresholds[index])) : ""
            lines.append(Self.line("\(seen)", span) + "      \(threshold)")
        }
        lines.append(Self.line("first", first))
        lines.append(Self.line("last", last))
        lines.append(Self.line("whole", whole))
        lines.append("a lesson takes \(Int(learningMicroseconds)) µs")
        return lines.joined(separator: "\n")
    }

    private static func line(_ name: String, _ span: Span) -> String {
        name.padding(toLength: 12, withPad: " ", startingAt: 0)
            + "\(share(span.automation))       \(share(span.precision))"
    }

    private static func share(_ value: Double) -> String { String(format: "%.3f", value) }
}

extension Simulation.Span {
    fileprivate var json: JSON {
        [
            "messages": .int(Int64(messages)), "automation": .double(automation),
            "precision": .double(precision),
        ]
    }
}
