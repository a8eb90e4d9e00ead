import Credentials
import Desk
import Egress
import Foundation
import Gateway
import HTTPTypes
import JSONCoding
import Logging
import Model
import Store
import Synchronization
import Transport

/// A whole server but for the sockets: a real gateway over a real store in a folder of its own.
///
/// Time is the test's to move. Close it when done: the folder goes with it.
package final class LoopbackServer: Sendable {
    package static let origin = "https://shop.example"
    package static let publicURL = "http://127.0.0.1:8080"

    package let clock = ManualClock()
    package let store: Store
    package let desk: Desk
    package let gateway: Gateway
    /// The key of the one site.
    package let site: String

    private let folder: URL
    private let services: Task<Void, Never>
    private let connections = Mutex<[LoopbackConnection]>([])

    /// Makes a workspace in a temporary folder and opens it.
    ///
    /// `triage`: the core that reads customers' turns, taught already.
    /// `integrations`: who supplies facts.
    /// `hasWebhooks`: whether there are webhooks to be set up; nothing is sent to them.
    package init(
        triage: TriageDesk,
        integrations: any Integrations = NoIntegrations(),
        hasWebhooks: Bool = false
    ) async throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "maitred-loopback-\(UUID().uuidString)")
        try Store.initialise(folder: folder)
        store = try Store.open(folder: folder)
        let added = try await Administration(store: store).carryOut([
            "do": "site.add", "name": "Shop", "origins": [.string(Self.origin)],
        ])
        site = added["key"]?.stringValue ?? ""
        desk = Desk(
            log: store,
            directory: store,
            integrations: integrations,
            triage: triage,
            attachments: store,
            clock: clock
        )
        let web = folder.appending(path: "web-static")
        try FileManager.default.createDirectory(at: web, withIntermediateDirectories: true)
        var webhooks: Webhooks?
        if hasWebhooks {
            webhooks = Webhooks(
                store: store,
                egress: Egress(),
                vault: SealedSecrets(try await store.secret("webhooks")),
                consoleURL: Self.publicURL,
                clock: clock
            )
        }
        let status = OperationStatus()
        gateway = Gateway(
            desk: desk,
            store: store,
            webhooks: webhooks,
            options: GatewayOptions(publicURL: Self.publicURL, ownOrigins: [Self.publicURL]),
            pages: try Pages(
                folder: web.path,
                publicURL: Self.publicURL,
                demoSite: nil,
                demoOrigin: nil
            ),
            sealer: TokenSealer(try await store.secret("sessions")),
            status: status,
            logger: Logger(label: "maitred.loopback") { _ in SwiftLogNoOpLogHandler() }
        )
        status.watch(gateway: gateway, counters: { TransportCounters() }, plugins: { [] })
        try await gateway.reloadSites()
        try await desk.start()
        services = Task { [desk, gateway, store] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await desk.run() }
                group.addTask { await gateway.run() }
                group.addTask { await store.run() }
            }
        }
    }

    /// Carries an operator's order out, such as `agent.add`.
    @discardableResult
    package func order(_ order: JSON) async throws -> JSON {
        try await Administration(store: store).carryOut(order)
    }

    /// Opens a WebSocket as a browser at an origin would.
    package func connect(from origin: String) -> LoopbackConnection {
        let connection = connections.withLock { connections in
            let connection = LoopbackConnection(id: UInt64(connections.count + 1))
            connections.append(connection)
            return connection
        }
        connection.attach(gateway.session(on: connection, origin: origin))
        return connection
    }

    package func respond(to request: Request) async -> Response {
        await gateway.respond(to: request)
    }

    /// Hangs everybody up, ends the services and removes the folder.
    package func close() async {
        for connection in connections.withLock({ $0 }) { connection.hangUp() }
        services.cancel()
        await services.value
        desk.stop()
        await store.close()
        try? FileManager.default.removeItem(at: folder)
    }
}
