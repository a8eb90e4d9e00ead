import Desk
import Gateway
import JSONCoding
import Logging
import PluginHost
import Store
import Transport

/// Carries orders out in the running server, and has what changed taken up.
struct OrderDesk: Sendable {
    let store: Store
    let triage: TriageDesk
    let gateway: Gateway
    let plugins: PluginHost
    private let logger = Logger(label: "maitred.orders")

    func carryOut(_ order: JSON) async throws(OrderFault) -> JSON {
        switch order["do"]?.stringValue {
        case _ where TriageDesk.knows(order):
            do {
                return try await triage.carryOut(order)
            } catch {
                throw OrderFault("\(error)")
            }
        case "plugin.list":
            return .array(await plugins.descriptions())
        case let name? where name.hasPrefix("plugin."):
            return try await PluginOrders(plugins: plugins).carryOut(order)
        default:
            return try await Administration(store: store) { change in
                await takeUp(change)
            }.carryOut(order)
        }
    }

    /// Takes everything anew that may have changed on disk: certificates, sites, content.
    func reload(_ server: Server) async {
        do {
            try await server.reloadCertificates()
        } catch {
            logger.error("certificates not reloaded", metadata: ["fault": "\(error)"])
        }
        await takeUp(.sites)
        await takeUp(.content)
    }

    private func takeUp(_ change: Administration.Change) async {
        do {
            switch change {
            case .sites: try await gateway.reloadSites()
            case .content: await triage.take(try await store.content())
            case .agents: break
            }
        } catch {
            logger.error("a change was not taken up", metadata: ["fault": "\(error)"])
        }
    }
}
