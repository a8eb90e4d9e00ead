import JSONCoding
import Logging

/// A plugin that is switched on: keeps its process alive and passes calls to it.
///
/// Runs on the plugins' thread, so that what a process sends is handled where it is read, in order.
/// Nothing in it waits for the plugin. ``stop()`` must be called before it is let go.
package actor PluginInstance {
    package nonisolated let bundle: PluginBundle
    let resolved: ConfigSchema.Resolved
    package nonisolated let grant: PluginGrant
    let services: PluginServices
    package nonisolated let journal: PluginJournal
    let options: PluginHostOptions
    let timekeeper: Timekeeper
    let logger: Logger

    var status = PluginStatus.stopped {
        didSet {
            guard status != .starting else { return }
            for waiter in settling { waiter.resume() }
            settling.removeAll()
        }
    }
    var links: [Int: PluginLink] = [:]
    /// The process that takes calls; another one may be starting or finishing.
    var current: PluginLink?
    var supervision: Supervision
    /// Which files the newest process was given; tried once, not again until they change.
    var files: [FileIdentity?] = []
    var lastError: String?
    var launches = 0
    var calls = 0
    var failures = 0
    private var misbehaviours = 0
    /// Which rules of the interface it broke, each once; the first few.
    private(set) var brokenRules: [String] = []
    var latency = LatencyWindow()
    var lines = LineBudget()
    private var lastCall: UInt64 = 0
    var restart: Task<Void, Never>?
    private var watch: Task<Void, Never>?
    private var settling: [CheckedContinuation<Void, Never>] = []
    private var stopped: [CheckedContinuation<Void, Never>] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        PluginLoop.shared.asUnownedSerialExecutor()
    }

    init(
        _ bundle: PluginBundle,
        _ resolved: ConfigSchema.Resolved,
        _ grant: PluginGrant,
        _ services: PluginServices,
        _ options: PluginHostOptions,
        _ timekeeper: Timekeeper,
        _ logger: Logger,
        _ journal: PluginJournal
    ) {
        self.journal = journal
        self.bundle = bundle
        self.resolved = resolved
        self.grant = grant
        self.services = services
        self.options = options
        self.timekeeper = timekeeper
        var logger = logger
        logger[metadataKey: "plugin.id"] = "\(bundle.manifest.id)"
        self.logger = logger
        supervision = Supervision(options.restarts)
    }

    // MARK: - Life

    /// Starts the process and its supervision; returns before the plugin is ready.
    package func start() {
        guard watch == nil else { return }
        status = .starting
        launch()
        watch = Task { [weak self, timekeeper, options] in
            while true {
                do { try await timekeeper.sleep(options.heartbeat) } catch { return }
                guard let self else { return }
                await self.beat()
            }
        }
    }

    /// Ends the process, giving it the drain limit to finish what is under way.
    package func stop() async {
        watch?.cancel()
        restart?.cancel()
        status = .stopped
        current = nil
        for link in links.values { retire(link) }
        guard !links.isEmpty else { return }
        await withCheckedContinuation { stopped.append($0) }
    }

    /// Waits until a start has succeeded or failed; little longer than the start limit.
    package func settled() async {
        guard status == .starting else { return }
        await withCheckedContinuation { settling.append($0) }
    }

    /// How the plugin fares.
    package func state() -> PluginState {
        let manifest = bundle.manifest
        return PluginState(
            id: manifest.id,
            name: manifest.name,
            version: manifest.version,
            status: status,
            sandbox: current?.sandbox,
            lastError: lastError,
            restarts: max(0, launches - 1),
            calls: calls,
            failures: failures,
            misbehaviours: misbehaviours,
            latency: latency.summary,
            memory: current?.process.flatMap { ProcessMemory.resident($0.pid) }
        )
    }

    /// Whether a process takes calls.
    var isReady: Bool { current?.phase == .ready }

    /// The process that takes calls; nil when none does.
    package var processID: Int32? { current?.process?.pid }

    /// Moves the clock that the plugin sees ahead of the system's: for the bench.
    func moveClock(ahead duration: Duration) {
        let milliseconds = UInt64(bitPattern: duration.milliseconds)
        for link in links.values { link.process?.send(Frame(kind: .clock, call: milliseconds)) }
    }

    /// Counts a broken rule of the interface and keeps its words, which may be the plugin's own.
    func misbehaved(_ rule: String) {
        misbehaviours += 1
        lastError = "misbehaved: \(rule.prefix(300))"
        let words = String(rule.prefix(300))
        guard brokenRules.count < 10, !brokenRules.contains(words) else { return }
        brokenRules.append(words)
    }

    func nextCall() -> UInt64 {
        lastCall += 1
        return lastCall
    }

    /// Tells a process to end, and ends it when it has not by then.
    func retire(_ link: PluginLink) {
        guard link.phase != .stopping else { return }
        link.phase = .stopping
        let milliseconds = Int32(clamping: options.drainLimit.milliseconds)
        link.process?.send(Frame(kind: .stop, status: milliseconds))
        link.ending = Task { [timekeeper, options, serial = link.serial] in
            do { try await timekeeper.sleep(options.drainLimit + .seconds(1)) } catch { return }
            links[serial]?.process?.kill(fault: nil)
        }
    }

    func forget(_ link: PluginLink) {
        link.ending?.cancel()
        links[link.serial] = nil
        if current === link { current = nil }
        guard links.isEmpty else { return }
        for waiter in stopped { waiter.resume() }
        stopped.removeAll()
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
