import CBench
import Foundation

/// The MQTT broker mosquitto, over WebSocket, in a process and a folder of its own.
///
/// A customer is a connection that publishes to a topic of its own with quality of service 1 and
/// waits for PUBACK; the agent is the one subscriber to all of them, in a session that persists,
/// and acknowledges each message. A turn of mosquitto's loop takes in what has come, writes all
/// that is under way into a new file, syncs it, and then sends acknowledgements and messages:
/// what came together is saved together. What the subscriber has acknowledged is kept no longer.
final class Mosquitto: Subject {
    /// When the broker saves its state.
    enum Saving {
        /// In each turn of its loop in which something changed.
        case everyChange
        /// Every half hour and when it ends, as it comes.
        case seldom

        fileprivate var options: [String] {
            switch self {
            case .everyChange: ["autosave_on_changes true", "autosave_interval 1"]
            case .seldom: []
            }
        }
    }

    static let packages = "mosquitto"

    let process: ChildProcess
    let port: Int
    var dialect: bench_dialect { bench_dialect_mqtt }
    private let folder: TemporaryFolder

    init(saving: Saving) throws {
        let program = try InstalledProgram.path("mosquitto", packages: Self.packages)
        let folder = try TemporaryFolder()
        let port = Int(bench_free_port())
        let configuration = folder.file("mosquitto.conf")
        let lines = Self.configuration(port: port, saving: saving, folder: folder)
        try lines.joined(separator: "\n").write(
            toFile: configuration,
            atomically: true,
            encoding: .utf8
        )
        self.folder = folder
        self.port = port
        process = try ChildProcess(
            [program, "-c", configuration],
            errorPath: folder.file("errors")
        )
        try process.waitUntilListening(port: port)
    }

    deinit { process.stop() }

    func openConversations(_ count: Int, on load: LoadClient) throws {
        let customers = (0..<count).map { "customer-\($0)" }
        try load.open(bench_role_customer, count: count, hellos: customers)
        try load.open(bench_role_agent, count: 1, hellos: ["agent"])
        for customer in 0..<count {
            load.prepare(customer, conversation: "\(customer)", text: Message.text)
        }
    }

    private static func configuration(
        port: Int,
        saving: Saving,
        folder: TemporaryFolder
    ) -> [String] {
        [
            "listener \(port) 127.0.0.1", "protocol websockets",
            // Otherwise it listens on every address.
            "socket_domain ipv4",
            // It does not start with a WebSocket alone.
            "listener 0 \(folder.file("socket"))",
            "allow_anonymous true",
            // Started by root it would become somebody who may not write here.
            "user \(NSUserName())",
            "log_dest stderr", "log_type error", "log_type warning",
            "persistence true", "persistence_location \(folder.path)/",
            "max_inflight_messages 0", "max_queued_messages 0", "set_tcp_nodelay true",
        ] + saving.options + [""]
    }
}
