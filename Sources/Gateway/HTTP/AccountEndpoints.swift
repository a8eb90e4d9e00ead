import Credentials
import HTTPTypes
import JSONCoding
import Logging
import Model
import Store
import Transport

/// Signing in and out, and tickets for sockets.
struct AccountEndpoints {
    static let cookie = "maitred_session"
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.post, "/v1/auth/login") { try await login($0) }
        router.on(.get, "/v1/auth/session") { try await session($0) }
        router.on(.post, "/v1/auth/logout") { try await logout($0) }
        router.on(.post, "/v1/ws-tickets") { try await ticket($0) }
    }

    private func login(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        if let origin = request.headers[.origin], !gateway.origins.isConsole(origin) {
            throw Problem(.forbidden, "Sign in on this server's own pages")
        }
        let (email, password) = try credentials(request)
        let now = gateway.clock.now
        // The address first: one that is refused must not lock people out by naming them.
        let names = [gateway.limitName(of: request.address), email].compactMap(\.self)
        // Counted before the password is checked, so that guesses side by side count too.
        for name in names {
            if let wait = gateway.signIns.attempt(name, at: gateway.clock.steady) {
                return Problem.tooMany(wait)
            }
        }
        guard let agent = try await check(email, password, gateway) else {
            gateway.logger.notice("sign-in refused", metadata: ["address": "\(request.address)"])
            throw Problem(.unauthenticated, "This email address and password do not match")
        }
        for name in names { gateway.signIns.forget(name) }
        let response = try await opened(for: agent, gateway, now)
        note("signed in", agent, request, gateway)
        return response
    }

    private func credentials(_ request: Request) throws(Problem) -> (String, String) {
        do throws(WireFault) {
            let fields = try request.fields()
            let email = try fields.required("email").string(.email).lowercased()
            let password = try fields.required("password").string(TextBounds(1...1024))
            return (email, password)
        } catch {
            throw Problem(error)
        }
    }

    /// The agent, if the password is theirs.
    ///
    /// Takes as long for an address nobody has.
    private func check(
        _ email: String,
        _ password: String,
        _ gateway: Gateway
    ) async throws -> Agent? {
        do {
            guard let found = try await gateway.store.signIn(email: email) else {
                try await gateway.hasher.verifyAgainstNothing(password)
                return nil
            }
            let hash = try PasswordHash(parsing: found.passwordHash)
            return try await gateway.hasher.verify(password, against: hash) ? found.agent : nil
        } catch PasswordFault.busy {
            throw Problem(.overloaded, "Too many people are signing in; try again in a moment")
        }
    }

    private func opened(
        for agent: Agent,
        _ gateway: Gateway,
        _ now: Timestamp
    ) async throws -> Response {
        let token = SecureRandom.token()
        let session = ConsoleSession(
            agent: agent.id,
            csrf: SecureRandom.token(bytes: 24),
            expires: now + gateway.options.signInLife
        )
        try await gateway.store.saveConsoleSession(hash: Digest.sha256Hex(token), session)
        var response = Response.json(Self.describe(agent, csrf: session.csrf))
        let seconds = gateway.options.signInLife.components.seconds
        response.headers[.setCookie] =
            "\(Self.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (gateway.options.isSecure ? "; Secure" : "")
        return response
    }

    private func session(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let (agent, session) = try await SignedIn(request, gateway).check()
        return .json(Self.describe(agent, csrf: session.csrf))
    }

    private func logout(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let (agent, _) = try await SignedIn(request, gateway).checkForChange()
        if let token = request.cookie(Self.cookie) {
            let hash = Digest.sha256Hex(token)
            try await gateway.store.removeConsoleSession(hash: hash)
            gateway.signOut(agent.id, of: hash)
        }
        note("signed out", agent, request, gateway)
        var response = Response(status: .noContent)
        response.headers[.setCookie] =
            "\(Self.cookie)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
        return response
    }

    private func note(_ what: String, _ agent: Agent, _ request: Request, _ gateway: Gateway) {
        gateway.logger.notice(
            "\(what)",
            metadata: ["agent": "\(agent.id)", "address": "\(request.address)"]
        )
    }

    private func ticket(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let (agent, session) = try await SignedIn(request, gateway).checkForChange()
        let signIn = SignIn(
            agent: agent.id,
            session: Digest.sha256Hex(request.cookie(Self.cookie) ?? ""),
            expires: session.expires
        )
        let ticket = gateway.tickets.issue(to: signIn, at: gateway.clock.steady)
        return .json(
            [
                "ticket": .string(ticket),
                "expires_s": .int(TicketBook.life.components.seconds),
            ],
            status: .created
        )
    }

    private static func describe(_ agent: Agent, csrf: String) -> JSON {
        [
            "agent": [
                "id": .string(agent.id.description), "name": .string(agent.name),
                "email": .string(agent.email), "role": .string(agent.role.rawValue),
                "skills": .array(agent.skills.map(JSON.string)),
            ],
            "csrf": .string(csrf),
        ]
    }
}
