import Credentials
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
        let effects = Effects()
        var options = options
        options.recording = recording
        options.isQuiet = true
        options.config = json["config"]?.objectValue ?? options.config
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
        return faults + recording.faults + missing(effects.all)
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
        let body = object["body"]?.stringValue ?? (object["body"] ?? .null).text
        object["body"] = .string(body)
        let seconds = SystemClock().now.milliseconds / 1000
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
