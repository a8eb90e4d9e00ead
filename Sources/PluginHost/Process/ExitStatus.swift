import Glibc

/// How a process ended.
enum ExitStatus: Sendable, Equatable {
    case code(Int32)
    case signal(Int32)
    /// The server ignores the deaths of its children, so nobody kept the status.
    case unknown

    /// Reads what `waitpid` reports.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .code((waitStatus >> 8) & 0xff) : .signal(signal)
    }
}

extension ExitStatus: CustomStringConvertible {
    var description: String {
        switch self {
        case .code(let code): "ended with status \(code)"
        case .signal(let number):
            strsignal(number).map { "ended by signal \(number) (\(String(cString: $0)))" }
                ?? "ended by signal \(number)"
        case .unknown: "ended"
        }
    }
}
