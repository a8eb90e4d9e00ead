import Desk
import Gateway
import Logging
import PluginHost
import ServiceLifecycle
import Store
import Transport
import UnixSignals

/// The store: first up, last down.
struct StoreService: Service {
    let store: Store

    func run() async throws {
        await cancelWhenGracefulShutdown { await store.run() }
        await store.close()
    }
}

/// Plugins start beside the server, which answers without them until they are up.
struct PluginService: Service {
    let plugins: PluginHost

    func run() async throws {
        await plugins.start()
        await cancelWhenGracefulShutdown { await plugins.run() }
        await plugins.stop()
    }
}

/// What other programs are told: a reader of the log.
struct WebhookService: Service {
    let webhooks: Webhooks

    func run() async throws {
        await cancelWhenGracefulShutdown { await webhooks.run() }
    }
}

/// The clocks of conversations and of connections that have not said hello.
struct DeskService: Service {
    let desk: Desk
    let gateway: Gateway

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await desk.run() }
                group.addTask { await gateway.run() }
            }
        }
    }
}

/// Learning: beside everything else, and kept when it ends.
struct LearningService: Service {
    let reader: OutcomeReader
    let triage: TriageDesk

    func run() async throws {
        await cancelWhenGracefulShutdown { await reader.run() }
        await triage.close()
    }
}

/// The port: last up; on the way down readiness fails first, then clients are told when to come back.
struct FrontService: Service {
    /// Clients that reconnect all at once would meet a server that is just starting.
    private static let comeBack: Duration = .milliseconds(1500)

    let server: Server
    let status: OperationStatus
    let control: ControlSocket
    let announce: @Sendable () throws -> Void

    func run() async throws {
        try await server.start()
        control.start()
        try announce()
        try? await gracefulShutdown()
        status.beginDraining()
        await server.drain(
            sending: ServerFrame.reconnect(
                Sent.Reconnect(
                    afterMilliseconds: Int(
                        Self.comeBack.components.attoseconds / 1_000_000_000_000_000
                    )
                        + Int(Self.comeBack.components.seconds) * 1000
                )
            ),
            spread: .milliseconds(500)
        )
        await server.stop()
        control.close()
    }
}

/// SIGHUP: certificates, sites and content anew.
struct ReloadService: Service {
    let reload: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) { await reload() }
        }
    }
}
