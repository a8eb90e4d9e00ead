package import HTTPTypes

/// What a server does with the requests and connections that Transport brings it.
///
/// Transport is the only target that speaks to libwebsockets: event loops, connections, HTTP/1.1,
/// TLS and static files. It knows nothing of chat. libwebsockets is single-threaded; every call
/// into it happens on a loop thread, and the only call made from elsewhere is the wake-up,
/// `lws_cancel_service`.
///
///     let server = try Server(options: TransportOptions(port: 8080), application: application)
///     let port = try await server.start()
///
/// ## Topics
/// - ``Server``
/// - ``TransportOptions``
/// - ``WebSocketSession``
/// - ``WebSocketConnection``
/// - ``Router``
/// - ``BodyStream``
/// - ``BodySource``
/// - ``RefusedRequest``
/// - ``StaticFiles``
package protocol Application: Sendable {
    /// Decides on a WebSocket before the handshake is answered.
    ///
    /// Called on a loop thread; must not block. Version, subprotocol and limits per address have
    /// been checked; the origin has not.
    func upgrade(_ request: UpgradeRequest) -> UpgradeDecision

    /// Answers an HTTP request; called in a task of its own, cancelled when the client goes away.
    func respond(to request: Request) async -> Response

    /// Whether a request's body is to be read from its stream while it arrives, of any length.
    ///
    /// Called on a loop thread; must not block.
    func takesBodyInPieces(_ method: HTTPRequest.Method, _ path: String) -> Bool

    /// Hears of a request that Transport has answered with a refusal by itself.
    ///
    /// Called on a loop thread; must not block.
    func refused(_ request: RefusedRequest)
}

extension Application {
    package func takesBodyInPieces(_ method: HTTPRequest.Method, _ path: String) -> Bool { false }
    package func refused(_ request: RefusedRequest) {}
}
