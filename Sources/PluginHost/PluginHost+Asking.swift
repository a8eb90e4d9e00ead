import JSONCoding

/// Hooks: who is asked, and what is made of the answers.
extension PluginHost {
    /// Asks all plugins that contribute a hook, side by side, and returns what came in time.
    ///
    /// A plugin's own deadline for the hook counts when it is shorter. In order of plugin id.
    /// - Parameters:
    ///   - hook: As in manifests: `conversation.opened`.
    ///   - deadline: When this returns at the latest, give or take a millisecond.
    ///   - input: What a plugin is told, given what it may know.
    /// - Returns: One result for each plugin that had something to say.
    package nonisolated func enrich(
        hook: String,
        deadline: Duration,
        input: @Sendable (PluginManifest.Permissions) -> JSON
    ) async -> [EnrichResult] {
        let asked = await contributors(of: .enrich, to: hook)
        if asked.isEmpty { return [] }
        return await withTaskGroup { group in
            for (instance, hook) in asked {
                let bytes = input(instance.grant.permissions).bytes()
                group.addTask {
                    await instance.enrich(hook, bytes, deadline: min(deadline, hook.deadline))
                }
            }
            var results: [EnrichResult] = []
            for await case let result? in group { results.append(result) }
            return results.sorted { $0.plugin < $1.plugin }
        }
    }

    /// Asks whoever provides something, the next one when the first cannot.
    ///
    /// The operator's choice comes first, then the others in order of id.
    /// - Parameters:
    ///   - name: As in manifests: `llm.complete`.
    ///   - input: What is wanted.
    ///   - deadline: For all of them together.
    ///   - part: Is told of parts that come before the end.
    /// - Returns: The first answer.
    /// - Throws: The last failure; `unavailable` when nobody provides it.
    package func provide(
        _ name: String,
        _ input: JSON,
        deadline: Duration,
        part: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(PluginError) -> JSON {
        let chosen = options.providers[name] ?? []
        let asked = contributors(of: .provide, to: name).sorted { one, other in
            let ids = (one.0.grant.id, other.0.grant.id)
            let places = (chosen.firstIndex(of: ids.0), chosen.firstIndex(of: ids.1))
            return (places.0 ?? .max, ids.0) < (places.1 ?? .max, ids.1)
        }
        let clock = ContinuousClock()
        let end = clock.now + deadline
        var failure = PluginError.unavailable
        for (instance, hook) in asked {
            let left = min(end - clock.now, hook.deadline)
            guard left > .zero else { throw .timedOut }
            do throws(PluginError) {
                return try await call(
                    instance.grant.id,
                    hook.method,
                    input,
                    deadline: left,
                    part: part
                )
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Whether anybody provides something.
    package func provides(_ name: String) -> Bool {
        !contributors(of: .provide, to: name).isEmpty
    }

    /// Who contributes a hook, in order of id.
    func contributors(
        of mode: PluginManifest.Hook.Mode,
        to name: String
    ) -> [(PluginInstance, PluginManifest.Hook)] {
        running.compactMap { instance in
            instance.bundle.manifest.hooks.first { $0.mode == mode && $0.name == name }
                .map { (instance, $0) }
        }
    }
}

extension PluginInstance {
    /// One plugin's part of an enrichment; nil when it has nothing to say or fails.
    nonisolated func enrich(
        _ hook: PluginManifest.Hook,
        _ input: [UInt8],
        deadline: Duration
    ) async -> EnrichResult? {
        do throws(PluginError) {
            let answer = try await invoke(hook.method, input, deadline: deadline)
            let manifest = bundle.manifest
            return try EnrichResult(plugin: manifest.id, name: manifest.name, answer: answer)
        } catch .malformed(let reason) {
            await note(failure: .malformed(reason))
            return nil
        } catch {
            return nil
        }
    }
}
