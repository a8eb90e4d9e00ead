import Glibc
import Synchronization

/// Hears SIGTERM and SIGINT while the server is not there yet to be told to end.
///
/// Opening a workspace may take long, and the first process of a container ends by no signal that it
/// does not handle. Made once in a process.
struct EarlySignals {
    private static let numbers = [SIGTERM, SIGINT]

    init() {
        // Made now: a handler may only store.
        isToldToEnd.store(false, ordering: .relaxed)
        for number in Self.numbers {
            signal(number) { _ in isToldToEnd.store(true, ordering: .relaxed) }
        }
    }

    /// Whether one has come.
    static var haveCome: Bool { isToldToEnd.load(ordering: .relaxed) }

    /// Gives the signals their usual effect back.
    func end() {
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}

private let isToldToEnd = Atomic(false)
