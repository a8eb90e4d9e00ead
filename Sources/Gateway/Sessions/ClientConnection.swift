import Transport

/// The way back to a client, as sessions see it: a WebSocket, or whatever a test puts in its place.
///
/// Nothing here blocks; what one thread sends arrives in that order.
package protocol ClientConnection: Sendable {
    /// Unique in the process.
    var id: UInt64 { get }
    var address: NetworkAddress { get }

    /// Sends a frame; a droppable one may be lost when the client does not keep up.
    func send(_ frame: [UInt8], droppable: Bool)

    /// Sends frames whose number is bounded already; they do not count against the client's limits.
    func replay(_ frames: [[UInt8]])

    /// Closes once everything sent before has left.
    func close(_ code: UInt16, _ reason: String)
}

extension ClientConnection {
    func send(_ frame: [UInt8]) { send(frame, droppable: false) }

    package func replay(_ frames: [[UInt8]]) {
        for frame in frames { send(frame, droppable: false) }
    }
}

extension WebSocketConnection: ClientConnection {}
