import Desk
import HTTPTypes
import Model
import Store
import Transport

// What `/metrics` says; Documentation/operations.md has a line for each.
extension OperationStatus {
    func metrics(_ sources: Sources) async -> Response {
        var text = MetricsText()
        let health = sources.gateway?.store.health
        let isFailing = if case .failing = health { true } else { false }
        text.gauge("maitred_store_failing", "1 while nothing can be stored.", isFailing ? 1 : 0)
        if let gateway = sources.gateway {
            add(gateway.store, to: &text)
            await add(gateway.desk, to: &text)
            add(gateway, to: &text)
        }
        if let memory = sources.memory?() {
            text.gauge("maitred_memory_used_bytes", "Memory in use.", memory.used)
            text.gauge(
                "maitred_memory_resident_bytes",
                "Memory taken from the machine.",
                memory.resident
            )
        }
        if let counters = sources.counters?() { add(counters, to: &text) }
        add(await sources.plugins?() ?? [], to: &text)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; version=0.0.4", .cacheControl: "no-store",
            ],
            body: Array(text.text.utf8)
        )
    }

    private func add(_ store: Store, to text: inout MetricsText) {
        let figures = store.figures
        text.gauge("maitred_files_bytes", "Bytes of all attachments.", store.files.bytes)
        text.gauge("maitred_database_bytes", "Bytes of the database.", figures.database)
        text.gauge("maitred_wal_bytes", "Bytes of the write-ahead log.", figures.writeAheadLog)
        if let free = figures.diskFree {
            text.gauge("maitred_disk_free_bytes", "Bytes free on the disk.", free)
        }
    }

    private func add(_ desk: Desk, to text: inout MetricsText) async {
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

    private func add(_ gateway: Gateway, to text: inout MetricsText) {
        let admission = gateway.admission
        text.gauge(
            "maitred_overloaded",
            "1 while newcomers are told to come again.",
            admission.wait == nil ? 0 : 1
        )
        text.gauge(
            "maitred_work_milliseconds",
            "How long a piece of work takes now.",
            Int(admission.workTakes.milliseconds)
        )
        text.counter(
            "maitred_resumes_total",
            "Sessions that went on where an earlier one had ended.",
            gateway.returns.resumes
        )
        text.counter(
            "maitred_resyncs_total",
            "Times that a client was told to fetch a conversation anew.",
            gateway.returns.resyncs
        )
        for (outcome, value) in [
            ("shown", gateway.proposals.shown), ("rejected", gateway.proposals.rejected),
        ] {
            text.counter(
                "maitred_proposals_total",
                "Actions that a language model proposed beside a draft.",
                value,
                "outcome=\"\(outcome)\""
            )
        }
    }

    private func add(_ counters: TransportCounters, to text: inout MetricsText) {
        text.gauge("maitred_connections", "Open sockets.", counters.connections)
        text.gauge("maitred_ws_connections", "Open WebSockets.", counters.webSockets)
        for (name, help, value) in [
            ("maitred_connections_accepted_total", "Sockets accepted.", counters.accepted),
            (
                "maitred_connections_limited_total",
                "Sockets and WebSockets refused by a limit of their address.", counters.limited
            ),
            ("maitred_http_requests_total", "Requests handed on.", counters.requests),
            (
                "maitred_received_bytes_total", "Bytes of messages and bodies.",
                counters.bytesReceived
            ),
            ("maitred_sent_bytes_total", "Bytes of frames and responses.", counters.bytesSent),
            ("maitred_ws_frames_in_total", "Frames received.", counters.messagesReceived),
            ("maitred_ws_frames_out_total", "Frames sent.", counters.framesSent),
            (
                "maitred_ws_frames_dropped_total",
                "Passing signs that were not sent to clients that read slowly.",
                counters.framesDropped
            ),
            (
                "maitred_ws_slow_consumers_total", "Clients closed for not reading.",
                counters.slowConsumers
            ),
            (
                "maitred_ws_heartbeats_lost_total",
                "Half-open connections: closed because nobody answered.", counters.heartbeatsLost
            ),
        ] {
            text.counter(name, help, value)
        }
    }

    private func add(_ plugins: [PluginReport], to text: inout MetricsText) {
        for plugin in plugins {
            let label = "plugin=\"\(plugin.id)\""
            let isUp = plugin.status == "running"
            text.gauge("maitred_plugin_up", "1 while the plugin runs.", isUp ? 1 : 0, label)
            text.gauge(
                "maitred_plugin_down",
                "1 while the plugin should run and does not.",
                plugin.isDown ? 1 : 0,
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
    }
}
