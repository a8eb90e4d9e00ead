import Foundation
import JSONCoding

/// What `maitred plugin check` looks at: the manifest, the library's symbols, what permissions say
/// of each other, many starts and stops, and nonsense for every method.
package struct PluginChecker: Sendable {
    /// One thing that was looked at.
    package struct Finding: Sendable {
        package enum Grade: String, Sendable {
            case good, warning, bad
        }

        package var grade: Grade
        package var text: String
    }

    private let options: PluginBench.Options
    private let cycles: Int
    private let nonsense: Int

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
        } else {
            say(.good, "started and stopped \(cycles) times")
        }
        for fault in await feedNonsense(bundle.manifest) { say(.bad, fault) }
        if isGood { say(.good, "bore \(nonsense) nonsense inputs for each method") }
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

    // MARK: - Permissions

    static func lint(_ manifest: PluginManifest) -> [String] {
        let permissions = manifest.permissions
        var words: [String] = []
        if !manifest.webhooks.isEmpty, !permissions.webhook {
            words.append("webhooks are contributed, but permissions.webhook is not true")
        }
        if permissions.webhook, manifest.webhooks.isEmpty {
            words.append("permissions.webhook is asked for, but no webhook is contributed")
        }
        if !manifest.schedules.isEmpty, !permissions.schedule {
            words.append("schedules are contributed, but permissions.schedule is not true")
        }
        for webhook in manifest.webhooks where webhook.scheme == nil {
            words.append("webhook \(webhook.path) has no scheme: anybody can send to it")
        }
        if !manifest.config.secretPaths.isEmpty, permissions.http.isEmpty, manifest.webhooks.isEmpty
        {
            words.append("a secret is asked for that nothing could use")
        }
        for pattern in permissions.http {
            if pattern.hasPrefix("http://") { words.append("\(pattern) is not encrypted") }
            if pattern.contains("://*.") { words.append("\(pattern) allows every subdomain") }
        }
        for action in manifest.actions
        where [.money, .irreversible].contains(action.effect) && action.confirmation == .never {
            words.append("\(action.name) has the effect \(action.effect.rawValue) and asks nobody")
        }
        let filters = manifest.hooks(.filter) + manifest.hooks(.observe)
        if filters.contains(where: { $0.name.hasPrefix("message.") }),
            !permissions.read.contains(.messages)
        {
            words.append("messages are asked about, but conversation.messages is not in read")
        }
        return words
    }

    // MARK: - Starting

    /// What went wrong with starting and stopping; nil when nothing did.
    private func cycle() async -> String? {
        for number in 1...max(1, cycles) {
            guard let bench = try? PluginBench(options, emit: { _ in }) else {
                return "it cannot be started"
            }
            let first = await bench.start()
            await bench.stop()
            guard first["ready"] != nil else {
                return "start \(number) failed: \(first["failed"]?.stringValue ?? "")"
            }
        }
        return nil
    }

    // MARK: - Nonsense

    private func feedNonsense(_ manifest: PluginManifest) async -> [String] {
        let methods =
            manifest.hooks.map(\.method) + manifest.actions.map(\.method)
            + manifest.panels.map(\.method) + manifest.webhooks.map(\.method)
            + manifest.schedules.map { "schedule/\($0.name)" } + ["health", "no/such-method"]
        var quiet = options
        quiet.recording = RecordedHTTP([])
        var faults: [String] = []
        for method in methods {
            guard let bench = try? PluginBench(quiet, emit: { _ in }) else { return faults }
            _ = await bench.start()
            let before = await bench.processID()
            var random = NonsenseMaker(seed: UInt64(method.utf8.count) &* 2_654_435_761 &+ 1)
            for _ in 0..<nonsense {
                let input = random.value(depth: 3)
                _ = await bench.answer(
                    ["call": .string(method), "input": input, "deadline_ms": 2000]
                )
                guard await bench.processID() == before, before != nil else {
                    faults.append("\(method) ended the process on \(input.text.prefix(200))")
                    break
                }
            }
            await bench.stop()
        }
        return faults
    }
}

/// Values that nobody foresees, the same ones each time.
private struct NonsenseMaker {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, limit)))
    }

    private static let names = [
        "input", "conversation", "contact", "email", "id", "key", "text", "data", "name", "amount",
        "headers", "body", "payload", "by", "from", "page", "order", "",
    ]
    private static let texts = [
        "", "a", "\u{0}", "💣", "{{secret:api_key}}", "../../etc/passwd", "-1", "NaN",
        "'; DROP TABLE x;--", "\u{202E}abc", String(repeating: "x", count: 5000),
    ]

    mutating func value(depth: Int) -> JSON {
        switch next(depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .bool(next(2) == 0)
        case 2: return .int([0, -1, 1, Int64.max, Int64.min, 1 << 53][next(6)])
        case 3: return .double([0.5, -0.0, 1e308, 1e-308][next(4)])
        case 4, 5: return .string(Self.texts[next(Self.texts.count)])
        case 6: return .array((0..<next(4)).map { _ in value(depth: depth - 1) })
        default:
            var object = JSON.Object()
            for _ in 0..<next(6) {
                object[Self.names[next(Self.names.count)]] = value(depth: depth - 1)
            }
            return .object(object)
        }
    }
}
