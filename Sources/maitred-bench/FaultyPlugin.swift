import Foundation
import JSONCoding

/// The bench's own plugin, laid out in a folder as a server takes it.
enum FaultyPlugin {
    enum Fault: String {
        case none, hang, crash
        /// Without the plugin.
        case off
    }

    static let id = "maitred.bench"
    private static let library = "libbench-plugin.so"

    /// As in Sources/BenchPlugin/bench-plugin.c.
    private static let manifest = """
        {"id":"maitred.bench","name":"Bench","version":"1.0.0","abi":1,\
        "entry":"libbench-plugin.so",\
        "config":{"type":"object","properties":{"fault":{"type":"string",\
        "enum":["none","hang","crash"],"default":"none"}}},\
        "contributes":{"hooks":[\
        {"on":"conversation.opened","mode":"enrich","deadline_ms":500}]},\
        "limits":{"concurrency":4,"memory_mb":16}}
        """

    /// Lays the plugin out below a folder; returns what `serve` is told of it.
    static func layOut(in folder: TemporaryFolder) throws -> [String] {
        let built = URL(fileURLWithPath: BenchOptions.ownPath()).deletingLastPathComponent()
            .appendingPathComponent(library)
        guard FileManager.default.fileExists(atPath: built.path) else {
            throw BenchError.noProgram(built.path)
        }
        let bundle = URL(fileURLWithPath: folder.file("bench"))
        try FileManager.default.createDirectory(at: bundle, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: built, to: bundle.appendingPathComponent(library))
        try Data(manifest.utf8).write(to: bundle.appendingPathComponent("plugin.json"))
        return ["--plugins", folder.path]
    }

    /// What the server's `plugins.json` says to switch it on.
    static func settings(_ fault: Fault) -> JSON {
        guard fault != .off else { return [:] }
        let plugin: JSON = ["config": ["fault": .string(fault.rawValue)]]
        return .object(.init([(id, plugin)]))
    }
}
