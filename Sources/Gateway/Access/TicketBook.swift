import Credentials
import Model
import Synchronization

/// The sign-in behind a console's socket: the socket ends with it.
struct SignIn: Hashable, Sendable {
    var agent: AgentID
    /// The hash of the console session's token.
    var session: String
    var expires: Timestamp
}

/// Tickets with which a signed-in console opens a socket: thirty seconds, once.
final class TicketBook: Sendable {
    static let life: Duration = .seconds(30)
    private let tickets = Mutex<[String: (signIn: SignIn, expires: SteadyTime)]>([:])

    /// Issues a ticket; forgets those that have run out.
    func issue(to signIn: SignIn, at now: SteadyTime) -> String {
        let ticket = SecureRandom.token(bytes: 24)
        let key = Digest.sha256Hex(ticket)
        tickets.withLock { tickets in
            tickets = tickets.filter { $0.value.expires > now }
            tickets[key] = (signIn, now + Self.life)
        }
        return ticket
    }

    /// Withdraws the tickets of a sign-in that has ended.
    func revoke(_ session: String) {
        tickets.withLock { tickets in
            tickets = tickets.filter { $0.value.signIn.session != session }
        }
    }

    /// The sign-in whose ticket this is.
    ///
    /// It does not open a second socket.
    func redeem(_ ticket: String, at now: SteadyTime) -> SignIn? {
        let key = Digest.sha256Hex(ticket)
        let found = tickets.withLock { $0.removeValue(forKey: key) }
        guard let found, found.expires > now else { return nil }
        return found.signIn
    }
}
