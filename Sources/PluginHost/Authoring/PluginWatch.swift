import Foundation
import JSONCoding

/// A plugin under development: built, tested and started anew when one of its sources changes.
package struct PluginWatch: Sendable {
    private static let pause: Duration = .milliseconds(400)
    private static let ignored: Set<String> = [".build", ".git", "build"]

    private let options: PluginBench.Options
    private let build: String
    private let output: LineOutput

    package init(options: PluginBench.Options, build: String, output: LineOutput) {
        self.options = options
        self.build = build
        self.output = output
    }

    /// Works until standard input ends.
    package func run() async {
        let current = Current()
        let watching = Task {
            var seen = Seen()
            while !Task.isCancelled {
                let now = sources()
                if now != seen.files {
                    let isBuilt = make()
                    seen.built(from: now, to: sources())
                    await renew(current, isBuilt)
                }
                try? await Task.sleep(for: Self.pause)
            }
        }
        for await line in InputLines.all {
            guard let json = try? JSON(parsing: Array(line.utf8)) else {
                output.write(["error": ["message": "a line that is not JSON"]])
                continue
            }
            guard let bench = await current.bench else {
                output.write(["error": ["message": "it does not run yet"]])
                continue
            }
            output.write(await bench.answer(json))
        }
        watching.cancel()
        await current.bench?.stop()
    }

    /// Which sources there were when something was built of them.
    private struct Seen {
        private(set) var files: [String: Date] = [:]
        private var changedMeanwhile: Set<String> = []

        /// Takes note of a build.
        ///
        /// What changed while it ran may have been saved by somebody, and is built once more. What
        /// changes while that is built as well is written by the build itself, and is no news.
        mutating func built(from before: [String: Date], to after: [String: Date]) {
            let changed = Set(after.keys.filter { after[$0] != before[$0] })
            files = before
            for name in changed.intersection(changedMeanwhile) { files[name] = after[name] }
            changedMeanwhile = changed
        }
    }

    private actor Current {
        private(set) var bench: PluginBench?

        /// Takes the new one in; returns the old one.
        func replace(_ new: PluginBench) -> PluginBench? {
            defer { bench = new }
            return bench
        }
    }

    /// Starts what was built beside the old one and swaps; a build or start that failed changes
    /// nothing.
    private func renew(_ current: Current, _ isBuilt: Bool) async {
        guard isBuilt else {
            output.write(["dev": "the build failed; the old one runs on"])
            return
        }
        guard
            let bench = try? PluginBench(options, emit: { [output] in output.write($0) })
        else {
            output.write(["dev": "plugin.json or the library is not right; see: plugin check"])
            return
        }
        let first = await bench.start()
        output.write(first)
        guard first["ready"] != nil else { return await bench.stop() }
        await current.replace(bench)?.stop()
        await runFixtures()
    }

    private func runFixtures() async {
        let folder = "\(options.folder)/Tests"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasSuffix(".json") {
            guard let fixture = try? PluginFixture(file: "\(folder)/\(name)") else { continue }
            let faults = await fixture.run(options)
            output.write([
                "test": .string(fixture.name), "faults": .array(faults.map(JSON.string)),
            ])
        }
    }

    private func make() -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", build]
        process.currentDirectoryURL = URL(fileURLWithPath: options.folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.standardError
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// When each source was last changed.
    private func sources() -> [String: Date] {
        let root = URL(fileURLWithPath: options.folder)
        let keys: [URLResourceKey] = [.contentModificationDateKey, .isRegularFileKey]
        guard
            let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: keys)
        else { return [:] }
        var found: [String: Date] = [:]
        for case let file as URL in files {
            if Self.ignored.contains(file.lastPathComponent) {
                files.skipDescendants()
                continue
            }
            guard ["swift", "c", "h", "json", "map"].contains(file.pathExtension),
                let values = try? file.resourceValues(forKeys: Set(keys)),
                values.isRegularFile == true
            else { continue }
            found[file.path] = values.contentModificationDate
        }
        return found
    }
}
