import CBench
import Foundation

/// A program started by the bench; it ends with the bench at the latest.
final class ChildProcess {
    let processID: pid_t
    private let arguments: [String]
    private let errorPath: String
    private let input: Int32
    private let output: Int32
    private var hasEnded = false
    private static let patience = Duration.seconds(20)
    private static let glance = 0.02
    private static let longestReason = 600

    /// Starts a program; its standard error is appended to a file.
    init(_ arguments: [String], errorPath: String) throws {
        var child = bench_child()
        var list = arguments.map { strdup($0) } + [nil]
        let failure = bench_child_start(&list, errorPath, &child)
        for argument in list { free(argument) }
        guard failure == 0 else {
            throw BenchError.cannotStart(arguments[0], reason: String(cString: strerror(failure)))
        }
        self.arguments = arguments
        self.errorPath = errorPath
        processID = child.pid
        input = child.input
        output = child.output
    }

    deinit {
        if !hasEnded {
            Glibc.kill(processID, SIGKILL)
            _ = bench_child_wait(processID, 5)
        }
        close(input)
        close(output)
    }

    /// Runs a program to its end and returns what it printed.
    static func run(
        _ arguments: [String],
        input: String? = nil,
        errorPath: String
    ) throws -> String {
        let child = try ChildProcess(arguments, errorPath: errorPath)
        if let input { child.write(input) }
        let printed = child.read { _ in false }
        let status = child.wait(seconds: 60)
        guard status == 0 else {
            // Some programs say what is wrong where they say everything.
            throw BenchError.commandFailed(
                arguments,
                status: status,
                errors: String(printed.suffix(longestReason)) + child.lastErrors()
            )
        }
        return printed
    }

    /// Waits for the line in which a server says that it listens.
    func waitUntilListening() throws {
        let printed = read { $0.contains("listening on ") }
        guard printed.contains("listening on ") else {
            throw BenchError.cannotStart(arguments.joined(separator: " "), reason: lastErrors())
        }
    }

    /// Waits until a program that does not say when it listens accepts a connection.
    func waitUntilListening(port: Int) throws {
        let deadline = ContinuousClock.now + Self.patience
        while (try? HTTPConnection(port: port, isSecure: false)) == nil {
            guard wait(seconds: Self.glance) < 0, ContinuousClock.now < deadline else {
                throw BenchError.cannotStart(
                    arguments.joined(separator: " "),
                    reason: lastErrors()
                )
            }
        }
    }

    /// Asks the program to end (SIGTERM) and waits; kills it after 10 seconds.
    func stop() {
        guard !hasEnded else { return }
        Glibc.kill(processID, SIGTERM)
        if wait(seconds: 10) < 0 { kill() }
    }

    /// Ends the program as a power cut would.
    func kill() {
        guard !hasEnded else { return }
        Glibc.kill(processID, SIGKILL)
        _ = wait(seconds: 5)
    }

    /// Returns the exit status, or -1 when the program still runs after so long.
    private func wait(seconds: Double) -> Int {
        let status = Int(bench_child_wait(processID, seconds))
        if status >= 0 { hasEnded = true }
        return status
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
    }

    /// Reads standard output to its end, or until `enough` likes what has come.
    private func read(until enough: (String) -> Bool) -> String {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !enough(text) {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(output, $0.baseAddress, $0.count)
            }
            guard count > 0 else { break }
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return text
    }

    private func lastErrors() -> String {
        let errors = (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? ""
        return String(errors.suffix(Self.longestReason))
    }
}

extension ChildProcess {
    /// Processor time of all threads so far, in seconds.
    var cpuSeconds: Double { bench_process_cpu_seconds(processID) }

    /// Resident memory in bytes.
    var residentBytes: Int { Int(bench_process_resident_bytes(processID)) }
}
