import ArgumentParser
import Foundation
import JSONCoding

extension TriageCommand {
    struct Precision: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set the share of answers that are to be right."
        )
        @Argument(help: "From 0.5 to 0.999.") var share: Double
        @Option(help: "For one intent only.") var intent: String?
        @Option(help: "For one site only, by its key.") var site: String?
        @Option(help: "For customers of one tier only.") var tier: String?
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = ["do": "triage.precision", "precision": .double(share)]
            order["intent"] = intent.map(JSON.string)
            order["site"] = site.map(JSON.string)
            order["tier"] = tier.map(JSON.string)
            data.show(try await data.carryOut(.object(order))) { _ in
                "The strictest share that applies holds."
            }
        }
    }

    struct Mode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set what the assistant may do about an intent."
        )
        @Argument(help: "The intent.") var intent: String
        @Argument(help: "act, suggest, shadow or off.") var mode: String
        @Flag(
            inversion: .prefixedNo,
            help: "Begin to act once what it would have answered has been right often enough."
        )
        var ramp: Bool?
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = [
                "do": "triage.mode", "intent": .string(intent), "mode": .string(mode),
            ]
            order["ramp"] = ramp.map(JSON.bool)
            data.show(try await data.carryOut(.object(order))) { _ in "\(intent): \(mode)" }
        }
    }

    struct Changes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what outcomes have changed about intents, and why."
        )
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try await data.carryOut(["do": "triage.changes"])) { changes in
                let list = changes.arrayValue ?? []
                return list.isEmpty
                    ? "Nothing has changed yet."
                    : list.map { change in
                        ["at", "intent", "because"].map { change[$0]?.stringValue ?? "" }
                            .joined(separator: "  ")
                    }.joined(separator: "\n")
            }
        }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget everything learned after an outcome.",
            discussion: """
                Outcomes are numbered from 1; decisions and `triage changes` name the number of the \
                last one they knew. 0 goes back to what training alone had taught.
                """
        )
        @Argument(help: "The number of the last outcome to keep.") var outcome: Int
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "triage.rollback", "outcome": .int(Int64(outcome))]
            data.show(try await data.ask(order)) { state in
                "The core is \(state["core"]?.stringValue ?? "") now."
            }
        }
    }

    struct Unknowns: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what customers want that nobody has taught the assistant."
        )
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try await data.ask(["do": "triage.unknowns"])) { answer in
                let groups = answer.arrayValue ?? []
                if groups.isEmpty { return "Nothing comes up again and again." }
                return groups.map { group in
                    let examples = (group["examples"]?.arrayValue ?? []).compactMap(\.stringValue)
                    return "\(group["suggested_intent"]?.stringValue ?? "")  "
                        + "\(group["messages"]?.intValue ?? 0) messages\n"
                        + examples.map { "    \($0)" }.joined(separator: "\n")
                }.joined(separator: "\n")
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that messages are read and dealt with as expected.",
            discussion: """
                The file is CSV with the columns text, expect and, if it is there, page. What is \
                expected is an intent's name, answer:NAME, person, clarify or none. Exits with 1 when \
                a line fails, for use in continuous integration.
                """
        )
        @Argument(help: "The suite, a CSV file.") var file: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "triage.check", "csv": .string(try TextFile.read(file))]
            let answer = try await data.ask(order)
            data.show(answer) { answer in
                let failures = (answer["failed"]?.arrayValue ?? []).map { failure in
                    "line \(failure["line"]?.intValue ?? 0): \(failure["text"]?.stringValue ?? "")\n"
                        + "    expected \(failure["expected"]?.stringValue ?? ""), "
                        + "got \(failure["got"]?.stringValue ?? "") by the rule "
                        + "\(failure["rule"]?.stringValue ?? "")"
                }
                let counts =
                    "\(answer["passed"]?.intValue ?? 0) of \(answer["messages"]?.intValue ?? 0) "
                    + "as expected."
                return (failures + [counts]).joined(separator: "\n")
            }
            if answer["failed"]?.arrayValue?.isEmpty == false { throw ExitCode.failure }
        }
    }
}
