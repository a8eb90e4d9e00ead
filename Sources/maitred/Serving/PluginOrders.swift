import Gateway
import JSONCoding
import PluginHost

/// Orders about plugins, carried out in the running server.
struct PluginOrders: Sendable {
    let plugins: PluginHost

    func carryOut(_ order: JSON) async throws(OrderFault) -> JSON {
        let id = order["id"]?.stringValue ?? ""
        do {
            switch order["do"]?.stringValue {
            case "plugin.install":
                let new = try await plugins.install(order["file"]?.stringValue ?? "")
                return [
                    "id": .string(new.id), "version": .string(new.version),
                    "permissions": .array(new.permissions.map(JSON.string)),
                ]
            case "plugin.enable": try await enable(id, order)
            case "plugin.disable": try await plugins.disable(id)
            case "plugin.restart": try await plugins.restart(id)
            case "plugin.health": try await plugins.health(of: id)
            case "plugin.rollback": try await plugins.rollBack(id)
            case "plugin.configure":
                try await plugins.configure(
                    id,
                    order["config"]?.objectValue ?? [:],
                    allowsPrivateNetwork: order["allows_private_network"]?.boolValue
                )
            case "plugin.policies": return try await policies(of: id)
            case "plugin.policy":
                try await plugins.changePolicy(
                    id,
                    of: order["action"]?.stringValue ?? "",
                    order["changes"]?.objectValue ?? [:],
                    forgetting: order["forgetting"]?.boolValue ?? false
                )
                return try await policies(of: id)
            case "plugin.logs":
                guard let lines = await plugins.lines(of: id) else {
                    throw OrderFault("there is no plugin \(id)")
                }
                return .array(lines.map(\.json))
            default: throw OrderFault("this server does not know the order \(order.text)")
            }
        } catch let refusal as PluginHost.Refusal {
            throw Self.fault(refusal)
        } catch let fault as OrderFault {
            throw fault
        } catch {
            throw OrderFault("\(error)")
        }
        return await plugins.description(of: id) ?? .null
    }

    private func policies(of id: String) async throws(OrderFault) -> JSON {
        guard let policies = await plugins.policies(of: id) else {
            throw OrderFault("there is no plugin \(id)")
        }
        return .array(policies)
    }

    private func enable(_ id: String, _ order: JSON) async throws {
        let agreed = order["agreed"]?.boolValue ?? false
        if let version = order["version"]?.stringValue {
            try await plugins.switchVersion(id, to: version, agreed: agreed)
            // One that was on has been started in that version.
            if await plugins.instance(id) != nil { return }
        }
        try await plugins.enable(id, agreed: agreed)
    }

    private static func fault(_ refusal: PluginHost.Refusal) -> OrderFault {
        guard refusal.kind == .needsConsent else { return OrderFault(refusal.description) }
        let lines = refusal.reasons.map { "\n  " + $0 }.joined()
        return OrderFault("it asks for what nobody has agreed to; add --agree if you do:\(lines)")
    }
}
