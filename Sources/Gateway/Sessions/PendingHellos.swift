import Model
import Synchronization

/// Connections that have not said hello yet, and by when they must.
final class PendingHellos: Sendable {
    private let waiting = Mutex<[ObjectIdentifier: (session: SocketSession, until: SteadyTime)]>([:]
    )

    func add(_ session: SocketSession, until deadline: SteadyTime) {
        waiting.withLock { $0[ObjectIdentifier(session)] = (session, deadline) }
    }

    func remove(_ session: SocketSession) {
        waiting.withLock { $0[ObjectIdentifier(session)] = nil }
    }

    /// Hangs up on everyone who is overdue.
    func sweep(at now: SteadyTime) {
        let overdue = waiting.withLock { waiting in
            waiting.values.filter { $0.until <= now }.map(\.session)
        }
        for session in overdue { session.expire() }
    }
}
