package import HTTPTypes

/// A client's wish to open a WebSocket.
package struct UpgradeRequest: Sendable {
    /// Percent-decoded and normalised: no dot segments.
    package let path: String
    package let query: [QueryItem]
    package let headers: HTTPFields
    /// The `Origin` header; nil when the client is no browser.
    package let origin: String?
    /// The client, or the one a trusted proxy speaks for.
    package let address: NetworkAddress
    /// `https` under TLS here or at a trusted proxy, else `http`.
    package let scheme: String
}

/// What becomes of an ``UpgradeRequest``.
package enum UpgradeDecision: Sendable {
    /// Opens the WebSocket; the closure runs on the loop thread once the handshake is complete.
    case accept(@Sendable (WebSocketConnection) -> any WebSocketSession)
    /// Answers with a status instead of the handshake and closes the connection.
    case refuse(Response)
}
