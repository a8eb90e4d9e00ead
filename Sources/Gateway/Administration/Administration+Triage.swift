import Desk
import JSONCoding
import Knowledge
import Model
import Store

/// What the assistant may do by itself, and how sure it must be.
extension Administration {
    /// Sets the share of right answers: for all, or for an intent, a site or a tier.
    func setPrecision(_ order: JSON) async throws -> JSON {
        guard let precision = order["precision"]?.doubleValue, (0.5...0.999).contains(precision)
        else { throw OrderFault("the share of right answers must be from 0.5 to 0.999") }
        let content = try await store.content()
        if let name = order["intent"]?.stringValue {
            guard var intent = content.intent(name) else { throw Self.unknown(name, content) }
            intent.precision = precision
            try await store.saveIntents([intent])
        } else {
            var automation = content.automation
            if let key = order["site"]?.stringValue {
                guard let id = SiteID(key), try await store.site(id) != nil else {
                    throw OrderFault("there is no site \(key); list them with: maitred site list")
                }
                automation.sites[key] = precision
            } else if let tier = order["tier"]?.stringValue {
                automation.tiers[tier] = precision
            } else {
                automation.precision = precision
            }
            try await store.saveAutomation(automation)
        }
        await changed(.content)
        return ["precision": .double(precision)]
    }

    /// Sets what the assistant may do about an intent.
    func setMode(_ order: JSON) async throws -> JSON {
        let name = try Self.text(order, "intent", limit: 100)
        let content = try await store.content()
        guard var intent = content.intent(name) else { throw Self.unknown(name, content) }
        guard let mode = order["mode"]?.stringValue.flatMap(IntentDefinition.Mode.init(rawValue:))
        else {
            let modes = IntentDefinition.Mode.allCases.map(\.rawValue).joined(separator: ", ")
            throw OrderFault("the mode must be one of \(modes)")
        }
        intent.mode = mode
        intent.ramps = order["ramp"]?.boolValue ?? intent.ramps
        try await store.saveIntents([intent])
        await changed(.content)
        return ["intent": .string(name), "mode": .string(mode.rawValue)]
    }

    /// What outcomes have changed about intents, newest first.
    func listChanges(_ order: JSON) async throws -> JSON {
        .array(
            try await store.standingChanges(limit: 200).map { change in
                [
                    "outcome": .int(change.entry), "intent": .string(change.intent),
                    "standing": change.standing.map { .string($0.rawValue) } ?? .null,
                    "because": .string(change.because), "at": .string(change.at.description),
                ]
            }
        )
    }

    private static func unknown(_ name: String, _ content: Workspace) -> OrderFault {
        let near = Slug.nearest(to: name, among: Set(content.intents.map(\.name)))
        return OrderFault(
            "there is no intent \(name)" + (near.map { "; did you mean \($0)?" } ?? "")
        )
    }
}
