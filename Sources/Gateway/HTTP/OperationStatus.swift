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
        router.on(.get, "/readyz") { _ in self.readiness() }
        router.on(.get, "/version") { _ in .json(["version": .string(Self.version)]) }
        router.on(.get, "/metrics") { _ in await self.metrics() }
    }

    private func readiness() -> Response {
        let sources = sources.withLock { $0 }
        var checks: JSON.Object = [:]
        var isReady = sources.store != nil && !sources.isDraining
        if sources.isDraining { checks["drain"] = "this server is going away" }
        if case .failing(let reason) = sources.store?.health {
            isReady = false
            checks["store"] = .string(reason)
        }
        return .json(
            ["status": .string(isReady ? "ready" : "not ready"), "checks": .object(checks)],
            status: isReady ? .ok : .serviceUnavailable
        )
    }

    private func metrics() async -> Response {
        let sources = sources.withLock { $0 }
        var text = MetricsText()
        let isFailing = if case .failing = sources.store?.health { true } else { false }
        text.gauge("maitred_store_failing", "1 while nothing can be stored.", isFailing ? 1 : 0)
        if let store = sources.store {
            text.gauge("maitred_files_bytes", "Bytes of all attachments.", store.files.bytes)
        }
        if let desk = sources.desk {
            let floor = await desk.floor.snapshot()
            text.gauge("maitred_live_conversations", "Conversations in memory.", desk.liveCount)
            text.gauge("maitred_queue_length", "Conversations waiting.", floor.waiting)
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
