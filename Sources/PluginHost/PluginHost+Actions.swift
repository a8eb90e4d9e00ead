import Credentials
import Desk
import JSONCoding
import Logging
import Model

/// Something that somebody wants done by a plugin.
package struct ActionOrder: Sendable {
    /// Who wants it.
    package enum Actor: Sendable, Hashable {
        /// A person of the team; `isSupervisor` for those who look after others.
        case agent(AgentID, name: String, isSupervisor: Bool)
        case bot(name: String)

        var json: JSON {
            switch self {
            case .agent(let id, let name, _):
                ["kind": "agent", "id": .string(id.description), "name": .string(name)]
            case .bot(let name): ["kind": "bot", "name": .string(name)]
            }
        }

        var id: String {
            switch self {
            case .agent(let id, _, _): id.description
            case .bot: "bot"
            }
        }
    }

    package var action: String
    package var conversation: ConversationID?
    package var input: JSON.Object
    package var by: Actor
    /// Chosen by whoever asks: the same asked again is the same run.
    package var request: String
    /// What an earlier refusal asked to be confirmed by.
    package var confirmation: String?

    /// The same asked again by the same.
    var key: String { "\(by.id) \(request)" }

    package init(
        action: String,
        conversation: ConversationID?,
        input: JSON.Object,
        by: Actor,
        request: String,
        confirmation: String? = nil
    ) {
        self.action = action
        self.conversation = conversation
        self.input = input
        self.by = by
        self.request = request
        self.confirmation = confirmation
    }
}

/// Why an action was not begun; nothing has happened then.
package enum ActionRefusal: Error, Sendable {
    case unknown
    /// This actor may not, and why.
    case forbidden(String)
    case invalid([String])
    /// Ask again with this confirmation once somebody has read the question and agreed.
    case needsConfirmation(String, question: String)
    /// It was done as often today as is allowed.
    case limited(perDay: Int)
    case log(LogFailure)
}

extension PluginHost {
    /// Tries of one run in a row.
    private static let tries = 3
    /// After this a run that never found an end counts as failed.
    private static let patience: Duration = .seconds(3600)

    /// All actions there are, with who contributes them, in order of name.
    package func actions() -> [(plugin: PluginGrant, action: PluginManifest.Action)] {
        running.flatMap { instance in
            instance.bundle.manifest.actions.map { (instance.grant, $0) }
        }.sorted { $0.1.name < $1.1.name }
    }

    /// Has an action carried out, once, however often it is asked for.
    ///
    /// The run is on disk before the plugin is called, and its end is in the conversation's log
    /// before this returns. A run whose end nobody saw is tried again with the same key.
    /// - Parameter order: What is wanted.
    /// - Returns: The run; still `running` when its end is not known yet.
    /// - Throws: ``ActionRefusal``.
    package func carryOut(_ order: ActionOrder) async throws(ActionRefusal) -> ActionRun {
        // What was begun before has its end already, or comes to it, whatever the day has brought since.
        if let begun = try await begun(order) { return begun }
        guard let (grant, action) = actions().first(where: { $0.1.name == order.action }) else {
            throw .unknown
        }
        let input: JSON.Object
        do throws(PluginManifest.Faults) {
            input = try action.input.check(order.input, path: "input")
        } catch {
            throw .invalid(error.list)
        }
        let policy = ActionPolicy(
            action,
            config: grant.config,
            entries[grant.id]?.settings?.policies[action.name]
        )
        try policy.admit(order.by)
        let now = services.clock.now
        let run = ActionRun(
            id: "run_" + SecureRandom.token(bytes: 18).replacing("_", with: "-"),
            request: order.key,
            plugin: grant.id,
            action: action.name,
            conversation: order.conversation,
            input: .object(input),
            by: order.by.json,
            began: now
        )
        let seal = confirmation(for: run)
        if let question = policy.question(action, input), order.confirmation != seal {
            throw .needsConfirmation(seal, question: question)
        }
        if let limit = policy.perDay, try await isSpent(limit, action.name, at: now) {
            throw .limited(perDay: limit)
        }
        do throws(LogFailure) {
            let kept = try await services.state.begin(run)
            return kept.state == .running ? try await finish(kept, action) : kept
        } catch {
            throw .log(error)
        }
    }

    /// The run that was begun when the same was asked for before; nil when it was not.
    private func begun(_ order: ActionOrder) async throws(ActionRefusal) -> ActionRun? {
        do throws(LogFailure) {
            guard let kept = try await services.state.run(ofRequest: order.key),
                kept.action == order.action
            else { return nil }
            guard kept.state == .running,
                let action = actions().first(where: { $0.1.name == kept.action })?.1
            else { return kept }
            return try await finish(kept, action)
        } catch {
            throw .log(error)
        }
    }

