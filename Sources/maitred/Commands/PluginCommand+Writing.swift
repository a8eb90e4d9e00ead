import ArgumentParser
import Credentials
import Foundation
import Gateway
import JSONCoding
import PluginHost

/// For those who write plugins.
extension PluginCommand {
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a plugin that builds and passes its test: the place to begin."
        )
        @Argument(help: "Its name: lower case, digits and hyphens.") var name: String
        @Option(help: "The language: swift or c.") var lang = "swift"
        @Option(help: "What it does: action, enrich, channel or llm.") var template = "action"
        @Option(help: "Its id in reverse-DNS form; else com.example.NAME.") var id: String?

        func run() async throws {
            let scaffold = try PluginScaffold(
                name: name,
                id: id ?? "com.example.\(name)",
                language: lang,
                template: template,
                kit: try Installation.kit()
            )
            let here = FileManager.default.currentDirectoryPath
            _ = try scaffold.make(in: here)
            print(
                """
                Made \(name)/. Next:
                  cd \(name)
                  make          builds it
                  make test     runs Tests/*.json through the real host process
                """
            )
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a plugin's fixtures, Tests/*.json, through the real host process.",
            discussion: """
                With --record FIXTURE its steps are run against the servers themselves, with the \
                real configuration of --config, and what they answered is written into the \
                fixture. Secrets are replaced by the fixture's own. Read it before you keep it: \
                answers may hold somebody's data.
                """
        )
        @OptionGroup var plugin: OnePlugin
        @Option(help: "A fixture to be given the answers of the servers themselves.")
        var record: String?

        func run() async throws {
            let options = try plugin.options()
            if let record { return try await self.record(record, options) }
            let folder = "\(options.folder)/Tests"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let files = names.filter { $0.hasSuffix(".json") }.sorted()
            guard !files.isEmpty else { throw OrderFault("\(folder) has no *.json") }
            var failed = 0
            for file in files {
                let fixture = try PluginFixture(file: "\(folder)/\(file)")
                let faults = await fixture.run(options)
                print("\(faults.isEmpty ? "ok    " : "FAILED") \(fixture.name)")
                for fault in faults { print("       \(fault)") }
                if !faults.isEmpty { failed += 1 }
            }
            print("\n\(files.count - failed) passed, \(failed) failed")
            if failed > 0 { throw ExitCode.failure }
        }

        private func record(_ file: String, _ options: PluginBench.Options) async throws {
            let recorded = try await PluginFixture(file: file).record(options)
            for fault in recorded.faults { print("       \(fault)") }
            try Data(recorded.fixture.utf8).write(to: URL(fileURLWithPath: file))
            let count = recorded.requests == 1 ? "1 request" : "\(recorded.requests) requests"
            print("\(file) has \(count); read it before you keep it")
            if !recorded.faults.isEmpty { throw ExitCode.failure }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look for what an operator would stumble over.",
            discussion: """
                Reads the manifest, the library's symbols and the permissions, starts and stops the \
                plugin many times, and feeds each of its methods nonsense. Give it a configuration \
                that it starts with.
                """
        )
        @OptionGroup var plugin: OnePlugin
        @Option(help: "How often it is started and stopped.") var cycles = 1000
        @Option(help: "Nonsense inputs for each method.") var nonsense = 200

        func run() async throws {
            let checker = PluginChecker(
                try plugin.options(),
                cycles: cycles,
                nonsense: nonsense
            )
            let isGood = await checker.run { finding in
                let mark = ["good": "ok     ", "warning": "warning", "bad": "BAD    "]
                print("\(mark[finding.grade.rawValue] ?? "") \(finding.text)")
            }
            if !isGood { throw ExitCode.failure }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Carry out one action of a plugin, here, without a server."
        )
        @OptionGroup var plugin: OnePlugin
        @Argument(help: "The action's name.") var action: String
        @Argument(help: "Its input as JSON.") var input: String
        @Flag(help: "Only check the input; call nobody.") var dryRun = false

        func run() async throws {
            guard let json = try? JSON(parsing: Array(input.utf8)) else {
                throw OrderFault("the input is not JSON")
            }
            let bench = try PluginBench(try plugin.options()) { line in
                print(line.text)
            }
            if dryRun {
                print(try await bench.checked(action: action, json).text)
                return
            }
            let first = await bench.start()
            guard first["ready"] != nil else {
                throw OrderFault("it did not start: \(first["failed"]?.stringValue ?? "")")
            }
            let answer = await bench.answer([
                "call": .string("action/\(action)"),
                "input": [
                    "input": json, "key": .string("run_" + SecureRandom.token(bytes: 12)),
                    "by": ["kind": "agent", "name": "you"],
                ],
                "deadline_ms": 60_000,
            ])
            await bench.stop()
            print((answer["output"] ?? answer["error"] ?? .null).text)
            if answer["error"] != nil { throw ExitCode.failure }
        }
    }

    struct Dev: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build and run a plugin anew whenever its sources change.",
            discussion: """
                Runs `make` in the folder, then the fixtures; lines typed meanwhile are calls, as \
                `maitred plugin try` takes them. The plugin's log lines go to standard error.
                """
        )
        @OptionGroup var plugin: OnePlugin
        @Option(help: "What builds it.") var build = "make"

        func run() async throws {
            let workshop = PluginWatch(
                options: try plugin.options(),
                build: build,
                output: LineOutput()
            )
            await workshop.run()
        }
    }

    struct Pack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a plugin into one file to hand on: NAME-VERSION.maitredplugin."
        )
        @Argument(help: "The plugin's folder.") var folder: String
        @Option(help: "The file to write.") var output: String?
        @Option(help: "A file with the key that signs it; see: maitred plugin key.")
        var key: String?

        func run() async throws {
            let bundle: PluginBundle
            do throws(PluginBundle.Broken) {
                bundle = try PluginBundle(
                    folder: URL(fileURLWithPath: folder).path,
                    libraryFolders: [Installation.programFolder.path]
                )
            } catch {
                throw OrderFault(error.faults.joined(separator: "; "))
            }
            let name = bundle.manifest.id.split(separator: ".").last.map(String.init) ?? "plugin"
            let file = output ?? "\(name)-\(bundle.manifest.version).maitredplugin"
            try PluginPackage.pack(
                bundle,
                into: URL(fileURLWithPath: file).path,
                signedWith: try key.map(Key.read)
            )
            print("Packed \(file)\(key == nil ? ", not signed" : ", signed").")
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a package, in place of any signature it has."
        )
        @Argument(help: "The .maitredplugin file.") var file: String
        @Option(help: "A file with the key; see: maitred plugin key.") var key: String

        func run() async throws {
            try PluginPackage.sign(URL(fileURLWithPath: file).path, with: try Key.read(key))
            print("Signed \(file).")
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key that signs packages."
        )
        @Argument(help: "The file to write; only you will be able to read it.") var file: String

        func run() async throws {
            let key = SigningKey()
            guard !FileManager.default.fileExists(atPath: file),
                FileManager.default.createFile(
                    atPath: file,
                    contents: Data((key.text + "\n").utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw OrderFault("\(file) cannot be made, or is there already") }
            print(
                """
                Wrote \(file). Whoever is to trust what you sign sets:
                  trusted_plugin_keys: ["NAME=\(key.publicKey.text)"]
                """
            )
        }

        static func read(_ file: String) throws -> SigningKey {
            let text = try TextFile.read(file).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let key = SigningKey(text: text) else {
                throw OrderFault("\(file) holds no key made by: maitred plugin key")
            }
            return key
        }
    }
}
