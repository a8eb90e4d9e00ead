import JSONCoding
import Logging

/// Finds plugins, keeps the ones that are switched on running, and asks them.
///
/// Nothing a plugin does reaches further than its own answers: each runs in a sandboxed process
/// of its own, every call has a deadline, and everything it sends is bounded and checked.
///
/// ## Topics
/// - ``PluginHostOptions``
/// - ``PluginState``
/// - ``PluginInstance``
/// - ``PluginManifest``
package actor PluginHost {
    /// The version that `engines.maitred` of a manifest is compared with.
    package static let version = "1.0.0"

    private let options: PluginHostOptions
    private let timekeeper: Timekeeper
    private let logger: Logger
    private var instances: [PluginInstance] = []
    /// Plugins that do not run, and why.
    private var idle: [PluginState] = []

    package init(
        _ options: PluginHostOptions,
        clock: some Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "maitred.plugins")
    ) {
        self.options = options
        timekeeper = Timekeeper(clock)
        self.logger = logger
    }

    /// Finds the plugins and starts those that are switched on; returns once each is running or has
    /// failed for the first time, or after the start limit.
    ///
    /// Never throws: a plugin that cannot run is in ``states()`` with every reason.
    package func start() async {
        guard instances.isEmpty, idle.isEmpty else { return }
        let bundles = PluginBundle.find(
            in: options.bundleFolders,
            libraryFolders: options.libraryFolders
        )
        for broken in bundles.broken { reject(broken) }
        for bundle in bundles.found { prepare(bundle) }
        let known = Set(instances.map(\.bundle.manifest.id) + idle.map(\.id))
        for id in options.settings.keys.sorted() where !known.contains(id) {
            add(.invalid(["no plugin with this id was found"]), id: id)
        }
        for instance in instances { await instance.start() }
        await withTaskGroup { group in
            for instance in instances { group.addTask { await instance.settled() } }
        }
    }

    /// Ends all plugins, giving each the drain limit to finish what is under way.
    package func stop() async {
        await withTaskGroup { group in
            for instance in instances { group.addTask { await instance.stop() } }
        }
    }

    /// Asks all plugins that contribute a hook, side by side, and returns what came in time.
    ///
    /// A plugin's own deadline for the hook counts when it is shorter. In order of plugin id.
    /// - Parameters:
    ///   - hook: As in manifests: `conversation.opened`.
    ///   - input: What the plugins are told.
    ///   - deadline: When this returns at the latest, give or take a millisecond.
    /// - Returns: One result for each plugin that had something to say.
    package nonisolated func enrich(
        hook: String,
        input: JSON,
        deadline: Duration
    ) async -> [EnrichResult] {
        let asked = await contributors(to: hook)
        if asked.isEmpty { return [] }
        let bytes = input.bytes()
        return await withTaskGroup { group in
            for (instance, hook) in asked {
                group.addTask {
                    await instance.enrich(hook, bytes, deadline: min(deadline, hook.deadline))
                }
            }
            var results: [EnrichResult] = []
            for await case let result? in group { results.append(result) }
            return results.sorted { $0.plugin < $1.plugin }
        }
    }

    /// How every plugin fares, those that do not run included, in order of id.
    package func states() async -> [PluginState] {
        var states = idle
        for instance in instances { states.append(await instance.state()) }
        return states.sorted { $0.id < $1.id }
    }

    /// The running plugin with an id.
    package func instance(_ id: String) -> PluginInstance? {
        instances.first { $0.bundle.manifest.id == id }
    }

    // MARK: - Finding

    private func contributors(to hook: String) -> [(PluginInstance, PluginManifest.Hook)] {
        instances.compactMap { instance in
            instance.bundle.manifest.hooks.first { $0.name == hook }.map { (instance, $0) }
        }
    }

    private func prepare(_ bundle: PluginBundle) {
        let manifest = bundle.manifest
        guard let setting = options.settings[manifest.id] else {
            return add(.off, id: manifest.id, name: manifest.name, version: manifest.version)
        }
        do {
            let resolved = try manifest.config.resolve(setting.config, in: options.baseFolder)
            instances.append(PluginInstance(bundle, resolved, options, timekeeper, logger))
        } catch {
            add(
                .invalid(error.list),
                id: manifest.id,
                name: manifest.name,
                version: manifest.version
            )
        }
    }

    /// A bundle whose manifest cannot be used goes by the name of its folder.
    private func reject(_ broken: PluginBundle.Broken) {
        let name = broken.folder.split(separator: "/").last.map(String.init) ?? broken.folder
        add(.invalid(broken.faults), id: name)
    }

    private func add(
        _ status: PluginStatus,
        id: String,
        name: String? = nil,
        version: String = ""
    ) {
        var error: String?
        if case .invalid(let faults) = status {
            error = faults.joined(separator: "; ")
            logger.error(
                "plugin cannot be used",
                metadata: ["plugin.id": "\(id)", "faults": "\(faults)"]
            )
        }
        idle.append(
            PluginState(
                id: id,
                name: name ?? id,
                version: version,
                status: status,
                sandbox: nil,
                lastError: error,
                restarts: 0,
                calls: 0,
                failures: 0,
                misbehaviours: 0,
                latency: nil
            )
        )
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
