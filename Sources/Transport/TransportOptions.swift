/// Certificate chain and private key of the server, as PEM files.
package struct TLSFiles: Sendable, Hashable {
    package let certificate: String
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// The close codes Transport chooses by itself.
package struct CloseCodes: Sendable, Hashable {
    package var slowConsumer: UInt16 = 4408
    package var tooBig: UInt16 = 4413
    package var serverRestart: UInt16 = 1012
    package var goingAway: UInt16 = 1001

    package init() {}
}

/// How the server listens and what it allows.
package struct TransportOptions: Sendable {
    /// An address or a name; a name may stand for several addresses.
    package var host = "127.0.0.1"
    /// 0 lets the system choose; ``Server/start()`` returns the port.
    package var port = 0
    /// Event loops, each a thread.
    package var loops = availableCores()
    /// Absent means plain HTTP.
    package var tls: TLSFiles?
    /// The one WebSocket subprotocol; a client that does not offer it is refused with 400.
    package var subprotocol = "maitred.v1"
    /// Larger messages close the connection with ``CloseCodes/tooBig``.
    package var maximumMessageBytes = 65_536
    /// Larger request bodies are answered with 413, but for those taken in pieces.
    package var maximumBodyBytes = 1 << 20
    /// Bytes of a body taken in pieces that must come in ``bodyPaceSeconds``.
    package var bodyPaceBytes = 16_384
    package var bodyPaceSeconds = 15
    /// Request line and headers together; a longer head closes the connection.
    package var maximumHeaderBytes = 16_384
    /// Seconds of silence before a ping; after ``silenceSeconds`` the client is dead.
    package var heartbeatSeconds = 25
    /// Frames waiting for a client that does not read.
    package var outboundFrames = 256
    /// Bytes waiting for a client that does not read, beyond what the socket has taken.
    package var outboundBytes = 262_144
    package var closeCodes = CloseCodes()
    /// WebSockets of one address; more are refused with 429, but not those of loopback.
    package var connectionsPerAddress = 512
    /// Sockets of one address that have not sent a request yet; not applied to loopback.
    package var handshakesPerAddress = 64
    /// Applies the limits per address to loopback too.
    package var limitsLoopback = false
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
    package var trustedProxies: [AddressRange] = []
    /// Seconds for a request's head and body to arrive.
    package var requestSeconds = 10
    /// Seconds a connection may idle between requests.
    package var keepAliveSeconds = 20
    /// Seconds a client may take to read the next piece of a response.
    package var writeSeconds = 30
    /// Time given to clients to answer the close handshake in ``Server/stop()``.
    package var stopGrace: Duration = .milliseconds(500)
    /// Header names that libwebsockets does not know and the application wants, in lower case.
    package var extraHeaders = [
        "idempotency-key", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "traceparent",
        "tracestate", "webhook-id", "webhook-signature", "webhook-timestamp", "x-csrf-token",
        "x-forwarded-proto", "x-hub-signature-256", "x-request-id", "x-signature",
    ]

    package init(host: String = "127.0.0.1", port: Int = 0, tls: TLSFiles? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }

    /// Seconds of silence after which a client that was sent a ping is dead: one and a half
    /// heartbeats.
    var silenceSeconds: Int { (heartbeatSeconds * 3 + 1) / 2 }
}
