import JSONCoding

/// A plugin at work: started and stopped many times, and fed nonsense.
extension PluginChecker {
    /// What went wrong with starting and stopping; nil when nothing did.
    func cycle() async -> String? {
        for number in 1...max(1, cycles) {
            guard let bench = try? PluginBench(options, emit: { _ in }) else {
                return "it cannot be started"
            }
            let first = await bench.start()
            await bench.stop()
            guard first["ready"] != nil else {
                return "start \(number) failed: \(first["failed"]?.stringValue ?? "")"
            }
            if let rule = await bench.brokenRules().first {
                return "start \(number) broke a rule of the interface: \(rule)"
            }
        }
        return nil
    }

    /// What became of each method that was fed nonsense, in a process of its own; empty when all
    /// bore it.
    func feedNonsense(_ manifest: PluginManifest) async -> [String] {
        let methods =
            manifest.hooks.map(\.method) + manifest.actions.map(\.method)
            + manifest.panels.map(\.method) + manifest.webhooks.map(\.method)
            + manifest.schedules.map { "schedule/\($0.name)" } + ["health", "no/such-method"]
        var faults: [String] = []
        for method in methods {
            let form = manifest.actions.first { $0.method == method }?.input
            faults += await feed(method, form)
        }
        return faults
    }

    /// - Parameters:
    ///   - method: Of which calls are made, one after another.
    ///   - form: An action's input: the server lets nothing else through to the plugin.
    /// - Returns: What was wrong, in words.
    private func feed(_ method: String, _ form: ConfigSchema?) async -> [String] {
        var options = options
        options.recording = RecordedHTTP([])
        guard let bench = try? PluginBench(options, emit: { _ in }) else {
            return ["it cannot be started"]
        }
        _ = await bench.start()
        let process = await bench.processID()
        var faults: [String] = []
        var random = NonsenseMaker(seed: UInt64(method.utf8.count) &* 2_654_435_761 &+ 1)
        for _ in 0..<nonsense {
            let input = form.map { random.order($0) } ?? random.value(depth: 3)
            _ = await bench.answer(
                ["call": .string(method), "input": input, "deadline_ms": 2000]
            )
            guard await bench.processID() == process, process != nil else {
                let why = await bench.lastError().map { " (\($0.prefix(200)))" } ?? ""
                faults.append("\(method) ended the process\(why) on \(input.text.prefix(200))")
                break
            }
        }
        await bench.stop()
        faults += await bench.brokenRules().map { "\(method) broke a rule of the interface: \($0)" }
        return faults
    }
}
