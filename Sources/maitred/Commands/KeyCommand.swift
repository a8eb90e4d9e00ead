import ArgumentParser
import Foundation
import JSONCoding

/// `maitred key`: keys with which other programs ask.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Keys with which other programs ask.",
        subcommands: [Add.self, List.self, Remove.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key; it is shown once."
        )
        @Argument(help: "What you will know it by.") var name: String
        @Option(help: "What it is for: triage. Repeatable.") var scope: [String] = []
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = [
                "do": "key.add", "name": .string(name),
                "scopes": .array(scope.map(JSON.string)),
            ]
            data.show(try await data.carryOut(order)) { key in
                """
                Made the key “\(name)”. It is not shown again:
                  \(key["key"]?.stringValue ?? "")
                """
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys.")
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try await data.carryOut(["do": "key.list"])) { keys in
                (keys.arrayValue ?? []).map { key in
                    let scopes = (key["scopes"]?.arrayValue ?? []).compactMap(\.stringValue)
                    return "\(key["name"]?.stringValue ?? "")  \(scopes.joined(separator: " "))  "
                        + (key["created_at"]?.stringValue ?? "")
                }.joined(separator: "\n")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a key: whoever has it is refused from now on."
        )
        @Argument(help: "Its name.") var name: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "key.remove", "name": .string(name)]
            data.show(try await data.carryOut(order)) { _ in "Removed the key “\(name)”." }
        }
    }
}
