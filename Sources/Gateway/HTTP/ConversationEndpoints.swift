import Desk
import HTTPTypes
import JSONCoding
import Model
import Store
import Transport

/// What the console asks over HTTP: lists, one conversation, its events, search.
struct ConversationEndpoints {
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.get, "/v1/conversations") { try await list($0) }
        router.on(.get, "/v1/conversations/:id") { try await one($0) }
        router.on(.get, "/v1/conversations/:id/briefing") { try await briefing($0) }
        router.on(.get, "/v1/conversations/:id/events") { try await events($0) }
        router.on(.get, "/v1/search") { try await search($0) }
    }

    private func list(_ request: Request) async throws -> Response {
        let gateway = try await entered(request)
        var query = RowQuery(limit: try request.number("limit", in: 1...200, or: 50))
        if let text = request.query("status") {
            let statuses = text.split(separator: ",").map { Status(rawValue: String($0)) }
            guard !statuses.contains(nil) else {
                throw Problem(.invalid, "status must be of \(Status.allCases.map(\.rawValue))")
            }
            query.statuses = Set(statuses.compactMap { $0 })
        }
        if let text = request.query("owner") {
            guard let agent = AgentID(text) else {
                throw Problem(.invalid, "owner must be an agent's id")
            }
            query.owner = agent
        }
        if let text = request.query("after") {
            guard let id = ConversationID(text) else {
                throw Problem(.invalid, "after must be a conversation's id")
            }
            query.before = id
        }
        let rows = try await gateway.store.rows(query)
        var writer = JSONWriter(capacity: 4096)
        writer.object { json in
            json.member("conversations") { json in
                json.array { json in
                    for row in rows {
                        let delta = Sent.InboxDelta(row, siteName: gateway.siteName(row.site))
                        json.object { json in delta.writeMembers(into: &json) }
                    }
                }
            }
            let next = rows.count == query.limit ? rows.last?.id.description : nil
            json.memberIfPresent("next", next)
        }
        return .json(writer)
    }

    private func one(_ request: Request) async throws -> Response {
        let gateway = try await entered(request)
        let (id, row) = try await row(request, gateway)
        let briefing = try await briefing(of: id, gateway)
        var writer = JSONWriter(capacity: 4096)
        writer.object { json in
            let delta = Sent.InboxDelta(row, siteName: gateway.siteName(row.site))
            delta.writeMembers(into: &json)
            json.member("briefing", briefing.json)
        }
        return .json(writer)
    }

    private func briefing(_ request: Request) async throws -> Response {
        let gateway = try await entered(request)
        let (id, _) = try await row(request, gateway)
        return .json(.object(try await briefing(of: id, gateway).json))
    }

    private func briefing(of id: ConversationID, _ gateway: Gateway) async throws -> Briefing {
        guard let conversation = await gateway.desk.look(at: id) else { throw Problem(.notFound) }
        let contact = try await gateway.store.contact(conversation.contact)
        return gateway.desk.briefing(for: conversation, contact: contact)
    }

    private func events(_ request: Request) async throws -> Response {
        let gateway = try await entered(request)
        let (id, _) = try await row(request, gateway)
        return try await EventPage(request, of: id, in: gateway) { event in
            EventFrame.forTeam(Publication(event), in: id)
        }.response
    }

    private func search(_ request: Request) async throws -> Response {
        let gateway = try await entered(request)
        guard let words = request.query("q"), !words.isEmpty, words.utf8.count <= 400 else {
            throw Problem(.invalid, "q must be the words to look for, at most 400 bytes")
        }
        let limit = try request.number("limit", in: 1...100, or: 20)
        let hits = try await gateway.store.search(words, limit: limit)
        var results: [JSON] = []
        for hit in hits {
            let row = try await gateway.store.row(of: hit.conversation)
            results.append([
                "c": .string(hit.conversation.description), "s": .int(Int64(hit.sequence)),
                "m": .string(hit.message.description), "kind": .string(hit.kind),
                "snippet": .string(hit.snippet), "at": .string(hit.at.description),
                "contact": row?.contactName.map(JSON.string) ?? .null,
                "status": row.map { .string($0.status.rawValue) } ?? .null,
            ])
        }
        return .json(["hits": .array(results)])
    }

    private func entered(_ request: Request) async throws -> Gateway {
        let gateway = try reference.get()
        _ = try await SignedIn(request, gateway).check()
        return gateway
    }

    private func row(
        _ request: Request,
        _ gateway: Gateway
    ) async throws -> (ConversationID, ConversationRow) {
        guard let id = request.parameters["id"].flatMap({ ConversationID($0) }),
            let row = try await gateway.store.row(of: id)
        else { throw Problem(.notFound) }
        return (id, row)
    }
}
