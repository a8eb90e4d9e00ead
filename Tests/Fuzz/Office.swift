import Credentials
import Desk
import Foundation
import Gateway
import HTTPTypes
import JSONCoding
import Knowledge
import MaitredTesting
import Model
import Store
import Synchronization
import Transport

/// A whole server without sockets, with a team, for the targets that need one.
///
/// It serves some hundred inputs, each with customers of its own: a new one for each would take
/// longer than what is done with it.
final class Office: Sendable {
    /// Somebody of the team, with what their browser sends.
    struct Member: Sendable {
        let id: AgentID
        let name: String
        let headers: HTTPFields
    }

    /// A customer's device, with what its browser remembers.
    struct Visitor: Sendable {
        let contact: ContactID
        /// What recognises the device.
        let device: String
        let token: String

        var headers: HTTPFields {
            [.origin: LoopbackServer.origin, .authorization: "Bearer \(token)"]
        }
    }

    private struct Rented: Sendable {
        var office: Office?
        var inputs = 0
    }

    private static let mostInputs = 300
    private static let rented = Mutex(Rented())
    /// Long enough for whatever an input lets pass.
    private static let signInLife: Duration = .seconds(1_000_000_000)

    let server: LoopbackServer
    /// An agent, a supervisor and an admin.
    let team: [Member]
    /// A key of another program.
    let key: String

    private init() async throws {
        server = try await LoopbackServer(triage: try await Self.triage.value, hasWebhooks: true)
        var team: [Member] = []
        for (name, role) in [("Ann", "agent"), ("Sue", "supervisor"), ("Root", "admin")] {
            team.append(try await Self.hire(name, role, server))
        }
        self.team = team
        let added = try await server.order([
            "do": "key.add", "name": "desk", "scopes": ["triage"],
        ])
        key = added["key"]?.stringValue ?? ""
    }

    /// Has the next input begin in a new office.
    static func leave() { rented.withLock { $0.inputs = mostInputs } }

    /// The office for the next input.
    static func next() async -> Office {
        let (known, old) = rented.withLock { rented -> (Office?, Office?) in
            rented.inputs += 1
            if rented.inputs <= mostInputs, let office = rented.office { return (office, nil) }
            defer { rented = Rented() }
            return (nil, rented.office)
        }
        if let known { return known }
        await old?.server.close()
        do {
            let office = try await Office()
            rented.withLock { $0.office = office }
            return office
        } catch {
            fatalError("no server: \(error)")
        }
    }

    /// What the assistant knows: enough to be sure of something.
    private static let triage = Task {
        let csv = try String(contentsOfFile: "Tests/Scenarios/intents.csv", encoding: .utf8)
        let triage = TriageDesk(embeddings: nil, cache: nil)
        await triage.take(Workspace(intents: try IntentTable(csv: csv).merged(into: [])))
        return triage
    }

    private static func hire(
        _ name: String,
        _ role: String,
        _ server: LoopbackServer
    ) async throws -> Member {
        let added = try await server.order([
            "do": "agent.add", "email": .string("\(name.lowercased())@example.com"),
            "name": .string(name), "role": .string(role), "password": "not asked for here",
            "skills": ["billing"], "capacity": 3,
        ])
        guard let id = added["id"]?.stringValue.flatMap({ AgentID($0) }) else {
            fatalError("nobody was hired: \(added)")
        }
        let (token, csrf) = (SecureRandom.token(), SecureRandom.token(bytes: 24))
        try await server.store.saveConsoleSession(
            hash: Digest.sha256Hex(token),
            ConsoleSession(agent: id, csrf: csrf, expires: server.clock.now + signInLife)
        )
        var headers: HTTPFields = [
            .origin: LoopbackServer.publicURL, .cookie: "maitred_session=\(token)",
        ]
        if let name = HTTPField.Name("X-CSRF-Token") { headers[name] = csrf }
        return Member(id: id, name: name, headers: headers)
    }

    /// The answer to a request that is well-formed, as JSON.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ headers: HTTPFields,
        _ body: JSON
    ) async -> JSON {
        let response = await server.respond(
            to: Request(method: method, path: path, headers: headers, body: body.bytes())
        )
        return (try? JSON(parsing: response.body)) ?? .null
    }

    /// A customer who has not been here before, or who comes back.
    func visitor(again known: Visitor? = nil) async -> Visitor {
        var order: JSON.Object = ["site": .string(server.site)]
        order["visitor"] = known.map { .string($0.device) }
        var opened = JSON.null
        repeat {
            opened = await ask(
                .post,
                "/v1/widget/sessions",
                [.origin: LoopbackServer.origin],
                .object(order)
            )
            // On a machine with too much to do newcomers are asked to come again.
        } while opened["code"]?.stringValue == "overloaded"
        guard let token = opened["token"]?.stringValue,
            let device = opened["visitor"]?.stringValue ?? known?.device,
            let contact = opened["contact"]?["id"]?.stringValue.flatMap({ ContactID($0) })
        else { fatalError("no session: \(opened)") }
        return Visitor(contact: contact, device: device, token: token)
    }

    /// A ticket for one socket of a member's console.
    func ticket(_ member: Member) async -> String {
        let issued = await ask(.post, "/v1/ws-tickets", member.headers, [:])
        return issued["ticket"]?.stringValue ?? ""
    }

    /// Makes an end of what an input has begun, so that nobody of the next one is offered it.
    func clear(_ conversations: [ConversationID]) async {
        let person = Command.Person(id: team[1].id, name: team[1].name)
        for id in conversations {
            _ = await server.desk.submit(.takeOver(person), to: id)
            _ = await server.desk.submit(
                .setStatus(by: person, .resolved, until: nil),
                to: id
            )
        }
    }
}
