import ArgumentParser
import Foundation
import Gateway
import JSONCoding
import PluginHost

/// `maitred plugin`: integrations.
struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Integrations.",
        subcommands: [List.self, Try.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the plugins of the running server and how they are."
        )
        @OptionGroup var data: DataFolder

        func run() async throws {
            guard let answer = try ControlSocket.ask(["do": "plugin.list"], folder: data.url)
            else { throw OrderFault("no server runs on \(data.url.path); start it first") }
            data.show(answer) { plugins in
                (plugins.arrayValue ?? []).map { plugin in
                    ["id", "version", "status", "sandbox", "error"]
                        .compactMap { plugin[$0]?.stringValue }.joined(separator: "  ")
                }.joined(separator: "\n")
            }
        }
    }
}
