import ArgumentParser
import Foundation

/// Runs every measurement, one after the other, and says what reached its goal.
///
/// One that fails does not keep the others from being made; it is named, and the exit status says so.
struct All: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Every figure beside its floor and goal, within 15 minutes."
    )

    /// In this order: what needs a quiet machine most comes first.
    static let parts: [any Measurement.Type] = [
        Relay.self, Peers.self, Typing.self, Handshake.self, Idle.self, Spike.self,
        ResumeStorm.self, PluginFault.self, TriageSpeed.self,
    ]

    @OptionGroup var options: BenchOptions

    mutating func run() throws {
        var report = Report(turns: options.turns)
        var failures: [String] = []
        for part in Self.parts {
            let name = "\(part)"
            FileHandle.standardError.write(Data("\(name)\n".utf8))
            do {
                report.merge(try Self.measure(part, options.arguments))
            } catch {
                failures.append("\(name): \(error)")
            }
        }
        report.print(asJSON: options.json)
        guard failures.isEmpty else { throw BenchError.partsFailed(failures) }
    }

    private static func measure(
        _ part: (some Measurement).Type,
        _ arguments: [String]
    ) throws -> Report {
        try part.parse(arguments).measure()
    }
}
