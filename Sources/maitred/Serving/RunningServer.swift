import CAllocator
import Credentials
import Desk
import Egress
import Foundation
import Gateway
import JSONCoding
import Logging
import Model
import PluginHost
import ServiceLifecycle
import Store
import Transport
import Triage
import UnixSignals

/// The composition: everything is made here once, started in this order, and stopped in reverse.
struct RunningServer {
    let options: ServeOptions
    let folder: URL
    private let logger = Logger(label: "maitred")

    init(options: ServeOptions, folder: URL) {
        self.options = options
        self.folder = folder
    }

    func run() async throws {
        OpenFiles.settle()
        let signals = EarlySignals()
        let opened = try openStore()
        signals.end()
        guard let store = opened else { return }
        if EarlySignals.haveCome { return await store.close() }
        if options.durability != .full {
            logger.warning("unsafe: a power cut loses acknowledged messages; for measuring only")
        }
        let triage = try TriageDesk.bundled(folder, book: store)
        if let seconds = await triage.take(try await store.content()) {
            logger.notice("triage trained", metadata: ["seconds": "\(seconds)"])
        }
        let vault = SealedSecrets(try await store.secret("plugins"))
        let egress = Egress()
        let plugins = try PluginHost(
            pluginOptions(vault),
            services: PluginServices(egress: egress, state: store, vault: vault)
        )
        let webhooks = Webhooks(
            store: store,
            egress: egress,
            vault: SealedSecrets(try await store.secret("webhooks")),
            consoleURL: try options.publicAddress
        )
        let desk = Desk(
            log: store,
            directory: store,
            integrations: plugins,
            triage: triage,
            attachments: store
        )
        let status = OperationStatus()
        plugins.services.attach(
            LiveDeskAccess(desk: desk, finder: store, consoleURL: try options.publicAddress)
        )
        let gateway = try await gateway(desk, store, plugins, webhooks, status)
        var transport = try options.transport
        transport.extraHeaders = Set(transport.extraHeaders).union(plugins.webhookHeaders).sorted()
        let server = Server(options: transport, application: gateway)
        status.watch(
            gateway: gateway,
            counters: { server.counters },
            plugins: {
                let figures = plugins.services.figures.all
                return await plugins.states().map { .init($0, figures: figures[$0.id] ?? [:]) }
            },
            memory: OperationStatus.MemoryFigures.now
        )
        try await desk.start()
        let orders = OrderDesk(
            store: store,
            triage: triage,
            gateway: gateway,
            plugins: plugins,
            options: options
        )
        let control = try ControlSocket(folder: folder) { order throws(OrderFault) in
            try await orders.carryOut(order)
        }
        let services: [any Service] = [
            StoreService(store: store),
            PluginService(plugins: plugins),
            WebhookService(webhooks: webhooks),
            DeskService(desk: desk, gateway: gateway),
            LearningService(reader: OutcomeReader(desk: desk, book: store), triage: triage),
            FrontService(
                server: server,
                status: status,
                control: control,
                announce: announce
            ),
            ReloadService { await orders.reload(server) },
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    /// Opens the store; nil when the migration was ended.
    private func openStore() throws -> Store? {
        do throws(StoreFailure) {
            let watch = MigrationWatch { EarlySignals.haveCome }
            return try Store.open(folder: folder, durability: options.durability, watch: watch)
        } catch {
            guard error == .interrupted else { throw error }
            logger.notice("ended before the workspace was migrated; the next start goes on with it")
            return nil
        }
    }

    private func gateway(
        _ desk: Desk,
        _ store: Store,
        _ plugins: PluginHost,
        _ webhooks: Webhooks,
        _ status: OperationStatus
    ) async throws -> Gateway {
        let publicURL = try options.publicAddress
        let demo = try await DemoSite(store: store, origin: try options.demoOrigin).prepare(
            isDemo: DemoWorkspace.kept(in: folder) != nil
        )
        let pages = try Pages(
            folder: try Installation.webStatic(options.webStatic),
            publicURL: publicURL,
            demoSite: demo,
            demoOrigin: try options.demoOrigin,
            demoIdentity: demo.flatMap { SiteID($0) }.map { DemoIdentity(store: store, site: $0) }
        )
        var gatewayOptions = GatewayOptions(
            publicURL: publicURL,
            ownOrigins: try options.ownOrigins
        )
        gatewayOptions.uploads = options.uploads
        let gateway = Gateway(
            desk: desk,
            store: store,
            plugins: plugins,
            webhooks: webhooks,
            options: gatewayOptions,
            pages: pages,
            sealer: TokenSealer(try await store.secret("sessions")),
            status: status
        )
        try await gateway.reloadSites()
        return gateway
    }

    private func pluginOptions(_ vault: SealedSecrets) throws -> PluginHostOptions {
        let program = Installation.programFolder
        var settings: [String: PluginHostOptions.Setting] = [:]
        let file = folder.appending(path: DemoWorkspace.pluginFile)
        if let data = try? Data(contentsOf: file) {
            guard let plugins = try? JSON(parsing: Array(data)).objectValue else {
                throw OrderFault("\(file.path) is not a JSON object of plugins")
            }
            for (id, plugin) in plugins.members {
                settings[id] = .init(
                    config: plugin["config"]?.objectValue ?? [:],
                    allowsPrivateNetwork: plugin["allow_private_network"]?.boolValue ?? false
                )
            }
        }
        var result = PluginHostOptions(
            bundleFolders: Installation.plugins(options.pluginFolders),
            libraryFolders: [program.path],
            hostProgram: program.appending(path: "maitred-plugin-host").path,
            settings: settings,
            baseFolder: folder.path
        )
        result.vault = vault
        result.installFolder = folder.appending(path: "plugins").path
        result.unsigned = Set(options.unsignedPlugins)
        result.trustedKeys = try options.trustedKeys
        result.providers = options.providers
        return result
    }

    /// The one line other programs wait for, and in a demo what a person needs to look around.
    private func announce() throws {
        let url = try options.publicAddress
        print("listening on \(url)")
        if let passwords = DemoWorkspace.kept(in: folder) {
            print(
                """

                The demo shop, with the widget:  \(url)/demo
                The agents' console:             \(url)/console/
                Sign in as one of (address, password):
                \(passwords)
                """
            )
        }
        fflush(nil)
    }
}

extension OperationStatus.PluginReport {
    init(_ state: PluginState, figures: [String: Double]) {
        self.init(
            id: state.id,
            status: state.status.name,
            calls: state.calls,
            restarts: state.restarts,
            failures: state.failures,
            figures: figures
        )
    }
}

extension OperationStatus.MemoryFigures {
    /// As they are; nil under another allocator than ours.
    @Sendable static func now() -> Self? {
        var figures = callocator_figures()
        guard callocator_look(&figures) else { return nil }
        return Self(used: figures.used, resident: figures.resident)
    }
}
