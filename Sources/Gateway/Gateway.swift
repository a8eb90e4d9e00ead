import Credentials
import Desk
import HTTPTypes
import JSONCoding
import Logging
import Model
import PluginHost
import Store
import Synchronization
import Transport

/// The edge: the wire protocol and the HTTP interface on one side, the desk and the store on the other.
///
/// ## Topics
/// - ``CustomerMessage``
/// - ``AgentMessage``
/// - ``ServerFrame``
/// - ``Administration``
package final class Gateway: Application {
    package let desk: Desk
    package let store: Store
    /// None in tests that need none.
    let plugins: PluginHost?
    let webhooks: Webhooks?
    package let options: GatewayOptions
    let clock: any WallClock
    let sealer: TokenSealer
    let hasher = PasswordHasher()
    package let origins: OriginPolicy
    let tickets = TicketBook()
    let endedSessions: EndedSessions
    let signIns = AttemptLimiter(limit: 10, period: .seconds(900))
    let openings = AttemptLimiter(limit: 120, period: .seconds(60))
    let customers = BudgetBook(.customer)
    let agents = BudgetBook(.agent)
    let connections = BudgetBook(.connections)
    let calls = AttemptLimiter(limit: APIKey.requestsPerMinute, period: .seconds(60))
    let refusals: Refusals
    let admission: Admission
    let returns = Returns()
    let proposals = ProposalCounts()
    let hooks = AttemptLimiter(limit: 600, period: .seconds(60))
    let pending = PendingHellos()
    let uploads = UploadGate()
    let logger: Logger
    private let siteNames = Mutex<[SiteID: String]>([:])
    private let status: OperationStatus
    private let router: Router

    package init(
        desk: Desk,
        store: Store,
        plugins: PluginHost? = nil,
        webhooks: Webhooks? = nil,
        options: GatewayOptions,
        pages: Pages,
        sealer: TokenSealer,
        status: OperationStatus,
        logger: Logger = Logger(label: "maitred.gateway")
    ) {
        self.desk = desk
        self.store = store
        self.plugins = plugins
        self.webhooks = webhooks
        self.options = options
        self.sealer = sealer
        self.logger = logger
        self.status = status
        clock = desk.clock
        refusals = Refusals(clock: desk.clock, logger: logger)
        admission = Admission {
            _ = await desk.floor.snapshot()
            await store.turn()
        }
        endedSessions = EndedSessions(store.endedSessions)
        origins = OriginPolicy(own: options.ownOrigins)
        let reference = GatewayReference()
        var router = Router { [refusals] error, request in
            if let problem = Problem(explaining: error) { return problem }
            refusals.noteFailure(of: request, error)
            return nil
        }
        WidgetEndpoints(reference).add(to: &router)
        AccountEndpoints(reference).add(to: &router)
        ConversationEndpoints(reference).add(to: &router)
        TriageEndpoints(reference).add(to: &router)
        PluginEndpoints(reference).add(to: &router)
        ActionEndpoints(reference).add(to: &router)
        AssistEndpoints(reference).add(to: &router)
        WebhookEndpoints(reference).add(to: &router)
        FileEndpoints(reference).add(to: &router)
        status.add(to: &router)
        pages.add(to: &router, sites: { await reference.gateway?.site(named: $0) })
        self.router = router
        reference.set(self)
    }

    /// Reads the origins and names of all sites anew, after one was added or changed.
    package func reloadSites() async throws(LogFailure) {
        let sites = try await store.sites()
        origins.set(sites)
        siteNames.withLock { names in
            names = Dictionary(
                sites.map { ($0.id, $0.name) },
                uniquingKeysWith: { first, _ in first }
            )
        }
    }

    /// Sees how much there is to do, and hangs up on those who do not say hello.
    ///
    /// Returns when the task is cancelled.
    package func run() async {
        async let watching: Void = admission.run()
        while !Task.isCancelled {
            try? await clock.sleep(for: .milliseconds(500))
            pending.sweep(at: clock.steady)
            status.observe(at: clock.steady)
        }
        await watching
    }

    // MARK: - Application

    package func upgrade(_ request: UpgradeRequest) -> UpgradeDecision {
        guard request.path == "/v1/ws" else {
            return .refuse(Problem(.notFound, code: WireError.notFound.code).response)
        }
        let address = request.address
        let budget = limitName(of: address).map { connections.budget(of: $0, at: clock.steady) }
        if let excess = budget?.take(at: clock.steady) {
            refusals.note(tooMany: "connections", from: address)
            return .refuse(Problem.tooMany(excess.wait))
        }
        guard let origin = request.origin, origins.isKnown(origin) else {
            refusals.note(request.path, .forbidden, method: .get, from: request.address)
            let title = "No site allows this origin; add it with: maitred site add"
            return .refuse(Problem(.forbidden, title, code: WireError.forbidden.code).response)
        }
        return .accept { connection in self.session(on: connection, origin: origin) }
    }

    /// The session of a client that has just connected from an origin.
    package func session(
        on connection: any ClientConnection,
        origin: String?
    ) -> any WebSocketSession {
        let session = SocketSession(connection: connection, origin: origin, gateway: self)
        pending.add(session, until: clock.steady + SocketSession.helloPeriod)
        return session
    }

    package func takesBodyInPieces(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        router.takesBodyInPieces(method, path)
    }

    package func refused(_ request: RefusedRequest) { refusals.note(request) }

    package func respond(to request: Request) async -> Response {
        let response = await router.respond(to: request)
        refusals.note(request, response.status)
        return response
    }

    // MARK: - Shared by sessions and endpoints

    /// Whether limits for an address apply to a client: not to this machine itself.
    func isLimited(_ address: NetworkAddress) -> Bool { !address.isLoopback }

    /// The name under which limits count an address; nil when none apply to it.
    func limitName(of address: NetworkAddress) -> String? {
        isLimited(address) ? address.line.description : nil
    }

    /// Somebody's budget; nil at an address without limits.
    func budget(
        of name: String,
        in book: BudgetBook,
        at address: NetworkAddress
    ) -> SharedBudget? {
        isLimited(address) ? book.budget(of: name, at: clock.steady) : nil
    }

    /// What the team knows a site by; empty for one that is not there any more.
    func siteName(_ id: SiteID) -> String { siteNames.withLock { $0[id] ?? "" } }

    func site(named key: String) async -> Site? {
        guard let id = SiteID(key) else { return nil }
        return try? await store.site(id)
    }

    /// Who a widget's token speaks for.
    func openWidgetToken(
        _ token: String
    ) throws(WireFault) -> (contact: ContactID, site: SiteID, validUntil: Timestamp) {
        do throws(TokenFault) {
            let claims = try sealer.open(token, for: .widget, now: clock.now.milliseconds)
            if let contact = ContactID(claims.subject),
                let site = claims.site.flatMap({ SiteID($0) }), !endedSessions.contains(token)
            {
                return (contact, site, Timestamp(milliseconds: claims.expires))
            }
        } catch {
            logger.debug("token refused", metadata: ["fault": "\(error)"])
        }
        throw WireFault(
            .unauthenticated,
            "This token is not valid any more; get a new one",
            close: .unauthenticated
        )
    }

    /// Ends a widget's session: its token, the sockets it opened, and with it the visitor's token.
    ///
    /// Other devices of the same customer have sessions of their own.
    func endSession(_ token: String, visitor: String?) async throws {
        let claims = try openWidgetToken(token)
        if let hash = visitor.map({ Digest.sha256Hex($0) }),
            try await store.visitor(hash: hash)?.contact == claims.contact
        {
            try await store.removeVisitor(hash: hash)
        }
        let ended = endedSessions.add(token, until: claims.validUntil, at: clock.now)
        try await store.save(ended)
        for case let device as CustomerSession in desk.audience.devices(of: claims.contact) {
            device.end(ifOpenedWith: token)
        }
    }

    /// Ends what a visitor's token opens, for whoever has it; one that opens nothing has ended.
    func endVisitor(_ visitor: String) async throws {
        try await store.removeVisitor(hash: Digest.sha256Hex(visitor))
    }

    /// Ends what a sign-in had opened: tickets, and the sockets of its consoles.
    func signOut(_ agent: AgentID, of session: String) {
        tickets.revoke(session)
        for case let console as AgentSession in desk.audience.devices(of: agent)
        where console.signIn.session == session {
            console.signOut()
        }
    }
}
