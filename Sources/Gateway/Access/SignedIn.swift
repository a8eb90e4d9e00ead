import Credentials
import HTTPTypes
import Logging
import Model
import Store
import Transport

/// The agent behind a request's cookie.
struct SignedIn {
    private static let csrfHeader = HTTPField.Name("X-CSRF-Token") ?? .authorization
    private let request: Request
    private let gateway: Gateway

    init(_ request: Request, _ gateway: Gateway) {
        self.request = request
        self.gateway = gateway
    }

    /// For reading: a signed-in agent.
    func check() async throws -> (agent: Agent, session: ConsoleSession) {
        guard let token = request.cookie(AccountEndpoints.cookie), token.utf8.count <= 128,
            let session = try await gateway.store.consoleSession(hash: Digest.sha256Hex(token)),
            session.expires > gateway.clock.now,
            let agent = try await gateway.store.agent(session.agent)
        else { throw Problem(.unauthenticated) }
        return (agent, session)
    }

    /// For changing something: from our own pages, with the token that only they can read.
    func checkForChange() async throws -> (agent: Agent, session: ConsoleSession) {
        let found = try await check()
        if let origin = request.headers[.origin], !gateway.origins.isConsole(origin) {
            throw Problem(.forbidden, "This is for the console's own pages")
        }
        guard let csrf = request.headers[Self.csrfHeader], Digest.equal(csrf, found.session.csrf)
        else { throw Problem(.forbidden, "The X-CSRF-Token is missing or not the session's") }
        return found
    }

    /// For what supervisors may see and admins change; that an admin does is a line in the log.
    ///
    /// `things`: what it is, at the beginning of a sentence.
    func check(toChange isChange: Bool, _ things: String) async throws {
        let agent = try await isChange ? checkForChange().agent : check().agent
        guard agent.role == .admin || (agent.role == .supervisor && !isChange) else {
            throw Problem(.forbidden, "\(things) are for admins; supervisors may look")
        }
        if isChange {
            gateway.logger.notice(
                "order",
                metadata: [
                    "order": "\(request.method.rawValue) \(Refusals.printable(request.path))",
                    "agent": "\(agent.id)", "address": "\(request.address)",
                ]
            )
        }
    }
}
