import Credentials
import Model
import Store
import Synchronization

/// Widgets' sessions that were ended before their tokens run out: a copy of a token is of no use then.
final class EndedSessions: Sendable {
    private let sessions: Mutex<[String: Timestamp]>

    init(_ known: [EndedSession]) {
        sessions = Mutex(
            Dictionary(known.map { ($0.token, $0.until) }, uniquingKeysWith: { first, _ in first })
        )
    }

    /// Whether a token's session was ended; any thread.
    func contains(_ token: String) -> Bool {
        sessions.withLock { $0.isEmpty ? false : $0[Digest.sha256Hex(token)] != nil }
    }

    /// Adds one, forgets those that have run out, and returns all there are.
    func add(_ token: String, until: Timestamp, at now: Timestamp) -> [EndedSession] {
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value > now }
            sessions[Digest.sha256Hex(token)] = until
            return sessions.map { EndedSession(token: $0.key, until: $0.value) }
        }
    }
}
