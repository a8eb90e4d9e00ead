import HTTPTypes
import JSONCoding
import Model
import Transport

/// Outgoing webhooks for those who look after the server.
struct WebhookEndpoints {
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.get, "/v1/webhooks") { request in
            try await answer(request) { hooks, _, _ in ["webhooks": .array(try await hooks.list())]
            }
        }
        router.on(.post, "/v1/webhooks") { request in
            try await answer(request, status: .created) { hooks, _, body in
                try await hooks.add(body)
            }
        }
        router.on(.patch, "/v1/webhooks/:id") { request in
            try await answer(request) { hooks, id, body in try await hooks.change(id, body) }
        }
        router.on(.delete, "/v1/webhooks/:id") { request in
            try await answer(request) { hooks, id, _ in
                try await hooks.remove(id)
                return ["removed": .string(id)]
            }
        }
        router.on(.post, "/v1/webhooks/:id/rotate") { request in
            try await answer(request) { hooks, id, _ in try await hooks.rotate(id) }
        }
        router.on(.post, "/v1/webhooks/:id/test") { request in
            try await answer(request) { hooks, id, _ in try await hooks.test(id) }
        }
        router.on(.get, "/v1/webhooks/:id/deliveries") { request in
            let limit = try request.number("limit", in: 1...200, or: 50)
            return try await answer(request) { hooks, id, _ in
                let found = try await hooks.deliveries(
                    of: id,
                    state: request.query("state"),
                    before: request.query("before").flatMap { Int64($0) },
                    limit: limit
                )
                return ["deliveries": .array(found)]
            }
        }
        router.on(.post, "/v1/webhooks/:id/deliveries/:delivery/replay") { request in
            guard let delivery = request.parameters["delivery"].flatMap({ Int64($0) }) else {
                throw Problem(.notFound)
            }
            return try await answer(request) { hooks, id, _ in
                try await hooks.replay(delivery, of: id)
            }
        }
        router.on(.post, "/v1/webhooks/:id/replay") { request in
            try await answer(request) { hooks, id, body in
                guard let since = body["since"]?.stringValue.flatMap({ Timestamp($0) }) else {
                    throw Problem(.invalid, "since must be a time such as 2026-11-21T09:30:00Z")
                }
                let count = try await hooks.replayFailed(of: id, since: since)
                return ["replayed": .int(Int64(count))]
            }
        }
    }

    private func answer(
        _ request: Request,
        status: HTTPResponse.Status = .ok,
        _ body: (Webhooks, String, JSON) async throws -> JSON
    ) async throws -> Response {
        let gateway = try reference.get()
        try await SignedIn(request, gateway).check(toChange: request.method != .get, "Webhooks")
        guard let hooks = gateway.webhooks else { throw Problem(.notFound) }
        guard
            let json = request.body.isEmpty
                ? .object([:]) : try? JSON(parsing: request.body, depth: 8)
        else { throw Problem(.invalid, "The body must be a JSON object") }
        do {
            return .json(
                try await body(hooks, request.parameters["id"] ?? "", json),
                status: status
            )
        } catch let fault as OrderFault {
            let isUnknown = fault.description.hasPrefix("there is no")
            throw Problem(isUnknown ? .notFound : .unprocessable, fault.description)
        }
    }
}
