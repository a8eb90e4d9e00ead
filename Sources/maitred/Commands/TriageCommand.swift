import ArgumentParser
import Desk
import Foundation
import Gateway
import JSONCoding
import Store
import Triage

/// `maitred triage`: the core that reads what customers write.
struct TriageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage",
        abstract: "Train, measure and question the triage core.",
        subcommands: [
            Train.self, Eval.self, Manner.self, Simulate.self, Explain.self, Check.self,
            Precision.self, Mode.self, Changes.self, Rollback.self, Unknowns.self,
        ]
    )

    struct Train: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the workspace's core now rather than at the next start."
        )
        @OptionGroup var data: DataFolder

        func run() async throws {
            let store = try Store.open(folder: data.url)
            let triage = try TriageDesk.bundled(data.url, book: store)
            let seconds = await triage.take(try await store.content())
            await triage.close()
            await store.close()
            let engine = triage.current
            let answer: JSON = [
                "version": .string(engine.version), "trained": .bool(seconds != nil),
                "seconds": .double(seconds ?? 0),
                "intents": .int(Int64(engine.core.intents.count)),
                "threshold": .double(engine.policy.demands.usual.threshold),
            ]
            data.show(answer) { _ in
                seconds.map { "Trained \(engine.core.intents.count) intents in \($0) s." }
                    ?? "The core is up to date."
            }
        }
    }

    struct Eval: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure a core trained on one file with the messages of another."
        )
        @Option(help: "CSV with text and intent, to train.") var train: String
        @Option(help: "CSV with text and intent, to measure.") var test: String
        @Flag(help: "Learn the intents' names as examples.") var names = false
        @Flag(help: "Learn rows of the intent oos as none of these.") var oosNegatives = false
        @Option(help: "Join so many pairs of messages to see whether both requests are found.")
        var pairs = 0
        @Flag(help: "Leave the column page out of account.") var noContext = false
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            var options = Evaluation.Options(
                embeddings: try StaticEmbeddings.bundled(),
                usesNames: names,
                usesUnknowns: oosNegatives
            )
            options.pairs = max(0, min(pairs, 100_000))
            let evaluation = Evaluation.run(
                train: try examples(train),
                test: try examples(test),
                options: options
            )
            print(json ? evaluation.json : Self.table(try JSON(parsing: evaluation.json)))
        }

        private func examples(_ path: String) throws -> [Example] {
            let examples = try CSVReader.examples(at: URL(fileURLWithPath: path))
            guard noContext else { return examples }
            return examples.map { Example(text: $0.text, intent: $0.intent) }
        }

        /// A figure a line, those of a group behind its name.
        private static func table(_ figures: JSON, under group: String = "") -> String {
            (figures.objectValue?.members ?? []).map { member in
                member.value.objectValue == nil
                    ? "\(group)\(member.key)  \(member.value.text)"
                    : table(member.value, under: "\(group)\(member.key) ")
            }.joined(separator: "\n")
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the workspace's core makes of a text, and why."
        )
        @Argument(help: "What a customer might write.") var text: String
        @Option(help: "The page they are on.") var page: String?
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = ["do": "triage.explain", "text": .string(text)]
            order["page"] = page.map(JSON.string)
            let answer = try await data.ask(.object(order))
            data.show(answer) { answer in
                let evidence = (answer["evidence"]?.arrayValue ?? []).map { item in
                    "  \(item["text"]?.stringValue ?? "")  \(item["weight"]?.doubleValue ?? 0)"
                }
                let ranking = (answer["ranking"]?.arrayValue ?? []).map { item in
                    "  \(item["intent"]?.stringValue ?? "")  \(item["p"]?.doubleValue ?? 0)"
                }
                return """
                    \(answer["action"]?.stringValue ?? "") by the rule \
                    \(answer["rule"]?.stringValue ?? "")
                    confidence \(answer["confidence"]?.doubleValue ?? 0), needed \
                    \(answer["threshold"]?.doubleValue ?? 0)
                    \(ranking.joined(separator: "\n"))
                    evidence
                    \(evidence.joined(separator: "\n"))
                    """
            }
        }
    }
}
