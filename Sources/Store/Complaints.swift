import Desk
import GRDB
import Logging
import Synchronization

/// What the log says of single things that cannot be read or written: one line a minute.
///
/// Any thread. That nothing at all can be stored is told by ``WriterStatus/report(_:)``.
final class Complaints: Sendable {
    private static let pause: Duration = .seconds(60)
    private static let unread: Logger.Message = "Something stored cannot be read"

    private let toldAt = Mutex<ContinuousClock.Instant?>(nil)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// What an error of reading means to whoever asked, who may have left in the meantime.
    func failure(reading error: any Error) -> LogFailure {
        switch error {
        case is CancellationError: return .unavailable("\(error)")
        case let failure as LogFailure:
            if case .corrupt(let reason) = failure { tell(Self.unread, reason) }
            return failure
        case let error as DatabaseError:
            tell(Self.unread, error.summary)
            return error.failure
        default:
            tell(Self.unread, "\(type(of: error))")
            return .unavailable("\(error)")
        }
    }

    /// Says that something could not be written, though other things can.
    func note(unwritten failure: LogFailure) {
        switch failure {
        case .unavailable(let reason), .corrupt(let reason):
            tell("Something cannot be stored", reason)
        case .conflict, .repeatedStart, .uploadMissing: break
        }
    }

    private func tell(_ what: Logger.Message, _ reason: String) {
        let isDue = toldAt.withLock { toldAt in
            let now = ContinuousClock.now
            if let toldAt, now - toldAt < Self.pause { return false }
            toldAt = now
            return true
        }
        if isDue { logger.error(what, metadata: ["reason": .string(reason)]) }
    }
}
