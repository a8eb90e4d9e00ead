import Credentials
import Desk
import Egress
import JSONCoding
import Model
import Synchronization

/// The server's services for plugins: each question goes to the one it is for.
///
/// Any thread. Everything a plugin sends is checked against its grant; nothing here trusts it.
package final class PluginServices: Sendable {
    let http: HTTPService
    let oauth: OAuthKeeper
    private let pace = QuestionPace()
    let state: any IntegrationState
    let clock: any WallClock
    /// Conversations come later than plugins; until then there are none.
    private let desk = Mutex<(any DeskAccess)?>(nil)
    private let model = Mutex<(@Sendable (JSON, Duration) async -> Result<JSON, PluginError>)?>(nil)
    /// Figures that plugins count, by plugin and name.
    package let figures = Figures()

    package init(
        egress: any HTTPSender,
        state: any IntegrationState,
        vault: SealedSecrets = SealedSecrets(SecureRandom.bytes(32)),
        clock: any WallClock = SystemClock()
    ) {
        self.state = state
        self.clock = clock
        oauth = OAuthKeeper(state: state, sender: egress, vault: vault, clock: clock)
        http = HTTPService(egress, oauth)
    }

    /// Says where conversations are.
    package func attach(_ desk: any DeskAccess) { self.desk.withLock { $0 = desk } }

    /// Says who completes texts.
    func attach(model: @escaping @Sendable (JSON, Duration) async -> Result<JSON, PluginError>) {
        self.model.withLock { $0 = model }
    }

    func access() throws(ServiceFault) -> any DeskAccess {
        guard let desk = desk.withLock({ $0 }) else {
            throw ServiceFault(.temporary, "conversations are not there yet")
        }
        return desk
    }

    /// Answers a question.
    func answer(_ request: ServiceRequest) async throws(ServiceFault) -> JSON {
        do {
            try await pace.wait(for: request)
            return switch request.service {
            case "http": try await http.answer(request)
            case "kv": try await keyValue(request)
            case "metrics": try count(request)
            case "schedule": try await schedule(request)
            case "conversations": try await conversations(request)
            case "contacts": try await contacts(request)
            case "events": try await events(request)
            case "llm": try await complete(request)
            case "oauth": try await oauth.standing(of: try request.text("name"), for: request.grant)
            default: throw ServiceFault(.unsupported, "there is no service of this name")
            }
        } catch let fault as ServiceFault {
            throw fault
        } catch let failure as LogFailure {
            throw ServiceFault(.temporary, "nothing can be stored now: \(failure)")
        } catch {
            throw ServiceFault(.failed, "\(error)")
        }
    }

    private func complete(_ request: ServiceRequest) async throws(ServiceFault) -> JSON {
        guard request.grant.permissions.languageModel else {
            throw ServiceFault(.denied, "the manifest does not ask for llm")
        }
        guard let model = model.withLock({ $0 }) else {
            throw ServiceFault(.temporary, "no plugin provides llm.complete")
        }
        switch await model(request.input, request.deadline) {
        case .success(let answer): return answer
        case .failure(let error): throw ServiceFault(.temporary, error.description)
        }
    }
}

/// Counters and gauges of plugins, for the metrics page.
package final class Figures: Sendable {
    /// Names of one plugin; what comes later is not kept.
    private static let limit = 50
    private let values = Mutex<[String: [String: Double]]>([:])

    func count(_ name: String, by value: Double, of plugin: String) {
        change(name, of: plugin) { $0 += value }
    }

    func gauge(_ name: String, to value: Double, of plugin: String) {
        change(name, of: plugin) { $0 = value }
    }

    private func change(_ name: String, of plugin: String, _ body: (inout Double) -> Void) {
        values.withLock { values in
            var own = values[plugin] ?? [:]
            guard own[name] != nil || own.count < Self.limit else { return }
            body(&own[name, default: 0])
            values[plugin] = own
        }
    }

    /// By plugin, then name.
    package var all: [String: [String: Double]] { values.withLock { $0 } }
}

extension PluginServices {
    private func count(_ request: ServiceRequest) throws(ServiceFault) -> JSON {
        let name = try request.text("name", limit: 60)
        let isRight = name.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
        }
        guard isRight, let value = request.input["value"]?.doubleValue, value.isFinite else {
            throw ServiceFault(.invalid, "name or value cannot be counted")
        }
        switch request.method {
        case "count": figures.count(name, by: max(0, value), of: request.grant.id)
        case "gauge": figures.gauge(name, to: value, of: request.grant.id)
        default: throw ServiceFault(.unsupported, "metrics has count and gauge")
        }
        return .null
    }
}
