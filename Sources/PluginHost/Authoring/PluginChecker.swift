import Foundation
import JSONCoding

/// What `maitred plugin check` looks at: the manifest, the library's symbols, what permissions say
/// of each other, many starts and stops, nonsense for every method, and the interface's rules
/// meanwhile.
package struct PluginChecker: Sendable {
    /// One thing that was looked at.
    package struct Finding: Sendable {
        package enum Grade: String, Sendable {
            case good, warning, bad
        }

        package var grade: Grade
        package var text: String
    }

    let options: PluginBench.Options
    let cycles: Int
    let nonsense: Int

    /// - Parameters:
    ///   - options: Which plugin, with a configuration it starts with.
    ///   - cycles: How often it is started and stopped.
    ///   - nonsense: Inputs for each method.
    package init(_ options: PluginBench.Options, cycles: Int, nonsense: Int) {
        var options = options
        options.isQuiet = true
        self.options = options
        self.cycles = cycles
        self.nonsense = nonsense
    }

    /// Looks at everything, telling as it goes; true when nothing was bad.
    package func run(tell: (Finding) -> Void) async -> Bool {
        var isGood = true
        func say(_ grade: Finding.Grade, _ text: String) {
            if grade == .bad { isGood = false }
            tell(Finding(grade: grade, text: text))
        }
        let bundle: PluginBundle
        do throws(PluginBundle.Broken) {
            bundle = try PluginBundle(
                folder: options.folder,
                libraryFolders: options.libraryFolders
            )
        } catch {
            for fault in error.faults { say(.bad, fault) }
            return false
        }
        say(.good, "plugin.json: \(bundle.manifest.id) \(bundle.manifest.version)")
        for finding in Self.symbols(of: bundle.library) { say(finding.grade, finding.text) }
        for text in Self.lint(bundle.manifest) { say(.warning, text) }
        if let fault = await cycle() {
            say(.bad, fault)
            // All that follows would only say so again, once for each method.
            return false
        }
        say(.good, "started and stopped \(cycles) times")
        let faults = await feedNonsense(bundle.manifest)
        for fault in faults { say(.bad, fault) }
        if faults.isEmpty { say(.good, "bore \(nonsense) nonsense inputs for each method") }
        return isGood
    }

    // MARK: - Symbols

    private static func symbols(of library: String) -> [Finding] {
        guard let exported = names(["--defined-only"], library),
            let wanted = names(["--undefined-only"], library)
        else {
            return [Finding(grade: .warning, text: "nm is not there to look at symbols")]
        }
        let others = exported.filter { $0 != "maitred_plugin_entry" }
        var findings: [Finding] = []
        if !exported.contains("maitred_plugin_entry") {
            findings.append(Finding(grade: .bad, text: "maitred_plugin_entry is not exported"))
        } else if others.isEmpty {
            findings.append(Finding(grade: .good, text: "exports maitred_plugin_entry alone"))
        } else {
            let list = others.prefix(5).joined(separator: ", ")
            findings.append(
                Finding(grade: .warning, text: "exports \(others.count) more symbols: \(list)")
            )
        }
        let refused = wanted.filter { name in
            let bare = name.prefix { $0 != "@" }
            return ["socket", "connect", "bind", "execve", "fork", "system", "popen", "ptrace"]
                .contains(String(bare))
        }
        if !refused.isEmpty {
            findings.append(
                Finding(
                    grade: .warning,
                    text: "calls what the sandbox refuses: \(refused.joined(separator: ", "))"
                )
            )
        }
        return findings
    }

    private static func names(_ arguments: [String], _ library: String) -> [String]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["nm", "--dynamic", "--format=posix"] + arguments + [library]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map(String.init)
        }
    }
}
