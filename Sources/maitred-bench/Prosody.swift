import CBench
import Foundation

/// The XMPP server Prosody, over WebSocket, in a process and a folder of its own.
///
/// Customer and agent of each pair are accounts, and the one writes chat messages to the other.
/// Prosody archives each of them twice (XEP-0313), for the sender and for the receiver, a
/// transaction of SQLite with `synchronous=FULL` each time. Only then does it deliver.
final class Prosody: Subject {
    /// How SQLite makes a transaction last.
    enum Journal {
        /// As it comes.
        case rollback
        /// As maitred has it; Prosody has no option for it, but keeps what its database has.
        case writeAhead
    }

    static let packages = "prosody lua-dbi-sqlite3"

    let process: ChildProcess
    let port: Int
    var dialect: bench_dialect { bench_dialect_xmpp }
    private let folder: TemporaryFolder
    private let pairs: Int
    private static let database = "prosody.sqlite"
    private static let password = "a password for measuring"

    /// Starts a server with the accounts of so many pairs.
    init(pairs: Int, journal: Journal) throws {
        let program = try InstalledProgram.path("prosody", packages: Self.packages)
        let control = try InstalledProgram.path("prosodyctl", packages: Self.packages)
        let folder = try TemporaryFolder()
        let port = Int(bench_free_port())
        let configuration = folder.file("prosody.cfg.lua")
        try Self.configuration(port: port, folder: folder).write(
            toFile: configuration,
            atomically: true,
            encoding: .utf8
        )
        if journal == .writeAhead {
            let database = folder.file(Self.database)
            guard bench_database_with_write_ahead_log(database) else {
                throw BenchError.cannotWrite(database)
            }
        }
        for pair in 0..<pairs {
            for name in [Self.customer(pair), Self.agent(pair)] {
                try Self.register(name, control: [control, "--config", configuration], folder)
            }
        }
        self.folder = folder
        self.port = port
        self.pairs = pairs
        process = try ChildProcess(
            [program, "-F", "--config", configuration],
            errorPath: folder.file("errors")
        )
        try process.waitUntilListening(port: port)
    }

    deinit { process.stop() }

    /// `count` may be at most the number of pairs that there are accounts for.
    func openConversations(_ count: Int, on load: LoadClient) throws {
        let accounts = 0..<min(count, pairs)
        for (role, name) in [(bench_role_customer, Self.customer), (bench_role_agent, Self.agent)] {
            try load.open(
                role,
                count: accounts.count,
                hellos: accounts.map { Self.authentication(name($0)) }
            )
        }
        for pair in accounts {
            let address = "\(Self.agent(pair))@\(BENCH_XMPP_DOMAIN)"
            load.prepare(pair, conversation: address, text: Message.text)
        }
    }

    private static func customer(_ pair: Int) -> String { "customer\(pair)" }
    private static func agent(_ pair: Int) -> String { "agent\(pair)" }

    private static func authentication(_ name: String) -> String {
        let plain = Data("\u{0}\(name)\u{0}\(password)".utf8).base64EncodedString()
        return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>\(plain)</auth>"
    }

    private static func register(
        _ name: String,
        control: [String],
        _ folder: TemporaryFolder
    ) throws {
        do {
            _ = try ChildProcess.run(
                control + ["register", name, BENCH_XMPP_DOMAIN, password],
                errorPath: folder.file("errors")
            )
        } catch BenchError.commandFailed(_, _, let errors) where errors.contains("DBI") {
            // SQLite's driver is a package of its own, which Prosody's only suggests.
            throw BenchError.notInstalled("Prosody's SQLite driver", packages: packages)
        }
    }

    private static func configuration(port: Int, folder: TemporaryFolder) -> String {
        """
        daemonize = false
        run_as_root = true -- changes nothing for anybody else
        pidfile = "\(folder.file("prosody.pid"))"
        data_path = "\(folder.path)"
        certificates = "\(folder.path)"
        log = { warn = "\(folder.file("log"))" }

        network_backend = "epoll"
        limits = {}
        http_ports = { \(port) }
        http_interfaces = { "127.0.0.1" }
        https_ports = {}
        c2s_ports = {}
        c2s_direct_tls_ports = {}
        s2s_ports = {}

        modules_enabled = { "saslauth", "c2s", "websocket", "smacks", "mam" }
        modules_disabled = { "s2s" }
        authentication = "internal_hashed"
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        consider_websocket_secure = true

        storage = "sql"
        sql = { driver = "SQLite3", database = "\(database)" }
        default_archive_policy = true

        VirtualHost "\(BENCH_XMPP_DOMAIN)"

        """
    }
}
