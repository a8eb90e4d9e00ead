import Desk
import HTTPTypes
import JSONCoding
import Model
import Transport

/// Signing in, sessions, and what else goes over HTTP.
extension SceneRunner {
    func hire(_ step: Scene.Step, skill: String?, room: Int) async throws(SceneFailure) {
        var agent = ScenePerson(name: step.actor, role: .agent, origin: LoopbackServer.publicURL)
        agent.email = "\(step.actor.lowercased())@example.com"
        agent.password = Self.password
        do {
            let added = try await server.order([
                "do": "agent.add", "email": .string(agent.email), "name": .string(step.actor),
                "role": "agent", "password": .string(agent.password),
                "skills": .array(skill.map { [.string($0)] } ?? []), "capacity": .int(Int64(room)),
            ])
            variables["$\(step.actor)"] = added["id"]
        } catch {
            throw SceneFailure(line: step.line, "\(error)")
        }
        people[step.actor] = agent
    }

    /// Everything from the first request to `welcome`.
    func connect(
        _ step: Scene.Step,
        resuming: Bool,
        more: JSON
    ) async throws(SceneFailure) {
        let person = try person(step.actor, step)
        var hello: JSON.Object = [:]
        switch person.role {
        case .customer:
            var body: JSON.Object = ["site": .string(server.site)]
            body["visitor"] = person.visitor.map(JSON.string)
            try await ask(step, "POST", "/v1/widget/sessions", .object(body))
            try expectAnswer(201, [:], step)
            hello["token"] = people[step.actor]?.token.map(JSON.string)
        case .agent:
            if person.csrf == nil {
                try await ask(
                    step,
                    "POST",
                    "/v1/auth/login",
                    ["email": .string(person.email), "password": .string(person.password)]
                )
                try expectAnswer(200, [:], step)
            }
            try await ask(step, "POST", "/v1/ws-tickets", [:])
            try expectAnswer(201, ["ticket": "*"], step)
            hello["ticket"] = people[step.actor]?.answer?.body["ticket"]
            hello["feed"] = .int(Int64(resuming ? person.feed : 0))
        }
        if resuming {
            hello["epoch"] = person.epoch.map(JSON.string)
            hello["resume"] = .array(
                person.lastSeen.sorted { $0.key < $1.key }
                    .map { ["c": .string($0.key), "s": .int(Int64($0.value))] }
            )
        }
        hello.merge(more.objectValue ?? [:])
        open(person, resuming: resuming)
        try await send(step, "hello", in: nil, .object(hello))
        let welcome = people[step.actor]?.connection?.frames.first
        guard welcome?["t"]?.stringValue == "welcome" else {
            throw SceneFailure(
                line: step.line,
                "\(step.actor) was not welcomed: \(welcome?.text ?? "nothing came")"
            )
        }
        people[step.actor]?.epoch = welcome?["d"]?["epoch"]?.stringValue
    }

    func ask(
        _ step: Scene.Step,
        _ method: String,
        _ path: String,
        _ body: JSON?
    ) async throws(SceneFailure) {
        let person = try person(step.actor, step)
        var headers: HTTPFields = [.contentType: "application/json", .origin: person.origin]
        headers[.cookie] = person.cookie
        headers[.authorization] = person.token.map { "Bearer \($0)" }
        if let csrf = person.csrf, let name = HTTPField.Name("X-CSRF-Token") {
            headers[name] = csrf
        }
        let address = try filled(path, step)
        let parts = address.split(separator: "?", maxSplits: 1)
        let query = parts.dropFirst().first?.split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1).map(String.init)
            return QueryItem(name: pair[0], value: pair.count > 1 ? pair[1] : "")
        }
        var bytes: [UInt8] = []
        if let body { bytes = try filled(body, step).bytes() }
        let response = await server.respond(
            to: Request(
                method: method == "POST" ? .post : .get,
                path: String(parts[0]),
                query: query ?? [],
                headers: headers,
                body: bytes
            )
        )
        take(response, as: step.actor)
    }

    /// Keeps what a browser and its page would keep of an answer.
    private func take(_ response: Response, as name: String) {
        let body = (try? JSON(parsing: response.body)) ?? .null
        people[name]?.answer = (response.status.code, body)
        if let cookie = response.headers[.setCookie] {
            people[name]?.cookie = cookie.split(separator: ";").first.map(String.init)
        }
        if let csrf = body["csrf"]?.stringValue { people[name]?.csrf = csrf }
        if let token = body["token"]?.stringValue { people[name]?.token = token }
        if let visitor = body["visitor"]?.stringValue { people[name]?.visitor = visitor }
    }

    func expectAnswer(
        _ status: Int,
        _ body: JSON,
        _ step: Scene.Step
    ) throws(SceneFailure) {
        guard let answer = try person(step.actor, step).answer else {
            throw SceneFailure(line: step.line, "\(step.actor) has asked nothing")
        }
        guard answer.status == status, variables.match(body, answer.body) else {
            throw SceneFailure(
                line: step.line,
                "\(step.actor) should be answered \(status) \(body.text)\n"
                    + "  was answered \(answer.status) \(answer.body.text.prefix(1000))"
            )
        }
    }
}
