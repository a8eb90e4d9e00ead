import Foundation

/// Feeds made-up bytes to what reads bytes from outside; libFuzzer makes them and drives it.
///
/// Tests/Fuzz/run builds it, chooses the target by `MAITRED_FUZZ_TARGET` and passes on what
/// libFuzzer takes.
@main
enum Fuzz {
    /// The readers, by the name of their corpus.
    ///
    /// None may end the process, whatever it is given.
    static let targets: [String: @Sendable (UnsafeRawBufferPointer) -> Void] = [
        "frames": readFrame,
        "http": answerRequest,
        "connections": serveConnection,
        "plugins": readPlugin,
        "orders": followOrders,
        "commands": carryOutCommands,
        "routes": askRoutes,
        "markdown": renderMarkdown,
        "credentials": checkCredentials,
    ]

    private static let chosen = targets[
        ProcessInfo.processInfo.environment["MAITRED_FUZZ_TARGET"] ?? ""
    ]

    static func main() {
        guard chosen != nil else {
            print("MAITRED_FUZZ_TARGET is one of \(targets.keys.sorted().joined(separator: " "))")
            exit(2)
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments, readOne))
    }

    fileprivate static func read(_ bytes: UnsafeRawBufferPointer) { chosen?(bytes) }

    /// Ends the process with a finding: what a reader promises does not hold.
    static func hold(_ promise: Bool, _ text: @autoclosure () -> String) {
        if !promise { fatalError(text()) }
    }
}

/// One input; libFuzzer wants a function of this name.
@_cdecl("LLVMFuzzerTestOneInput")
package func readOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Fuzz.read(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}

/// libFuzzer's own loop: SwiftPM names the entry point itself, so its `main` cannot be used.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
