import ArgumentParser
import CBench
import Foundation

/// The options that all measurements share.
struct BenchOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Flag(help: "End within 45 seconds, with rougher figures.")
    var quick = false

    @Option(help: "How many times the sides take turns (5, or 3 with --quick).")
    var runs: Int?

    @Option(help: "The maitred program to measure (default: the one beside this program).")
    var maitred: String?

    @Flag(help: "Measure the references alone.")
    var referencesOnly = false

    mutating func validate() throws {
        if let runs, !(1...99).contains(runs) {
            throw ValidationError("--runs takes a number from 1 to 99.")
        }
    }
}

extension BenchOptions {
    var turns: Int { runs ?? (quick ? 3 : 5) }

    /// Measures two sides in turn, as often as it is said.
    ///
    /// Who goes first changes: a slow minute of the machine must not favour one side.
    func takeTurns(
        _ count: Int? = nil,
        _ reference: () throws -> Void,
        and ours: () throws -> Void
    ) rethrows {
        for turn in 0..<(count ?? turns) {
            if turn % 2 == 0 {
                try reference()
                try ours()
            } else {
                try ours()
                try reference()
            }
        }
    }

    /// The same options on a command line, for a part of ``All``.
    var arguments: [String] {
        var list: [String] = []
        if json { list.append("--json") }
        if quick { list.append("--quick") }
        if referencesOnly { list.append("--references-only") }
        if let runs { list += ["--runs", "\(runs)"] }
        if let maitred { list += ["--maitred", maitred] }
        return list
    }

    /// The path of this program.
    static func ownPath() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// The program to measure, or nil when only the references are wanted.
    func programPath() throws -> String? {
        guard !referencesOnly else { return nil }
        let own = URL(fileURLWithPath: Self.ownPath())
        let path = maitred ?? own.deletingLastPathComponent().appendingPathComponent("maitred").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchError.noProgram(path)
        }
        return path
    }
}
