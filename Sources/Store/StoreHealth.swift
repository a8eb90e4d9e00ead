import Logging
import Synchronization

/// Whether what is sent can be kept.
package enum StoreHealth: Hashable, Sendable {
    case ok
    /// Writes fail at present, for this reason; senders get errors.
    case failing(String)
}

/// What the writer's thread tells the others.
final class WriterStatus: Sendable {
    private let state = Mutex(StoreHealth.ok)
    private let last: Atomic<Int64>
    private let lastCommit = Mutex((at: ContinuousClock.now, took: Duration.zero))
    private let logger: Logger

    init(position: Int64, logger: Logger) {
        last = Atomic(position)
        self.logger = logger
    }

    var health: StoreHealth { state.withLock { $0 } }

    /// The position of the last event committed.
    var position: Int64 {
        get { last.load(ordering: .acquiring) }
        set { last.store(newValue, ordering: .releasing) }
    }

    /// When something was committed last, and how long that took.
    var commit: (at: ContinuousClock.Instant, took: Duration) {
        get { lastCommit.withLock { $0 } }
        set { lastCommit.withLock { $0 = newValue } }
    }

    /// Raises or ends the alarm; only changes between well and ill are logged.
    func report(_ health: StoreHealth) {
        let before = state.withLock { state in
            defer { state = health }
            return state
        }
        switch (before, health) {
        case (.ok, .failing(let reason)):
            logger.error("Nothing can be stored", metadata: ["reason": .string(reason)])
        case (.failing, .ok): logger.notice("Storing works again")
        default: break
        }
    }
}
