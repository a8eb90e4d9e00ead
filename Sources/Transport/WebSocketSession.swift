/// The application's side of one WebSocket.
package protocol WebSocketSession: AnyObject, Sendable {
    /// Takes a whole text message, valid UTF-8 within the limit, in the order sent.
    ///
    /// Called on the connection's loop thread; must not block.
    func received(_ text: [UInt8])

    /// Called on the loop thread, before ``closed()``, when the client sent what no client may.
    func misbehaved(_ how: String)

    /// Called once, on the loop thread, when the connection is over for whatever reason.
    func closed()
}

extension WebSocketSession {
    package func misbehaved(_ how: String) {}
}
