import JSONCoding

/// Rules of the operator's for actions: who may have them done, how often, what is asked first.
extension PluginHost {
    /// Sets the rules of all of a plugin's actions: `{allow, confirm, limit, per_day}` by action; what is
    /// left out is as the manifest and the action's effect have it.
    package func setPolicies(_ id: String, _ policies: JSON.Object) async throws(Refusal) {
        try await regulate(id) { kept in
            kept = policies
            return policies
        }
    }

    /// Changes the rule of one action; those of others stay.
    ///
    /// - Parameters:
    ///   - id: The plugin.
    ///   - action: The action's name.
    ///   - changes: Of `{allow, confirm, limit, per_day}`; what is left out stays as it was.
    ///   - forgetting: Whether all that was set of this action is forgotten first.
    /// - Throws: ``Refusal`` with every fault.
    package func changePolicy(
        _ id: String,
        of action: String,
        _ changes: JSON.Object,
        forgetting: Bool
    ) async throws(Refusal) {
        try await regulate(id) { kept in
            var wishes = forgetting ? [:] : kept[action]?.objectValue ?? [:]
            wishes.merge(changes)
            kept[action] = wishes.isEmpty ? nil : .object(wishes)
            return [action: .object(wishes)]
        }
    }

    /// The rules of a plugin's actions: `{action, title, effect, policy, set}` each, where `policy` is
    /// what counts and `set` what of it an operator has said; nil when there is no such plugin.
    package func policies(of id: String) -> [JSON]? {
        guard let entry = entries[id], let manifest = entry.bundle?.manifest else { return nil }
        return manifest.actions.map { action -> JSON in
            let wishes = entry.settings?.policies[action.name]
            let policy = ActionPolicy(action, config: entry.settings?.config ?? [:], wishes)
            return [
                "action": .string(action.name), "title": .string(action.title),
                "effect": .string(action.effect.rawValue), "policy": policy.json,
                "set": wishes ?? [:],
            ]
        }
    }

    /// `change` changes the rules that are kept and returns those to be looked at: an action that a
    /// newer version no longer has must not stand in the way of others.
    private func regulate(
        _ id: String,
        _ change: (inout JSON.Object) -> JSON.Object
    ) async throws(Refusal) {
        guard let bundle = entries[id]?.bundle else { throw Self.unknown(id) }
        let result: Result<Void, Refusal> = await exclusively(id) {
            var settings = entries[id]?.settings ?? PluginSettings()
            let changed = change(&settings.policies)
            let faults = changed.members.flatMap { name, wishes in
                bundle.manifest.actions.contains { $0.name == name }
                    ? ActionPolicy.faults(in: wishes, path: "policies.\(name)")
                    : ["policies.\(name): the plugin has no such action"]
            }
            guard faults.isEmpty else {
                return .failure(Refusal(kind: .invalid, reasons: faults))
            }
            entries[id]?.settings = settings
            await keep(id)
            return .success(())
        }
        try result.get()
    }
}
