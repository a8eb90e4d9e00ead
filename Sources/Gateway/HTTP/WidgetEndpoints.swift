import Credentials
import Desk
import HTTPTypes
import JSONCoding
import Knowledge
import Model
import Store
import Transport

/// What the widget asks over HTTP: its session, its configuration, events it missed.
struct WidgetEndpoints {
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        let open = CrossOrigin(reference: reference)
        for path in [
            "/v1/widget/sessions", "/v1/widget/sessions/end", "/v1/widget/config",
            "/v1/widget/conversations", "/v1/widget/conversations/:id/events",
        ] {
            open.preflight(path, in: &router)
        }
        open.on(.post, "/v1/widget/sessions", in: &router) { try await openSession($0) }
        open.on(.post, "/v1/widget/sessions/end", in: &router) { try await endSession($0) }
        open.on(.get, "/v1/widget/config", in: &router) { try await config($0) }
        open.on(.get, "/v1/widget/conversations", in: &router) { try await conversations($0) }
        open.on(.get, "/v1/widget/conversations/:id/events", in: &router) {
            try await events($0)
        }
    }

    // MARK: - Sessions

    private func openSession(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let now = gateway.clock.now
        if let wait = wait(for: request, gateway) { return Problem.tooMany(wait) }
        let fields = try request.fields()
        let key = try fields.required("site").string(.id)
        let visitor = try fields.optional("visitor")?.string(.token)
        let identity = try fields.optional("identity")?.string(TextBounds(1...8192))
        guard let site = await gateway.site(named: key) else {
            throw Problem(.notFound, "There is no site with this key")
        }
        guard gateway.origins.admits(request.headers[.origin], to: site) else {
            throw Problem(
                .forbidden,
                "The origin \(request.headers[.origin] ?? "(none)") may not embed this site; "
                    + "allow it with: maitred site add … --origin"
            )
        }
        let visitors = Visitors(
            store: gateway.store,
            desk: gateway.desk,
            site: site,
            now: now,
            plugins: gateway.plugins
        )
        if let wait = gateway.admission.wait,
            try await !visitors.knows(visitor, showing: identity)
        {
            return Problem.later(.overloaded, seconds: (wait + 999) / 1000)
        }
        let opened = try await visitors.open(visitor: visitor, identity: identity)
        return try describe(opened, site, gateway, now)
    }

    /// Ends the session of the bearer token; with `visitor`, the visitor's token as well.
    ///
    /// A visitor's token alone is enough to end what it opens: a browser that had no network at
    /// its session's end comes back when the session's own token has run out.
    private func endSession(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let fields = request.body.isEmpty ? nil : try request.fields()
        let visitor = try fields?.optional("visitor")?.string(.token)
        if request.bearerToken == nil, let visitor {
            if let wait = wait(for: request, gateway) { return Problem.tooMany(wait) }
            try await gateway.endVisitor(visitor)
        } else {
            try await gateway.endSession(try bearer(request), visitor: visitor)
        }
        return Response(status: .noContent)
    }

    /// How long an address has to wait that has asked for what needs no session too often.
    private func wait(for request: Request, _ gateway: Gateway) -> Duration? {
        guard let name = gateway.limitName(of: request.address) else { return nil }
        return gateway.openings.attempt(name, at: gateway.clock.steady)
    }

    private func describe(
        _ opened: Visitors.Opened,
        _ site: Site,
        _ gateway: Gateway,
        _ now: Timestamp
    ) throws -> Response {
        let expires = now + gateway.options.tokenLife
        let token = try gateway.sealer.issue(
            .init(
                purpose: .widget,
                subject: opened.contact.id.description,
                site: site.id.description
            ),
            expires: expires.milliseconds
        )
        return .json(
            [
                "token": .string(token), "visitor": .string(opened.visitor),
                "expires_at": .string(expires.description),
                "contact": [
                    "id": .string(opened.contact.id.description),
                    "name": opened.contact.name.map(JSON.string) ?? .null,
                ],
                "epoch": .string(gateway.store.epoch),
            ],
            status: .created
        )
    }

    private func config(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        guard let key = request.query("site"), let site = await gateway.site(named: key) else {
            throw Problem(.notFound, "There is no site with this key")
        }
        let now = gateway.clock.now
        return .json([
            "now": .string(now.description),
            "site": [
                "key": .string(site.id.description), "name": .string(site.name),
                "greeting": .string(site.greeting), "language": .string(site.language),
                "colour": .string(site.colour),
                "requires_identity": .bool(site.requiresIdentity),
            ],
            "online": .bool(gateway.desk.floor.isAnybodyOnline),
            "hours": hours(of: site, at: now),
            "reply_s": await gateway.desk.floor.expectedReply.map { .int(Int64($0)) } ?? .null,
            "suggestions": .array(suggestions(of: site, gateway)),
            "uploads": gateway.options.uploads?.description ?? .null,
        ])
    }

    private func hours(of site: Site, at now: Timestamp) -> JSON {
        guard let hours = site.hours else { return .null }
        return [
            "open": .bool(hours.isOpen(at: now)),
            "opens_at": hours.opens(after: now).map { .string($0.description) } ?? .null,
            "timezone": .string(hours.timeZone), "text": hours.text.map(JSON.string) ?? .null,
        ]
    }

    /// The questions offered before the customer has typed anything, by their titles.
    private func suggestions(of site: Site, _ gateway: Gateway) -> [JSON] {
        let workspace = gateway.desk.triage.current.workspace
        return site.suggestions.compactMap(workspace.intent).map {
            ["id": .string($0.name), "title": .string($0.title)]
        }
    }

    // MARK: - Conversations

    private func bearer(_ request: Request) throws(Problem) -> String {
        guard let token = request.bearerToken else {
            throw Problem(.unauthenticated, "Send the session's token as a bearer token")
        }
        return token
    }

    private func contact(_ request: Request, _ gateway: Gateway) throws(Problem) -> ContactID {
        let token = try bearer(request)
        do throws(WireFault) {
            return try gateway.openWidgetToken(token).contact
        } catch {
            throw Problem(error)
        }
    }

    private func conversations(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let contact = try contact(request, gateway)
        let rows = try await gateway.store.rows(RowQuery(contact: contact, limit: 50))
        return .json([
            "conversations": .array(
                rows.map { row in
                    [
                        "c": .string(row.id.description), "s": .int(Int64(row.publicHead)),
                        "status": .string(row.status.rawValue),
                        "owner": ["kind": .string(row.owner.kind)],
                        "updated_at": .string(row.updatedAt.description),
                        "preview": row.preview.map(JSON.string) ?? .null,
                        "rated": .bool(row.isRated),
                    ]
                }
            )
        ])
    }

    private func events(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        let contact = try contact(request, gateway)
        guard let id = request.parameters["id"].flatMap({ ConversationID($0) }),
            let row = try await gateway.store.row(of: id), row.contact == contact
        else { throw Problem(.notFound) }
        let page = try await EventPage(request, of: id, in: gateway) { event in
            EventFrame.forCustomer(Publication(event), in: id)
        }
        return page.response
    }
}
