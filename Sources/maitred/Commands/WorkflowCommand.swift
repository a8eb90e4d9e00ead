import ArgumentParser
import JSONCoding

/// `maitred workflow`: the processes that the assistant runs.
struct WorkflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "The processes that the assistant runs; `maitred import workflows` takes them.",
        subcommands: [List.self, Show.self, Draw.self, Remove.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the workflows.")
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try await data.carryOut(["do": "workflow.list"])) { workflows in
                (workflows.arrayValue ?? []).map { workflow in
                    let intents = (workflow["intents"]?.arrayValue ?? []).compactMap(\.stringValue)
                    let trigger = intents.isEmpty ? "for no intent" : intents.joined(separator: " ")
                    return "\(workflow["name"]?.stringValue ?? "")  "
                        + "“\(workflow["title"]?.stringValue ?? "")”  "
                        + "\(workflow["steps"]?.intValue ?? 0) steps  \(trigger)"
                }.joined(separator: "\n")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a workflow as it was written."
        )
        @Argument(help: "Its name.") var name: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "workflow.show", "name": .string(name)]
            data.show(try await data.carryOut(order)) { $0["text"]?.stringValue ?? "" }
        }
    }

    struct Draw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw a workflow as a flow chart, in the language of Mermaid."
        )
        @Argument(help: "Its name.") var name: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "workflow.show", "name": .string(name)]
            data.show(try await data.carryOut(order)) { $0["drawing"]?.stringValue ?? "" }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a workflow: those under way go to a person at their next step."
        )
        @Argument(help: "Its name.") var name: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "workflow.remove", "name": .string(name)]
            data.show(try await data.carryOut(order)) { _ in "Removed the workflow “\(name)”." }
        }
    }
}
