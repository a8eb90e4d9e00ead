import Desk
import GRDB
import Logging
import Synchronization

/// What the log says of single things that cannot be read or written: one line a minute of
/// each kind.
///
/// Any thread. That nothing at all can be stored is told by ``WriterStatus/report(_:)``.
final class Complaints: Sendable {
    private enum Kind: String {
        case unread = "Something stored cannot be read"
        case unwritten = "Something cannot be stored"
    }

    private static let pause: Duration = .seconds(60)

    private let toldAt = Mutex<[Kind: ContinuousClock.Instant]>([:])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// What an error of reading means to whoever asked, who may have left in the meantime.
    func failure(reading error: any Error) -> LogFailure {
        switch error {
        case is CancellationError: return .unavailable("\(error)")
        case let failure as LogFailure:
            if case .corrupt(let reason) = failure { tell(.unread, reason) }
            return failure
        case let error as DatabaseError:
            tell(.unread, error.summary)
            return error.failure
        default:
            tell(.unread, "\(type(of: error))")
            return .unavailable("\(error)")
        }
    }

    /// Says that something could not be written, though other things can.
    func note(unwritten failure: LogFailure) {
        switch failure {
        case .unavailable(let reason), .corrupt(let reason):
            tell(.unwritten, reason)
        case .conflict, .repeatedStart, .uploadMissing: break
        }
    }

    private func tell(_ what: Kind, _ reason: String) {
        let isDue = toldAt.withLock { toldAt in
            let now = ContinuousClock.now
            if let before = toldAt[what], now - before < Self.pause { return false }
            toldAt[what] = now
            return true
        }
        if isDue { logger.error("\(what.rawValue)", metadata: ["reason": .string(reason)]) }
    }
}
