import Desk
import Foundation
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
    let options: ServeOptions
    private let logger = Logger(label: "maitred.orders")

    func carryOut(_ order: JSON) async throws(OrderFault) -> JSON {
        switch order["do"]?.stringValue {
        case _ where TriageDesk.knows(order):
            do {
                return try await triage.carryOut(order)
            } catch {
                throw OrderFault("\(error)")
            }
        case "status": return await status()
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

    /// What `maitred doctor` cannot know from outside.
    private func status() async -> JSON {
        let address = (try? options.address).map {
            "\($0.host.contains(":") ? "[\($0.host)]" : $0.host):\($0.port)"
        }
        // Whoever asks may be in another folder.
        let absolute = { (path: String) in JSON.string(URL(fileURLWithPath: path).path) }
        let refused = await plugins.states().compactMap { state -> JSON? in
            guard case .refused(let reason) = state.status else { return nil }
            return ["id": .string(state.id), "reason": .string(reason)]
        }
        return [
            "epoch": .string(store.epoch), "address": address.map(JSON.string) ?? .null,
            "tls_certificate": options.tlsCertificate.map(absolute) ?? .null,
            "plugin_folders": .array(Installation.plugins(options.pluginFolders).map(absolute)),
            "refused_plugins": .array(refused),
        ]
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
