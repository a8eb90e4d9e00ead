import Desk
import HTTPTypes
import JSONCoding
import Model
import PluginHost
import Store
import Transport

/// What plugins put beside a conversation: actions and panels.
struct ActionEndpoints {
    private static let keyHeader = HTTPField.Name("Idempotency-Key") ?? .authorization
    private let reference: GatewayReference

    init(_ reference: GatewayReference) { self.reference = reference }

    func add(to router: inout Router) {
        router.on(.get, "/v1/actions") { try await list($0) }
        router.on(.post, "/v1/actions/:name") { try await carryOut($0) }
        router.on(.get, "/v1/conversations/:id/panels") { try await panels($0) }
    }

    private func list(_ request: Request) async throws -> Response {
        let (host, _) = try await entered(request)
        let actions = await host.actions().map { plugin, action -> JSON in
            [
                "name": .string(action.name), "title": .string(action.title),
                "description": action.explanation.map(JSON.string) ?? .null,
                "plugin": .string(plugin.id), "plugin_name": .string(plugin.name),
                "effect": .string(action.effect.rawValue), "input": action.inputSchema,
            ]
        }
        return .json(["actions": .array(actions)])
    }

    private func panels(_ request: Request) async throws -> Response {
        let (host, _) = try await entered(request)
        let gateway = try reference.get()
        guard let id = request.parameters["id"].flatMap({ ConversationID($0) }),
            try await gateway.store.row(of: id) != nil
        else { throw Problem(.notFound) }
        let wanted = Set(request.query.filter { $0.name == "panel" }.map(\.value))
        let panels = await host.panels(for: id, only: wanted.isEmpty ? nil : wanted).map {
            panel -> JSON in
            [
                "plugin": .string(panel.plugin), "id": .string(panel.id),
                "title": .string(panel.title),
                "refresh_s": .int(panel.refresh.components.seconds),
                "blocks": .array(panel.blocks), "error": panel.error.map(JSON.string) ?? .null,
            ]
        }
        return .json(["panels": .array(panels)])
    }

    // MARK: - Carrying out

    private func carryOut(_ request: Request) async throws -> Response {
        let (host, agent) = try await entered(request, forChange: true)
        guard let key = request.headers[Self.keyHeader], (8...64).contains(key.utf8.count) else {
            throw Problem(.invalid, "Send an Idempotency-Key of 8 to 64 characters")
        }
        let (conversation, input, confirmation) = try fields(request)
        if let conversation, try await reference.get().store.row(of: conversation) == nil {
            throw Problem(.notFound, "There is no such conversation")
        }
        do throws(ActionRefusal) {
            let run = try await host.carryOut(
                ActionOrder(
                    action: request.parameters["name"] ?? "",
                    conversation: conversation,
                    input: input,
                    by: .agent(agent.id, name: agent.name, isSupervisor: agent.role != .agent),
                    request: key,
                    confirmation: confirmation
                )
            )
            return .json(Self.json(run), status: run.state == .running ? .accepted : .ok)
        } catch {
            throw Self.problem(error)
        }
    }

    private func fields(
        _ request: Request
    ) throws(Problem) -> (ConversationID?, JSON.Object, confirmation: String?) {
        do throws(WireFault) {
            let fields = try request.fields()
            try fields.only("conversation", "input", "confirmation")
            let text = try fields.optional("conversation")?.string(TextBounds(1...64))
            let conversation = text.flatMap { ConversationID($0) }
            if text != nil, conversation == nil {
                throw .field("conversation", "is not a conversation's id")
            }
            return (
                conversation,
                try fields.optional("input")?.object(bytes: 32_768) ?? [:],
                try fields.optional("confirmation")?.string(TextBounds(1...64))
            )
        } catch {
            throw Problem(error)
        }
    }

    private static func json(_ run: ActionRun) -> JSON {
        [
            "run": .string(run.id), "action": .string(run.action),
            "state": .string(run.state.rawValue),
            "output": run.state == .done ? run.result : .null,
            "error": run.state == .failed ? run.result : .null,
            "at": .string((run.ended ?? run.began).description),
        ]
    }

    private static func problem(_ refusal: ActionRefusal) -> Problem {
        switch refusal {
        case .unknown: return Problem(.notFound, "No plugin that runs has this action")
        case .forbidden(let why): return Problem(.forbidden, why)
        case .invalid(let faults):
            var problem = Problem(.unprocessable, faults.joined(separator: "; "))
            problem.members.append(
                Problem.Member("faults", .texts(faults))
            )
            return problem
        case .needsConfirmation(let seal, let question):
            var problem = Problem(.needsConfirmation, question)
            problem.members.append(Problem.Member("confirmation", .string(seal)))
            return problem
        case .limited(let perDay):
            return Problem(.rateLimited, "It was done \(perDay) times today, which is the limit")
        case .log: return Problem(.overloaded, "Nothing can be stored now; try again")
        }
    }

    private func entered(
        _ request: Request,
        forChange: Bool = false
    ) async throws -> (PluginHost, Agent) {
        let gateway = try reference.get()
        let signedIn = SignedIn(request, gateway)
        let agent = try await forChange ? signedIn.checkForChange().agent : signedIn.check().agent
        guard let host = gateway.plugins else { throw Problem(.notFound) }
        return (host, agent)
    }
}
