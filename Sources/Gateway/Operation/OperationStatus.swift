import Desk
import HTTPTypes
import JSONCoding
import Model
import Store
import Synchronization
import Transport

/// What operators and their machines ask: is it alive, is it ready, how is it doing.
package final class OperationStatus: Sendable {
    private struct Sources: Sendable {
        var store: Store?
        weak var desk: Desk?
        var counters: (@Sendable () -> TransportCounters)?
        var plugins: (@Sendable () async -> [PluginReport])?
        var isDraining = false
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
    }

    package static let version = "0.1.0"

    private let sources = Mutex(Sources())

    package init() {}

    /// Names what is reported on, once all of it is up.
    package func watch(
        store: Store,
        desk: Desk,
        counters: @escaping @Sendable () -> TransportCounters,
        plugins: @escaping @Sendable () async -> [PluginReport]
    ) {
        sources.withLock {
            $0 = Sources(store: store, desk: desk, counters: counters, plugins: plugins)
        }
    }

    /// From now on `/readyz` fails, so that nobody new is sent here.
    package func beginDraining() { sources.withLock { $0.isDraining = true } }

    func add(to router: inout Router) {
        router.on(.get, "/healthz") { _ in .json(["status": "ok"]) }
        router.on(.get, "/readyz") { await self.readiness(isVerbose: $0.query("verbose") != nil) }
        router.on(.get, "/version") { _ in .json(["version": .string(Self.version)]) }
        router.on(.get, "/metrics") { _ in await self.metrics() }
    }

    /// What is wrong, and when `isVerbose` how everything is.
    private func readiness(isVerbose: Bool) async -> Response {
        let sources = sources.withLock { $0 }
        var checks: JSON.Object = [:]
        var isReady = sources.store != nil && !sources.isDraining
        if sources.isDraining { checks["drain"] = "this server is going away" }
        if case .failing(let reason) = sources.store?.health {
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

    private func parts(_ sources: Sources) async -> JSON.Object {
        var parts: JSON.Object = [:]
        if let figures = sources.store?.figures {
            parts["store"] = [
                "database_bytes": .int(Int64(figures.database)),
                "wal_bytes": .int(Int64(figures.writeAheadLog)),
                "disk_free_bytes": figures.diskFree.map { .int(Int64($0)) } ?? .null,
                "epoch": (sources.store?.epoch).map(JSON.string) ?? .null,
            ]
        }
        if let desk = sources.desk {
            let floor = await desk.floor.snapshot()
            parts["queue"] = [
                "waiting": .int(Int64(floor.waiting)),
                "oldest_s": .int(Int64(Self.age(of: floor, desk))),
                "agents_online": .int(Int64(floor.seats.count { $0.presence == .online })),
            ]
        }
        if let counters = sources.counters?() {
            parts["connections"] = ["websockets": .int(Int64(counters.webSockets))]
        }
        let plugins = await sources.plugins?() ?? []
        parts["plugins"] = .array(
            plugins.map { ["id": .string($0.id), "status": .string($0.status)] }
        )
        return parts
    }

    /// What an operator should look at before it hurts.
    private func warnings(_ sources: Sources) async -> [String] {
        var warnings: [String] = []
        if let figures = sources.store?.figures {
            if let free = figures.diskFree, free < StoreFigures.littleDisk {
                warnings.append("\(free >> 20) MiB are free on the disk")
            }
            if figures.writeAheadLog > StoreFigures.largeLog {
                warnings.append("the write-ahead log has \(figures.writeAheadLog >> 20) MiB")
            }
        }
        for plugin in await sources.plugins?() ?? []
        where !["running", "starting", "off", "stopped"].contains(plugin.status) {
            warnings.append("the plugin \(plugin.id) is \(plugin.status)")
        }
        if let desk = sources.desk {
            let floor = await desk.floor.snapshot()
            if floor.waiting > 0, !desk.floor.isAnybodyOnline {
                warnings.append("\(floor.waiting) wait for a person, and nobody is on duty")
            }
        }
        return warnings
    }

    private static func age(of floor: Floor.Snapshot, _ desk: Desk) -> Int {
        guard let since = floor.waitingSince else { return 0 }
        return max(0, Int((desk.clock.now - since).components.seconds))
    }

    private func metrics() async -> Response {
        let sources = sources.withLock { $0 }
        var text = MetricsText()
        let isFailing = if case .failing = sources.store?.health { true } else { false }
        text.gauge("maitred_store_failing", "1 while nothing can be stored.", isFailing ? 1 : 0)
        if let store = sources.store {
            text.gauge("maitred_files_bytes", "Bytes of all attachments.", store.files.bytes)
            let figures = store.figures
            text.gauge("maitred_database_bytes", "Bytes of the database.", figures.database)
            text.gauge(
                "maitred_wal_bytes",
                "Bytes of the write-ahead log.",
                figures.writeAheadLog
            )
            if let free = figures.diskFree {
                text.gauge("maitred_disk_free_bytes", "Bytes free on the disk.", free)
            }
        }
        if let desk = sources.desk {
            let floor = await desk.floor.snapshot()
            text.gauge("maitred_live_conversations", "Conversations in memory.", desk.liveCount)
            text.gauge("maitred_queue_length", "Conversations waiting.", floor.waiting)
            text.gauge(
                "maitred_queue_oldest_seconds",
                "How long the first in the queue has waited.",
                Self.age(of: floor, desk)
            )
            let online = floor.seats.count { $0.presence == .online }
            text.gauge("maitred_agents_online", "People on duty.", online)
        }
        if let counters = sources.counters?() {
            text.gauge(
                "maitred_ws_connections",
                "Open WebSockets.",
                Int(counters.webSockets)
            )
            text.counter(
                "maitred_ws_frames_in_total",
                "Frames received.",
                Int(counters.messagesReceived)
            )
            text.counter("maitred_ws_frames_out_total", "Frames sent.", Int(counters.framesSent))
            text.counter(
                "maitred_ws_slow_consumers_total",
                "Clients closed for not reading.",
                Int(counters.slowConsumers)
            )
        }
        let plugins = await sources.plugins?() ?? []
        for plugin in plugins {
            let label = "plugin=\"\(plugin.id)\""
            text.gauge(
                "maitred_plugin_up",
                "1 while the plugin runs.",
                plugin.status == "running" ? 1 : 0,
                label
            )
            text.counter("maitred_plugin_calls_total", "Calls made.", plugin.calls, label)
            text.counter("maitred_plugin_restarts_total", "Restarts.", plugin.restarts, label)
            text.counter(
                "maitred_plugin_failures_total",
                "Calls without an answer.",
                plugin.failures,
                label
            )
        }
        for plugin in plugins {
            for (name, value) in plugin.figures.sorted(by: { $0.key < $1.key }) {
                text.figure(value, plugin: plugin.id, name: name)
            }
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; version=0.0.4", .cacheControl: "no-store",
            ],
            body: Array(text.text.utf8)
        )
    }
}

/// Prometheus's text format, 0.0.4.
private struct MetricsText {
    private(set) var text = ""
    private var described: Set<String> = []

    mutating func gauge(_ name: String, _ help: String, _ value: Int, _ label: String? = nil) {
        add(name, help, "gauge", value, label)
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int, _ label: String? = nil) {
        add(name, help, "counter", value, label)
    }

    /// A figure of a plugin's own; names are lower case, digits and underscores.
    mutating func figure(_ value: Double, plugin: String, name: String) {
        let metric = "maitred_plugin_figure"
        if described.insert(metric).inserted {
            text += "# HELP \(metric) What plugins count.\n# TYPE \(metric) gauge\n"
        }
        text += "\(metric){plugin=\"\(plugin)\",name=\"\(name)\"} \(value)\n"
    }

    private mutating func add(
        _ name: String,
        _ help: String,
        _ type: String,
        _ value: Int,
        _ label: String?
    ) {
        if described.insert(name).inserted {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }
        text += "\(name)\(label.map { "{\($0)}" } ?? "") \(value)\n"
    }
}
