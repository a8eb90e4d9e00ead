import Desk
import GRDB
import Logging
import Synchronization

/// What errors of reading mean to those who asked; one in a minute is a line in the log.
///
/// Any thread. Those of writing are the writer's to tell, by ``WriterStatus/report(_:)``.
final class ReadFailures: Sendable {
    private static let pause: Duration = .seconds(60)

    private let toldAt = Mutex<ContinuousClock.Instant?>(nil)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// The failure to hand to whoever asked.
    func failure(of error: any Error) -> LogFailure {
        switch error {
        case let failure as LogFailure:
            if case .corrupt(let reason) = failure { tell(reason) }
            return failure
        case let error as DatabaseError:
            tell(error.summary)
            return error.failure
        default:
            tell("\(type(of: error))")
            return .unavailable("\(error)")
        }
    }

    private func tell(_ reason: String) {
        let isDue = toldAt.withLock { toldAt in
            let now = ContinuousClock.now
            if let toldAt, now - toldAt < Self.pause { return false }
            toldAt = now
            return true
        }
        guard isDue else { return }
        logger.error("Something stored cannot be read", metadata: ["reason": .string(reason)])
    }
}
