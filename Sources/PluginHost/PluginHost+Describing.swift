import JSONCoding
import Model

/// Plugins as operators see them, in JSON: the plugins' page and the command line.
extension PluginHost {
    /// All of them, in order of id.
    package func descriptions() async -> [JSON] {
        var all: [JSON] = []
        for id in entries.keys.sorted() {
            if let json = await describe(id) { all.append(.object(json)) }
        }
        return all
    }

    /// One of them with its settings and the form to change them; nil when there is none.
    package func description(of id: String) async -> JSON? {
        guard var json = await describe(id), let entry = entries[id] else { return nil }
        let manifest = entry.bundle?.manifest
        let secrets = manifest?.config.secretPaths ?? []
        var config = entry.settings?.config ?? [:]
        var known: [JSON] = []
        for path in secrets {
            if config.value(at: path[...])?.stringValue?.isEmpty == false {
                known.append(.string(path.joined(separator: ".")))
            }
            config.set(nil, at: path[...])
        }
        json["config_schema"] = manifest?.source["config"] ?? ["type": "object", "properties": [:]]
        json["config"] = .object(config)
        json["secrets_set"] = .array(known)
        json["allows_private_network"] = .bool(entry.settings?.allowsPrivateNetwork ?? false)
        json["policies"] = .object(entry.settings?.policies ?? [:])
        json["logs"] = .array(entry.journal.lines.suffix(100).map(\.json))
        return .object(json)
    }

    /// The latest lines of a plugin, oldest first; nil when there is no such plugin.
    package func lines(of id: String) -> [PluginJournal.Line]? { entries[id]?.journal.lines }

    /// Asks a plugin whether it works; says why not.
    package func health(of id: String) async throws(PluginError) {
        do throws(PluginError) {
            _ = try await call(id, "health", .object([:]), deadline: .seconds(15))
        } catch {
            // One that has nothing to say about its health runs, and that is all there is to know.
            if case .failed(3, _) = error { return }
            throw error
        }
    }

    private func describe(_ id: String) async -> JSON.Object? {
        guard let entry = entries[id] else { return nil }
        let state = await entry.instance?.state() ?? PluginState(idle: entry, id: id)
        let manifest = entry.bundle?.manifest
        var json: JSON.Object = [
            "id": .string(id), "name": .string(state.name), "version": .string(state.version),
            "status": .string(state.status.name),
            "enabled": .bool(entry.settings?.isEnabled ?? false),
            "restarts": .int(Int64(state.restarts)), "calls": .int(Int64(state.calls)),
            "failures": .int(Int64(state.failures)),
            "misbehaviours": .int(Int64(state.misbehaviours)),
        ]
        json["error"] = (state.status.reason ?? state.lastError).map(JSON.string)
        json["sandbox"] = state.sandbox.map { .string($0.extent.rawValue) }
        json["sandbox_reasons"] = state.sandbox.map { .array($0.reasons.map(JSON.string)) }
        json["latency_ms"] = state.latency.map { latency in
            [
                "median": .double(latency.median / .milliseconds(1)),
                "p99": .double(latency.p99 / .milliseconds(1)),
                "longest": .double(latency.longest / .milliseconds(1)),
            ]
        }
        json["memory_bytes"] = state.memory.map { .int(Int64($0)) }
        json["trust"] = entry.bundle.map { .string(options.trust(of: $0).name) }
        json["permissions"] = .array((manifest?.permissions.lines ?? []).map(JSON.string))
        if case .needsConsent(let wider) = state.status {
            json["asks_for"] = .array(wider.map(JSON.string))
        }
        json["versions"] = .array(entry.versions.map { .string($0.manifest.version) })
        json["previous_version"] = entry.settings?.previousVersion.map(JSON.string)
        json["contributes"] = manifest.map {
            Self.contributions($0, config: entry.settings?.config ?? [:])
        }
        return json
    }

    /// `config`: the plugin's settings, where amounts are that policies begin with.
    private static func contributions(_ manifest: PluginManifest, config: JSON.Object) -> JSON {
        [
            "hooks": .array(
                manifest.hooks.map {
                    ["on": .string($0.name), "mode": .string($0.mode.rawValue)]
                }
            ),
            "actions": .array(
                manifest.actions.map { action in
                    [
                        "name": .string(action.name), "title": .string(action.title),
                        "effect": .string(action.effect.rawValue),
                        "amount": action.amount.map(JSON.string) ?? .null,
                        "policy": ActionPolicy(action, config: config, nil).json,
                    ]
                }
            ),
            "panels": .array(manifest.panels.map { .string($0.title) }),
            "webhooks": .array(
                manifest.webhooks.map { .string("/v1/hooks/\(manifest.id)/\($0.path)") }
            ),
            "schedules": .array(manifest.schedules.map { .string($0.name) }),
            "oauth": .array(
                manifest.oauth.filter { $0.grant == .code }.map { .string($0.name) }
            ),
        ]
    }
}

extension PluginJournal.Line {
    package var json: JSON {
        ["at": .string(at.description), "level": .string(level), "text": .string(text)]
    }
}
