import Credentials
import Desk
import JSONCoding
import Logging
import Model
import Synchronization

/// Finds plugins, keeps the ones that are switched on running, and asks them.
///
/// Nothing a plugin does reaches further than its own answers: each runs in a sandboxed process
/// of its own, every call has a deadline, and everything it sends is bounded and checked.
///
/// A plugin's configuration and version change by a new process beside the old one, which takes over
/// when it works; the old one then finishes what it has begun. One that does not come up changes
/// nothing.
///
/// ## Topics
/// - ``PluginHostOptions``
/// - ``PluginState``
/// - ``PluginInstance``
/// - ``PluginManifest``
/// - ``PluginServices``
package actor PluginHost {
    /// The version that `engines.maitred` of a manifest is compared with.
    package static let version = "1.0.0"

    /// A plugin that was found, or is only known by its settings.
    struct Entry {
        var bundle: PluginBundle?
        /// Every version that is installed, when it is.
        var versions: [PluginBundle] = []
        var settings: PluginSettings?
        var instance: PluginInstance?
        /// Why it does not run, when there is no instance.
        var idle: PluginStatus = .off
        let journal: PluginJournal
    }

    nonisolated let options: PluginHostOptions
    package nonisolated let services: PluginServices
    nonisolated let log: Logger
    private let timekeeper: Timekeeper
    var entries: [String: Entry] = [:] {
        didSet { noteFilters() }
    }
    /// Moments that a running plugin filters, to be looked up for each message.
    nonisolated let filtered = Mutex<Set<String>>([])
    /// What a running plugin provides.
    nonisolated let provided = Mutex<Set<String>>([])
    private var isStarted = false
    /// All plugins have been found, and started if they are to run.
    private(set) var isReady = false
    /// Changes of one plugin follow one another.
    private var changing: Set<String> = []
    /// Runs of actions that are being tried.
    var underWay: [String: Task<Result<ActionRun, LogFailure>, Never>] = [:]
    /// Plugins that are being told of times.
    var reminding: Set<String> = []
    let confirmationKey = SecureRandom.bytes(32)
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    package init(
        _ options: PluginHostOptions,
        services: PluginServices,
        clock: some Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "maitred.plugins")
    ) {
        self.options = options
        self.services = services
        timekeeper = Timekeeper(clock)
        log = logger
        services.attach { [weak self] input, deadline in
            guard let self else { return .failure(.unavailable) }
            do throws(PluginError) {
                return .success(try await provide("llm.complete", input, deadline: deadline))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Finds the plugins and starts those that are switched on; returns once each is running or has
    /// failed for the first time, or after the start limit.
    ///
    /// Never throws: a plugin that cannot run is in ``states()`` with every reason.
    package func start() async {
        guard !isStarted else { return }
        isStarted = true
        await findAll()
        await withTaskGroup { group in
            for id in entries.keys.sorted() { group.addTask { await self.launch(id) } }
        }
        await enterSchedules()
        isReady = true
    }

    /// Ends all plugins, giving each the drain limit to finish what is under way.
    package func stop() async {
        await withTaskGroup { group in
            for instance in running { group.addTask { await instance.stop() } }
        }
    }

    /// How every plugin fares, those that do not run included, in order of id.
    package func states() async -> [PluginState] {
        var states: [PluginState] = []
        for (id, entry) in entries {
            if let instance = entry.instance {
                states.append(await instance.state())
            } else {
                states.append(PluginState(idle: entry, id: id))
            }
        }
        return states.sorted { $0.id < $1.id }
    }

    private func noteFilters() {
        let moments = running.flatMap { $0.bundle.manifest.hooks(.filter).map(\.name) }
        filtered.withLock { $0 = Set(moments) }
        let provisions = running.flatMap { $0.bundle.manifest.hooks(.provide).map(\.name) }
        provided.withLock { $0 = Set(provisions) }
    }

    /// Plugins that are switched on, whether their process is up or not, in order of id.
    var running: [PluginInstance] {
        entries.sorted { $0.key < $1.key }.compactMap(\.value.instance)
    }

    /// The plugin with an id, if it is switched on.
    package func instance(_ id: String) -> PluginInstance? { entries[id]?.instance }

    // MARK: - Finding

    /// Looks at the folders and the settings anew; what runs goes on.
    func findAll() async {
        let bundles = PluginBundle.find(
            in: options.bundleFolders,
            libraryFolders: options.libraryFolders
        )
        for bundle in options.bundles + bundles.found { enter(bundle) }
        for broken in bundles.broken {
            // A bundle whose manifest cannot be used goes by the name of its folder.
            let name = broken.folder.split(separator: "/").last.map(String.init) ?? broken.folder
            note(.invalid(broken.faults), of: name)
        }
        for bundle in installed() { enter(version: bundle) }
        let records = (try? await services.state.pluginRecords()) ?? []
        for record in records {
            let settings = PluginSettings(record, vault: options.vault)
            entries[record.id, default: entry()].settings = settings
        }
        for (id, setting) in options.settings where entries[id]?.settings == nil {
            entries[id, default: entry()].settings = PluginSettings(
                isEnabled: true,
                config: setting.config,
                granted: entries[id]?.bundle?.manifest.source["permissions"] ?? [:],
                allowsPrivateNetwork: setting.allowsPrivateNetwork
            )
            await keep(id)
        }
        for id in entries.keys { chooseVersion(of: id) }
    }

    func entry() -> Entry { Entry(journal: PluginJournal(clock: services.clock)) }

    private func enter(_ bundle: PluginBundle) {
        entries[bundle.manifest.id, default: entry()].bundle = bundle
    }

    private func enter(version bundle: PluginBundle) {
        let id = bundle.manifest.id
        var known = entries[id] ?? entry()
        known.versions.removeAll { $0.manifest.version == bundle.manifest.version }
        known.versions.append(bundle)
        entries[id] = known
    }

    /// Which of the installed versions counts: the one that was chosen, else the newest.
    func chooseVersion(of id: String) {
        guard let entry = entries[id], !entry.versions.isEmpty else { return }
        let chosen = entry.versions.first { $0.manifest.version == entry.settings?.version }
        entries[id]?.bundle =
            chosen
            ?? entry.versions.max {
                VersionRange.isOlder($0.manifest.version, than: $1.manifest.version)
            }
    }

    func note(_ status: PluginStatus, of id: String) {
        entries[id, default: entry()].idle = status
        guard let reason = status.reason else { return }
        entries[id]?.journal.append("error", reason)
        log.error("plugin cannot be used", metadata: ["plugin.id": "\(id)", "reason": "\(reason)"])
    }

    /// Keeps a plugin's settings; what cannot be kept is told in the log and tried with the next change.
    func keep(_ id: String) async {
        guard let entry = entries[id], let settings = entry.settings else { return }
        do {
            let schema = entry.bundle?.manifest.config
            try await services.state.keep(settings.record(id, schema, vault: options.vault))
        } catch {
            log.error("a plugin's settings were not kept", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: - Starting

    /// Starts a plugin if it is switched on and may run; says in its entry why not.
    private func launch(_ id: String) async {
        do throws(PluginManifest.Faults) {
            guard let instance = try prepare(id) else { return }
            entries[id]?.instance = instance
            await instance.start()
            await instance.settled()
        } catch {
            note(.invalid(error.list), of: id)
        }
    }

    /// A plugin made from its bundle and its settings, not started; nil when it is not to run.
    func prepare(_ id: String) throws(PluginManifest.Faults) -> PluginInstance? {
        guard let entry = entries[id], let settings = entry.settings, settings.isEnabled else {
            return nil
        }
        guard let bundle = entry.bundle else {
            throw PluginManifest.Faults(list: ["no plugin with this id was found"])
        }
        if let reason = options.mayNotRun(bundle) {
            entries[id]?.idle = .refused(reason)
            entries[id]?.journal.append("error", reason)
            return nil
        }
        let wider = bundle.manifest.permissions.beyond(
            PluginManifest.Permissions(granted: settings.granted)
        )
        guard wider.isEmpty else {
            entries[id]?.idle = .needsConsent(wider)
            return nil
        }
        let resolved = try bundle.manifest.config.resolve(settings.config, in: options.baseFolder)
        let grant = try PluginGrant(
            bundle.manifest,
            resolved,
            allowsPrivateNetwork: settings.allowsPrivateNetwork
        )
        return PluginInstance(
            bundle,
            resolved,
            grant,
            services,
            options,
            timekeeper,
            log,
            entry.journal
        )
    }

    // MARK: - One change at a time

    /// Does something to a plugin that nobody else may do at the same time.
    func exclusively<Value>(
        _ id: String,
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        while changing.contains(id) {
            await withCheckedContinuation { waiting[id, default: []].append($0) }
        }
        changing.insert(id)
        defer {
            changing.remove(id)
            waiting.removeValue(forKey: id)?.forEach { $0.resume() }
        }
        return try await body()
    }
}
