import HTTPTypes
import JSONCoding
import Logging
import Model
import Store
import Synchronization
import Transport

/// What operators and their machines ask: is it alive, is it ready, how is it doing.
package final class OperationStatus: Sendable {
    /// Where the figures come from, and what is known of them already.
    struct Sources: Sendable {
        weak var gateway: Gateway?
        var counters: (@Sendable () -> TransportCounters)?
        var plugins: (@Sendable () async -> [PluginReport])?
        var memory: (@Sendable () -> MemoryFigures?)?
        var isDraining = false
        var heartbeats = HeartbeatWatch()
    }

    /// A plugin's state, as the metrics name it.
    package struct PluginReport: Sendable {
        package var id: String
        package var status: String
        package var calls: Int
        package var restarts: Int
        package var failures: Int
        /// What it counts itself, by name.
        package var figures: [String: Double]

        package init(
            id: String,
            status: String,
            calls: Int,
            restarts: Int,
            failures: Int = 0,
            figures: [String: Double] = [:]
        ) {
            self.failures = failures
            self.figures = figures
            self.id = id
            self.status = status
            self.calls = calls
            self.restarts = restarts
        }

        /// It should run, and does not.
        var isDown: Bool { !["running", "starting", "off", "stopped"].contains(status) }
    }

    /// Memory as the allocator counts it, in bytes.
    package struct MemoryFigures: Sendable {
        /// Handed out and not given back.
        package var used: Int
        /// Of the machine's memory, with what is kept for the next who ask.
        package var resident: Int

        package init(used: Int, resident: Int) {
            self.used = used
            self.resident = resident
        }
    }

    package static let version = "0.1.0"

    private let sources = Mutex(Sources())
    private let logger = Logger(label: "maitred.gateway")

    package init() {}

    /// Names what is reported on, once all of it is up.
    package func watch(
        gateway: Gateway,
        counters: @escaping @Sendable () -> TransportCounters,
        plugins: @escaping @Sendable () async -> [PluginReport],
        memory: @escaping @Sendable () -> MemoryFigures? = { nil }
    ) {
        sources.withLock {
            $0 = Sources(
                gateway: gateway,
                counters: counters,
                plugins: plugins,
                memory: memory
            )
        }
    }

    /// From now on `/readyz` fails, so that nobody new is sent here.
    package func beginDraining() { sources.withLock { $0.isDraining = true } }

    /// Looks at what can only be judged over a time; called about twice a second.
    func observe(at now: SteadyTime) {
        let lost: Int? = sources.withLock { sources in
            guard let counters = sources.counters?() else { return nil }
            let were = sources.heartbeats.areMany
            sources.heartbeats.note(counters, at: now)
            return !were && sources.heartbeats.areMany ? sources.heartbeats.lost : nil
        }
        guard let lost else { return }
        logger.warning("many clients have stopped answering", metadata: ["lost": "\(lost)"])
    }

    func add(to router: inout Router) {
        router.on(.get, "/healthz") { _ in .json(["status": "ok"]) }
        router.on(.get, "/readyz") { await self.readiness(isVerbose: $0.query("verbose") != nil) }
        router.on(.get, "/version") { _ in .json(["version": .string(Self.version)]) }
        router.on(.get, "/metrics") { _ in await self.metrics(self.sources.withLock { $0 }) }
    }

    /// What is wrong, and when `isVerbose` how everything is.
    private func readiness(isVerbose: Bool) async -> Response {
        let sources = sources.withLock { $0 }
        let store = sources.gateway?.store
        var checks: JSON.Object = [:]
        var isReady = store != nil && !sources.isDraining
        if sources.isDraining { checks["drain"] = "this server is going away" }
        if case .failing(let reason) = store?.health {
            isReady = false
            checks["store"] = .string(reason)
        }
        var answer: JSON.Object = [
            "status": .string(isReady ? "ready" : "not ready"), "checks": .object(checks),
        ]
        if isVerbose {
            answer["parts"] = .object(await parts(sources))
            answer["warnings"] = .array(await warnings(sources).map(JSON.string))
        }
        return .json(.object(answer), status: isReady ? .ok : .serviceUnavailable)
    }
}
