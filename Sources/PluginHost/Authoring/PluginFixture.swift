import Credentials
import Egress
import Foundation
import JSONCoding
import Model
import Synchronization

/// A plugin's own test in JSON: steps, what must come of them, and other servers' answers.
package struct PluginFixture: Sendable {
    package let file: String
    private let json: JSON

    /// Reads a fixture; throws what is wrong with it.
    package init(file: String) throws(PluginPackage.Fault) {
        self.file = file
        guard let json = try? JSON(parsing: try PluginPackage.read(file)) else {
            throw PluginPackage.Fault("\(file) is not JSON")
        }
        guard json["steps"]?.arrayValue?.isEmpty == false else {
            throw PluginPackage.Fault("\(file) has no steps")
        }
        self.json = json
    }

    /// Its sentence, else its file's name.
    package var name: String {
        json["name"]?.stringValue ?? URL(fileURLWithPath: file).lastPathComponent
    }

    /// Runs it in a process of its own and says what was not as it should be; empty when all was.
    package func run(_ options: PluginBench.Options) async -> [String] {
        let recording = RecordedHTTP(json["http"]?.arrayValue ?? [])
        var options = options
        options.recording = recording
        options.config = json["config"]?.objectValue ?? options.config
        return await carryOut(options) + recording.faults
    }

    /// Runs it against the servers themselves, with the configuration of the options.
    ///
    /// - Parameter options: With real secrets, and settings that the fixture does not have.
    /// - Returns: The fixture with what was asked and answered as its `http`, for people to read
    ///   before they keep it; and what was not as it should be.
    package func record(
        _ options: PluginBench.Options
    ) async -> (fixture: String, requests: Int, faults: [String]) {
        var options = options
        let own = json["config"]?.objectValue ?? [:]
        for (key, value) in own.members where options.config[key] == nil {
            options.config[key] = value
        }
        var disguise = Disguise(secrets: Self.secrets(of: options))
        let config = disguise.hide(options.config, as: own)
        let recorder = HTTPRecorder(Egress(), replacing: disguise.replacements)
        options.recording = recorder
        let faults = await carryOut(options)
        var kept = json.objectValue ?? [:]
        kept["config"] = .object(config)
        kept["http"] = .array(recorder.entries)
        return (JSON.object(kept).indented() + "\n", recorder.entries.count, faults)
    }

    /// The paths of secrets that are set.
    private static func secrets(of options: PluginBench.Options) -> Set<String> {
        let bundle = try? PluginBundle(
            folder: options.folder,
            libraryFolders: options.libraryFolders
        )
        let resolved = try? bundle?.manifest.config.resolve(options.config, in: options.folder)
        return Set(resolved?.secrets.keys.map(\.self) ?? [])
    }

    /// Puts a fixture's own secrets into a real configuration.
    private struct Disguise {
        let secrets: Set<String>
        var replacements: [(real: String, shown: String)] = []

        /// A configuration whose secrets are those of another one, or made up where that has none.
        mutating func hide(
            _ real: JSON.Object,
            as own: JSON.Object,
            below path: String = ""
        ) -> JSON.Object {
            var hidden = real
            for (key, value) in real.members {
                if let object = value.objectValue {
                    let inner = own[key]?.objectValue ?? [:]
                    hidden[key] = .object(hide(object, as: inner, below: "\(path)\(key)."))
                } else if secrets.contains(path + key), let secret = value.stringValue {
                    let shown = own[key]?.stringValue ?? "\(key)-of-the-fixture"
                    hidden[key] = .string(shown)
                    replacements.append((secret, shown))
                }
            }
            return hidden
        }
    }

    private func carryOut(_ options: PluginBench.Options) async -> [String] {
        let effects = Effects()
        var options = options
        options.isQuiet = true
        let bench: PluginBench
        do throws(PluginBundle.Broken) {
            bench = try PluginBench(options) { line in
                if let effect = line["effect"] { effects.append(effect) }
            }
        } catch {
            return error.faults
        }
        let first = await bench.start()
        guard first["ready"] != nil else {
            return ["it did not start: \(first["failed"]?.stringValue ?? "")"]
        }
        var faults: [String] = []
        for conversation in json["conversations"]?.arrayValue ?? [] {
            _ = await bench.answer(["conversation": conversation])
        }
        for contact in json["contacts"]?.arrayValue ?? [] {
            _ = await bench.answer(["contact": contact])
        }
        for (index, step) in (json["steps"]?.arrayValue ?? []).enumerated() {
            let answer = await bench.answer(await line(for: step, bench))
            if let fault = Self.fault(step, answer) { faults.append("step \(index + 1): \(fault)") }
        }
        await bench.stop()
        return faults + missing(effects.all)
    }

    // MARK: - Steps

    private func line(for step: JSON, _ bench: PluginBench) async -> JSON {
        if let seconds = step["advance_s"]?.doubleValue {
            return ["advance_ms": .int(Int64(seconds * 1000))]
        }
        if let webhook = step["webhook"] {
            return ["webhook": await signed(webhook, bench)]
        }
        let method = step["call"]?.stringValue ?? ""
        var input = step["input"] ?? [:]
        if method.hasPrefix("action/") {
            var envelope: JSON.Object = [
                "input": input, "key": step["key"] ?? "run_test",
                "by": step["by"] ?? ["kind": "agent", "name": "Ann"],
            ]
            envelope["conversation"] = step["conversation"]
            envelope["contact"] = step["contact"]
            input = .object(envelope)
        }
        return ["call": .string(method), "input": input]
    }

    /// A webhook's request, signed when the step says so.
    private func signed(_ webhook: JSON, _ bench: PluginBench) async -> JSON {
        let declared = bench.manifest.webhooks.first {
            $0.path == webhook["path"]?.stringValue
        }
        guard webhook["sign"]?.boolValue == true, var object = webhook.objectValue, let declared,
            let secret = await bench.secret(declared)
        else { return webhook }
        var headers = object["headers"]?.objectValue ?? [:]
        let body = PluginBench.body(of: webhook)
        object["body"] = .string(body)
        // By the clock that the signature is checked by: steps may have moved it.
        let seconds = bench.now.milliseconds / 1000
        let made = WebhookSignature(declared, secret: secret).headers(
            id: "msg_test",
            seconds: seconds,
            body: Array(body.utf8)
        )
        for (name, value) in made { headers[name] = .string(value) }
        object["headers"] = .object(headers)
        return .object(object)
    }

    private static func fault(_ step: JSON, _ answer: JSON) -> String? {
        if let wanted = step["expect_error"] {
            guard let error = answer["error"] else {
                return "no error but \((answer["output"] ?? .null).text.prefix(300))"
            }
            let status = wanted["status"].map { error["status"] == $0 } ?? true
            let message = wanted["message"]?.stringValue
            let isSaid = message.map { error["message"]?.stringValue?.contains($0) == true } ?? true
            return status && isSaid ? nil : "the error is \(error.text.prefix(300))"
        }
        if let error = answer["error"] { return "failed: \(error.text.prefix(500))" }
        guard let wanted = step["expect"] else { return nil }
        let output = answer["output"] ?? .null
        return output.includes(wanted) ? nil : "the answer is \(output.text.prefix(500))"
    }

    // MARK: - Effects

    private func missing(_ effects: [JSON]) -> [String] {
        var left = effects
        var faults: [String] = []
        for wanted in json["effects"]?.arrayValue ?? [] {
            if let index = left.firstIndex(where: { $0.includes(wanted) }) {
                left.remove(at: index)
            } else {
                faults.append("did not do \(wanted.text.prefix(300)); did \(JSON.array(left).text)")
            }
        }
        return faults
    }

    private final class Effects: Sendable {
        private let kept = Mutex<[JSON]>([])
        func append(_ effect: JSON) { kept.withLock { $0.append(effect) } }
        var all: [JSON] { kept.withLock { $0 } }
    }
}
