import HTTPTypes
import JSONCoding
import Model
import PluginHost
import Transport

/// Plugins for those who look after the server: how they fare, what they are set to.
///
/// Supervisors read, admins change.
struct PluginEndpoints {
    private static let configLimit = 65_536
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.get, "/v1/plugins") { try await list($0) }
        router.on(.get, "/v1/plugins/:id") { try await one($0) }
        router.on(.get, "/v1/plugins/:id/logs") { try await logs($0) }
        router.on(.put, "/v1/plugins/:id/config") { try await configure($0) }
        router.on(.put, "/v1/plugins/:id/policies") { request in
            try await change(request) { host, id, body throws(PluginHost.Refusal) in
                try await host.setPolicies(id, body["policies"]?.objectValue ?? [:])
            }
        }
        router.on(.post, "/v1/plugins/:id/health") { try await health($0) }
        router.on(.post, "/v1/plugins/:id/enable") { request in
            try await change(request) { host, id, body throws(PluginHost.Refusal) in
                try await host.enable(id, agreed: body["agreed"]?.boolValue ?? false)
            }
        }
        router.on(.post, "/v1/plugins/:id/disable") { request in
            try await change(request) { host, id, _ throws(PluginHost.Refusal) in
                try await host.disable(id)
            }
        }
        router.on(.post, "/v1/plugins/:id/restart") { request in
            try await change(request) { host, id, _ throws(PluginHost.Refusal) in
                try await host.restart(id)
            }
        }
        router.on(.post, "/v1/plugins/:id/rollback") { request in
            try await change(request) { host, id, _ throws(PluginHost.Refusal) in
                try await host.rollBack(id)
            }
        }
        router.on(.post, "/v1/plugins/:id/version") { request in
            try await change(request) { host, id, body throws(PluginHost.Refusal) in
                try await host.switchVersion(
                    id,
                    to: body["version"]?.stringValue ?? "",
                    agreed: body["agreed"]?.boolValue ?? false
                )
            }
        }
        router.on(.post, "/v1/plugins/:id/oauth/:name") { try await beginSignIn($0) }
        router.on(.get, "/v1/oauth/callback") { try await finishSignIn($0) }
        // Other servers come with whichever method they like.
        for method in [HTTPRequest.Method.post, .put, .get] {
            router.on(method, "/v1/hooks/:plugin/*") { try await hook($0) }
        }
    }

    // MARK: - Reading

    private func list(_ request: Request) async throws -> Response {
        let host = try await entered(request)
        return .json(["plugins": .array(await host.descriptions())])
    }

    private func one(_ request: Request) async throws -> Response {
        let host = try await entered(request)
        guard let plugin = await host.description(of: try id(request)) else {
            throw Problem(.notFound)
        }
        return .json(plugin)
    }

    private func logs(_ request: Request) async throws -> Response {
        let host = try await entered(request)
        guard let lines = await host.lines(of: try id(request)) else { throw Problem(.notFound) }
        return .json(["lines": .array(lines.map(\.json))])
    }

    // MARK: - Changing

    private func configure(_ request: Request) async throws -> Response {
        try await change(request) { host, id, body throws(PluginHost.Refusal) in
            guard let config = body["config"]?.objectValue else {
                throw PluginHost.Refusal(kind: .invalid, reasons: ["config must be an object"])
            }
            try await host.configure(
                id,
                config,
                allowsPrivateNetwork: body["allows_private_network"]?.boolValue
            )
        }
    }

    private func health(_ request: Request) async throws -> Response {
        let host = try await entered(request, forChange: true)
        let id = try id(request)
        do throws(PluginError) {
            try await host.health(of: id)
            return .json(["ok": true])
        } catch {
            return .json([
                "ok": false, "code": .string(error.code), "message": .string(error.description),
            ])
        }
    }

    /// Makes a change and answers with the plugin as it is then; the refusal names every fault.
    private func change(
        _ request: Request,
        _ body: (PluginHost, String, JSON) async throws(PluginHost.Refusal) -> Void
    ) async throws -> Response {
        let host = try await entered(request, forChange: true)
        let id = try id(request)
        guard request.body.count <= Self.configLimit else { throw Problem(.tooLarge) }
        let json =
            request.body.isEmpty ? JSON.object([:]) : try? JSON(parsing: request.body, depth: 16)
        guard let json else { throw Problem(.invalid, "The body must be a JSON object") }
        do throws(PluginHost.Refusal) {
            try await body(host, id, json)
        } catch {
            throw Self.problem(error)
        }
        return .json(await host.description(of: id) ?? .null)
    }

    private static func problem(_ refusal: PluginHost.Refusal) -> Problem {
        let error: WireError =
            switch refusal.kind {
            case .unknown: .notFound
            case .invalid: .unprocessable
            case .needsConsent: .needsConfirmation
            }
        var problem = Problem(error, refusal.description)
        problem.members.append(
            Problem.Member("faults", .texts(refusal.reasons))
        )
        return problem
    }

    // MARK: - Signing in elsewhere

    private func beginSignIn(_ request: Request) async throws -> Response {
        let host = try await entered(request, forChange: true)
        let gateway = try reference.get()
        do throws(PluginHost.Refusal) {
            let url = try await host.beginSignIn(
                request.parameters["name"] ?? "",
                of: request.parameters["id"] ?? "",
                redirect: gateway.options.publicURL + "/v1/oauth/callback"
            )
            return .json(["url": .string(url)])
        } catch {
            throw Self.problem(error)
        }
    }

    /// Where the other server sends people back to.
    ///
    /// The state is the proof: it was made here a moment ago and is good once; our own cookie does
    /// not come along from there.
    private func finishSignIn(_ request: Request) async throws -> Response {
        guard let host = try reference.get().plugins, let state = request.query("state"),
            state.utf8.count <= 100
        else { throw Problem(.notFound) }
        guard let code = request.query("code"), code.utf8.count <= 4000 else {
            return Self.page("Not connected", "The other side said no.", .badRequest)
        }
        do throws(PluginHost.Refusal) {
            let name = try await host.finishSignIn(state: state, code: code)
            return Self.page("Connected", "\(name) can go on. You may close this page.", .ok)
        } catch {
            return Self.page("Not connected", error.description, .badRequest)
        }
    }

    private static func page(
        _ title: String,
        _ words: String,
        _ status: HTTPResponse.Status
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: Array("\(title)\n\n\(words)\n".utf8)
        )
    }

    // MARK: - Other servers

    private func hook(_ request: Request) async throws -> Response {
        let gateway = try reference.get()
        guard let host = gateway.plugins, let plugin = request.parameters["plugin"],
            let path = request.parameters["*"]
        else { throw Problem(.notFound) }
        if let name = gateway.limitName(of: request.address),
            let wait = gateway.hooks.attempt(name, at: gateway.clock.steady)
        {
            return Problem.tooMany(wait)
        }
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let reply = await host.receive(
            PluginWebhook(
                plugin: plugin,
                path: path,
                method: request.method.rawValue,
                query: Self.text(of: request.query),
                headers: headers,
                body: request.body
            )
        )
        var response = Response(
            status: HTTPResponse.Status(code: reply.status),
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: reply.body
        )
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private static func text(of query: [QueryItem]) -> String {
        query.map { "\(Percent.encoded($0.name))=\(Percent.encoded($0.value))" }
            .joined(separator: "&")
    }

    // MARK: - Shared

    private func id(_ request: Request) throws(Problem) -> String {
        guard let id = request.parameters["id"], id.utf8.count <= 100 else {
            throw Problem(.notFound)
        }
        return id
    }

    private func entered(
        _ request: Request,
        forChange: Bool = false
    ) async throws -> PluginHost {
        let gateway = try reference.get()
        try await SignedIn(request, gateway).check(toChange: forChange, "Plugins")
        guard let host = gateway.plugins else { throw Problem(.notFound) }
        return host
    }
}

/// Percent-encoding of what may stand in a query (RFC 3986, 2.3).
private enum Percent {
    static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default: out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return out
    }
}
