import Desk
import JSONCoding
import Logging
import Model

/// Telling plugins what has happened: from the log, from where each stands, at least once.
extension PluginHost {
    private static let batch = 200
    /// Between two looks at the log when nothing was new.
    private static let pause: Duration = .milliseconds(250)
    private static let longestPause: Duration = .seconds(60)
    /// An event that failed for so long is left out, and the operator told.
    private static let patience: Duration = .seconds(6 * 3600)

    /// Tells plugins of events and times, and takes up open runs; returns on cancellation.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.observe() }
            group.addTask { await self.keepTime() }
        }
    }

    /// Waits for no plugin: one that takes its time takes nobody else's.
    private func keepTime() async {
        await withDiscardingTaskGroup { group in
            var round = 0
            while !Task.isCancelled {
                group.addTask { await self.remindAll(at: self.services.clock.now) }
                if round % 30 == 0 { group.addTask { await self.resumeRuns() } }
                round += 1
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// One reader for each plugin and what it reads for, for as long as it is switched on.
    private func observe() async {
        var readers: [String: Task<Void, Never>] = [:]
        while !Task.isCancelled {
            let wanted = Dictionary(
                uniqueKeysWithValues: PluginFeed.allCases.flatMap { feed in
                    running.filter { feed.concerns($0.bundle.manifest) }
                        .map { (feed.reader(of: $0.grant.id), (feed, $0.grant.id)) }
                }
            )
            for (name, reader) in readers where wanted[name] == nil {
                reader.cancel()
                readers[name] = nil
            }
            for (name, (feed, id)) in wanted where readers[name] == nil {
                readers[name] = Task { await self.read(feed, for: id) }
            }
            try? await Task.sleep(for: .seconds(1))
        }
        for reader in readers.values { reader.cancel() }
    }

    private func read(_ feed: PluginFeed, for id: String) async {
        let name = feed.reader(of: id)
        while !Task.isCancelled {
            do throws(LogFailure) {
                let state = services.state
                var place = try await state.begin(name)
                while !Task.isCancelled {
                    let page = try await state.happenings(after: place, limit: Self.batch)
                    for item in page.items {
                        let telling = await pass(on: item, of: feed, to: id)
                        if telling == .gone {
                            // It may be back in a moment; if not, this reader is ended.
                            try? await Task.sleep(for: Self.pause)
                            break
                        }
                        place = item.position
                        // Kept after what was told and at the end of a page: what is told twice
                        // after a crash is one event.
                        if telling == .told || item.position == page.upTo {
                            try await state.setPlace(of: name, to: place)
                        }
                    }
                    if page.items.isEmpty { try? await Task.sleep(for: Self.pause) }
                }
            } catch {
                log.error("the log cannot be read for a plugin", metadata: ["reason": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func pass(
        on item: HappeningPage.Item,
        of feed: PluginFeed,
        to id: String
    ) async -> Telling {
        switch feed {
        case .observe: await tell(id, of: item)
        case .channel: await deliver(item, by: id)
        }
    }

    enum Telling {
        case told
        /// None of its business.
        case passed
        /// The plugin is no longer there to be told.
        case gone
    }

    /// Tells one plugin of one event, again and again while it cannot take it.
    private func tell(_ id: String, of item: HappeningPage.Item) async -> Telling {
        guard let announcement = Announcement(item) else { return .passed }
        guard let instance = instance(id) else { return .gone }
        let hook = instance.bundle.manifest.hooks(.observe).first { $0.name == announcement.type }
        // Its own doing is not told to it: two plugins would answer each other for ever.
        guard let hook, announcement.origin != id else { return .passed }
        let ending = await insist(id, hook, patience: Self.patience) {
            await told(announcement, $0.grant.permissions.read)
        }
        switch ending {
        case .done: return .told
        case .gone: return .gone
        case .refused(let error):
            instance.journal.append("warning", "refused \(announcement.id): \(error)")
        case .exhausted(let error):
            instance.journal.append("error", "left out \(announcement.id): \(error)")
        }
        return .told
    }

    enum Ending {
        case done
        /// The plugin will not take it, however often it is asked.
        case refused(PluginError)
        case exhausted(PluginError)
        case gone
    }

    /// Calls a plugin until it has answered, has refused, or patience ends.
    func insist(
        _ id: String,
        _ hook: PluginManifest.Hook,
        patience: Duration,
        _ input: (PluginInstance) async -> JSON
    ) async -> Ending {
        let began = ContinuousClock.now
        var pause = Self.pause
        while !Task.isCancelled {
            guard let instance = instance(id) else { return .gone }
            do throws(PluginError) {
                _ = try await call(id, hook.method, await input(instance), deadline: hook.deadline)
                return .done
            } catch {
                if case .failed(let status, _) = error, status == 2 || status == 3 {
                    return .refused(error)
                }
                if ContinuousClock.now - began > patience { return .exhausted(error) }
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
        return .gone
    }

    private func told(
        _ announcement: Announcement,
        _ permissions: Set<PluginManifest.Permissions.Read>
    ) async -> JSON {
        let access = try? services.access()
        let summary = try? await access?.summary(of: announcement.conversation, messages: 0)
        return announcement.json(
            for: permissions,
            url: access?.url(of: announcement.conversation),
            summary?.contact.json(for: permissions)
        )
    }
}
