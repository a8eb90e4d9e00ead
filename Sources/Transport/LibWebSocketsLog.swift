internal import CLibWebSockets
internal import Logging

/// Leads libwebsockets' own log, which is one for the process, to swift-log.
enum LibWebSocketsLog {
    private static let logger = Logger(label: "maitred.libwebsockets")

    /// Connects once; later calls cost nothing.
    static func connect() { _ = connected }

    private static let connected: Void = lws_set_log_level(LLL_ERR | LLL_WARN) { level, line in
        guard let line else { return }
        let text = String(cString: line).prefix { $0 != "\n" }
        // Mostly about what a client did: nothing a person must act on.
        LibWebSocketsLog.logger.log(
            level: level == LLL_ERR ? .warning : .debug,
            "libwebsockets",
            metadata: ["line": "\(text)"]
        )
    }
}
