import Credentials
import Model
import Synchronization

/// Tickets with which a signed-in console opens a socket: thirty seconds, once.
final class TicketBook: Sendable {
    static let life: Duration = .seconds(30)
    private let tickets = Mutex<[String: (agent: AgentID, expires: Timestamp)]>([:])

    /// Issues a ticket; forgets those that have run out.
    func issue(to agent: AgentID, at now: Timestamp) -> String {
        let ticket = SecureRandom.token(bytes: 24)
        let key = Digest.sha256Hex(ticket)
        tickets.withLock { tickets in
            tickets = tickets.filter { $0.value.expires > now }
            tickets[key] = (agent, now + Self.life)
        }
        return ticket
    }

    /// The agent whose ticket this is.
    ///
    /// It does not open a second socket.
    func redeem(_ ticket: String, at now: Timestamp) -> AgentID? {
        let key = Digest.sha256Hex(ticket)
        let found = tickets.withLock { $0.removeValue(forKey: key) }
        guard let found, found.expires > now else { return nil }
        return found.agent
    }
}
