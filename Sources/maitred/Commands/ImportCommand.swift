import ArgumentParser
import Foundation
import JSONCoding

/// `maitred import`: intents, articles and workflows from files.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import intents, articles and workflows.",
        subcommands: [Intents.self, Articles.self, Workflows.self]
    )

    struct Intents: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import examples of what customers write."
        )
        @Argument(help: "A CSV file with the columns text and intent.") var file: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "import.intents", "csv": .string(try TextFile.read(file))]
            data.show(try await data.carryOut(order)) { answer in
                "Imported \(answer["examples"]?.intValue ?? 0) examples; "
                    + "\(answer["intents"]?.intValue ?? 0) intents, "
                    + "\(answer["new"]?.intValue ?? 0) of them new."
            }
        }
    }

    struct Articles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import articles."
        )
        @Argument(help: "A folder of Markdown files.") var folder: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let path = URL(fileURLWithPath: folder).path(percentEncoded: false)
            let order: JSON = ["do": "import.articles", "folder": .string(path)]
            data.show(try await data.carryOut(order)) { answer in
                "Imported \(answer["articles"]?.intValue ?? 0) articles."
            }
        }
    }

    struct Workflows: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import workflows; those of the same names are replaced."
        )
        @Argument(help: "A folder of YAML files.") var folder: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let path = URL(fileURLWithPath: folder).path(percentEncoded: false)
            let order: JSON = ["do": "import.workflows", "folder": .string(path)]
            data.show(try await data.carryOut(order)) { answer in
                "Imported \(answer["workflows"]?.intValue ?? 0) workflows, "
                    + "\(answer["new"]?.intValue ?? 0) of them new."
            }
        }
    }
}
