import ArgumentParser
import Foundation
import Gateway
import JSONCoding
import PluginHost

extension PluginCommand {
    /// Which plugin, for the commands that run one without a server.
    struct OnePlugin: ParsableArguments {
        @Argument(help: "The plugin's folder, with its plugin.json.") var folder: String
        @Option(help: "A JSON file with its configuration.") var config: String?
        @Flag(help: "Let it reach private networks, this machine among them.")
        var allowPrivateNetwork = false

        func options() throws -> PluginBench.Options {
            var settings = JSON.Object()
            if let config {
                let text = try TextFile.read(config)
                guard let object = try? JSON(parsing: Array(text.utf8)).objectValue else {
                    throw OrderFault("\(config) is not a JSON object")
                }
                settings = object
            }
            let program = Installation.programFolder
            return PluginBench.Options(
                folder: URL(fileURLWithPath: folder).path,
                libraryFolders: [program.path],
                hostProgram: program.appending(path: "maitred-plugin-host").path,
                config: settings,
                allowsPrivateNetwork: allowPrivateNetwork
            )
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a plugin without a server and call it: a JSON line in, a JSON line out.",
            discussion: """
                Lines: {"id":1,"call":"action/NAME","input":{…},"deadline_ms":5000} calls a method; \
                {"webhook":{"path":…,"headers":{…},"body":"…"}} is another server's request; \
                {"conversation":{…}} and {"contact":{…}} enter what it can find; \
                {"advance_ms":60000} moves the clock. Answers have the line's id and an output or an \
                error; what the plugin does to conversations comes as {"effect":{…}}.
                """
        )
        @OptionGroup var plugin: OnePlugin

        func run() async throws {
            let output = LineOutput()
            let bench: PluginBench
            do throws(PluginBundle.Broken) {
                bench = try PluginBench(try plugin.benchOptions()) { output.write($0) }
            } catch {
                output.write(["failed": .string(error.faults.joined(separator: "; "))])
                throw ExitCode.failure
            }
            let first = await bench.start()
            output.write(first)
            guard first["ready"] != nil else { throw ExitCode.failure }
            await withTaskGroup { group in
                for await line in InputLines.all {
                    guard let json = try? JSON(parsing: Array(line.utf8)) else {
                        output.write(["error": ["message": "a line that is not JSON"]])
                        continue
                    }
                    // Side by side, as the server would; what prepares others is waited for.
                    if json["call"] == nil, json["webhook"] == nil {
                        output.write(await bench.answer(json))
                    } else {
                        group.addTask { output.write(await bench.answer(json)) }
                    }
                }
            }
            await bench.stop()
        }
    }
}

extension PluginCommand.OnePlugin {
    /// The options, or what is wrong with them in the form of a bundle's faults.
    fileprivate func benchOptions() throws(PluginBundle.Broken) -> PluginBench.Options {
        do {
            return try options()
        } catch {
            throw PluginBundle.Broken(folder: folder, faults: ["\(error)"])
        }
    }
}