    private func isSpent(
        _ limit: Int,
        _ action: String,
        at now: Timestamp
    ) async throws(ActionRefusal) -> Bool {
        do throws(LogFailure) {
            let dayAgo = Timestamp(milliseconds: now.milliseconds - 86_400_000)
            return try await services.state.countRuns(of: action, since: dayAgo) >= limit
        } catch {
            throw .log(error)
        }
    }

    /// Takes up runs that a crash or a plugin's absence left without an end.
    package func resumeRuns() async {
        guard let open = try? await services.state.openRuns() else { return }
        await withTaskGroup { group in
            for runs in Dictionary(grouping: open, by: \.plugin).values {
                group.addTask { for run in runs { await self.resume(run) } }
            }
        }
    }

    private func resume(_ run: ActionRun) async {
        if services.clock.now - run.began > Self.patience {
            var run = run
            run.result = ["code": "plugin_unavailable", "message": "given up after an hour"]
            run.state = .failed
            try? await settle(run, title: run.action)
        } else if let action = actions().first(where: { $0.1.name == run.action })?.1 {
            _ = try? await finish(run, action)
        }
    }

    /// Calls the plugin until its answer is known, within reason; one at a time for each run.
    private func finish(
        _ run: ActionRun,
        _ action: PluginManifest.Action
    ) async throws(LogFailure) -> ActionRun {
        if let known = underWay[run.id] { return try await known.value.get() }
        let task = Task { await self.bringToAnEnd(run, action) }
        underWay[run.id] = task
        defer { underWay[run.id] = nil }
        return try await task.value.get()
    }

    private func bringToAnEnd(
        _ run: ActionRun,
        _ action: PluginManifest.Action
    ) async -> Result<ActionRun, LogFailure> {
        do throws(LogFailure) {
            // It may have come to its end between being looked up and now.
            if let kept = try await services.state.run(run.id), kept.state != .running {
                return .success(kept)
            }
            let done = await perform(run, action)
            if done.state != .running { try await settle(done, title: action.title) }
            return .success(done)
        } catch {
            return .failure(error)
        }
    }

    private func perform(_ run: ActionRun, _ action: PluginManifest.Action) async -> ActionRun {
        var run = run
        let envelope = await envelope(run)
        for attempt in 1...Self.tries {
            do throws(PluginError) {
                run.result = try await call(
                    run.plugin,
                    action.method,
                    envelope,
                    deadline: action.timeout
                )
                run.state = .done
                return run
            } catch {
                run.result = ["code": .string(error.code), "message": .string(error.description)]
                guard error.mayPass else {
                    run.state = .failed
                    return run
                }
                if attempt == Self.tries { return run }
                try? await Task.sleep(for: .milliseconds(250) * (1 << attempt))
            }
        }
        return run
    }

    private func envelope(_ run: ActionRun) async -> JSON {
        var envelope: JSON.Object = [
            "input": run.input, "key": .string(run.id), "by": run.by,
        ]
        if let id = run.conversation {
            envelope["conversation"] = .string(id.description)
            let permissions = entries[run.plugin]?.instance?.grant.permissions.read ?? []
            let summary = try? await services.access().summary(of: id, messages: 0)
            envelope["contact"] = summary?.contact.json(for: permissions)
        }
        return .object(envelope)
    }

    /// Writes what came of a run: into the conversation first, so that a crash between the two tries
    /// again and finds it there.
    private func settle(_ run: ActionRun, title: String) async throws(LogFailure) {
        var run = run
        run.ended = services.clock.now
        if let id = run.conversation, let access = try? services.access() {
            let summary =
                run.state == .done
                ? run.result["summary"]?.stringValue : run.result["message"]?.stringValue
            await access.record(
                Event.Act(
                    run: run.id,
                    plugin: run.plugin,
                    action: run.action,
                    title: title,
                    state: run.state.rawValue,
                    summary: summary.map { String($0.prefix(500)) },
                    by: run.by,
                    input: run.input,
                    at: run.ended ?? services.clock.now
                ),
                in: id
            )
        }
        try await services.state.settle(run)
    }

    /// What confirms exactly this, from this actor, today.
    private func confirmation(for run: ActionRun) -> String {
        let day = run.began.milliseconds / 86_400_000
        let place = run.conversation?.description ?? ""
        let text = "\(run.action) \(place) \(run.by.text) \(run.input.text) \(day)"
        return String(Digest.hex(Digest.hmacSHA256(key: confirmationKey, text)).prefix(32))
    }
}

extension PluginError {
    /// Whether the same call may work later.
    fileprivate var mayPass: Bool {
        switch self {
        case .unavailable, .lost, .busy, .timedOut: true
        case .failed(let status, _): status == 4 || status == 6
        case .malformed: false
        }
    }
}
