import ArgumentParser
import Foundation
import Gateway
import JSONCoding
import PluginHost

/// `maitred plugin`: integrations, for those who run them and those who write them.
struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Integrations.",
        groupedSubcommands: [
            CommandGroup(
                name: "Running",
                subcommands: [
                    List.self, Install.self, Enable.self, Disable.self, Configure.self,
                    Policy.self, Health.self, Restart.self, Rollback.self, Logs.self,
                ]
            ),
            CommandGroup(
                name: "Writing",
                subcommands: [
                    New.self, Dev.self, Test.self, Check.self, Try.self, Run.self, Pack.self,
                    Sign.self, Key.self,
                ]
            ),
        ]
    )
}

extension PluginCommand {
    /// Has the running server carry an order out.
    static func ask(_ data: DataFolder, _ order: JSON) throws -> JSON {
        guard let answer = try ControlSocket.ask(order, folder: data.url) else {
            throw OrderFault("no server runs on \(data.url.path); start it first")
        }
        return answer
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the plugins of the running server and how they are."
        )
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try ask(data, ["do": "plugin.list"])) { plugins in
                (plugins.arrayValue ?? []).map { plugin in
                    ["id", "version", "status", "sandbox", "trust", "error"]
                        .compactMap { plugin[$0]?.stringValue }.joined(separator: "  ")
                }.joined(separator: "\n")
            }
        }
    }

    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install a package beside what is there; enable it afterwards."
        )
        @Argument(help: "The .maitredplugin file.") var file: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let path = URL(fileURLWithPath: file).path
            data.show(try ask(data, ["do": "plugin.install", "file": .string(path)])) { plugin in
                let id = plugin["id"]?.stringValue ?? ""
                let asks = (plugin["permissions"]?.arrayValue ?? []).compactMap(\.stringValue)
                return """
                    Installed \(id) \(plugin["version"]?.stringValue ?? "").
                    It asks for:
                    \(asks.map { "  " + $0 }.joined(separator: "\n"))
                    Set it up, if it needs a configuration: maitred plugin configure \(id) FILE
                    Then let it run: maitred plugin enable \(id) --agree \
                    --version \(plugin["version"]?.stringValue ?? "")
                    """
            }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Switch a plugin on, or another version of it."
        )
        @Argument(help: "The plugin's id.") var id: String
        @Option(help: "The installed version to run.") var version: String?
        @Flag(help: "You have read what it asks for and agree.") var agree = false
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = [
                "do": "plugin.enable", "id": .string(id), "agreed": .bool(agree),
            ]
            order["version"] = version.map(JSON.string)
            data.show(try ask(data, .object(order))) { _ in "\(id) runs." }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Switch a plugin off.")
        @Argument(help: "The plugin's id.") var id: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "plugin.disable", "id": .string(id)]
            data.show(try ask(data, order)) { _ in "\(id) is off." }
        }
    }

    struct Configure: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a plugin its configuration; the old one stays when this one is refused."
        )
        @Argument(help: "The plugin's id.") var id: String
        @Argument(help: "A JSON file; secrets that it leaves out stay as they are.")
        var file: String
        @Flag(inversion: .prefixedNo, help: "Let it reach private networks.")
        var allowPrivateNetwork: Bool?
        @OptionGroup var data: DataFolder

        func run() async throws {
            guard let config = try? JSON(parsing: Array(try TextFile.read(file).utf8)) else {
                throw OrderFault("\(file) is not JSON")
            }
            var order: JSON.Object = [
                "do": "plugin.configure", "id": .string(id), "config": config,
            ]
            order["allows_private_network"] = allowPrivateNetwork.map(JSON.bool)
            data.show(try ask(data, .object(order))) { _ in "\(id) has its configuration." }
        }
    }

    struct Health: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "health",
            abstract: "Have a plugin try whether it reaches what it speaks to."
        )
        @Argument(help: "The plugin's id.") var id: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "plugin.health", "id": .string(id)]
            data.show(try ask(data, order)) { _ in "\(id) is well." }
        }
    }

    struct Restart: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a plugin anew, one that was switched off for crashing too."
        )
        @Argument(help: "The plugin's id.") var id: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "plugin.restart", "id": .string(id)]
            data.show(try ask(data, order)) { _ in "\(id) runs." }
        }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go back to the version that ran before."
        )
        @Argument(help: "The plugin's id.") var id: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "plugin.rollback", "id": .string(id)]
            data.show(try ask(data, order)) { plugin in
                "\(id) runs version \(plugin["version"]?.stringValue ?? "")."
            }
        }
    }

    struct Logs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a plugin's latest lines."
        )
        @Argument(help: "The plugin's id.") var id: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try ask(data, ["do": "plugin.logs", "id": .string(id)])) { lines in
                (lines.arrayValue ?? []).map { line in
                    ["at", "level", "text"].compactMap { line[$0]?.stringValue }
                        .joined(separator: "  ")
                }.joined(separator: "\n")
            }
        }
    }
}
