/// What the transport has done since its start, for metrics.
package struct TransportCounters: Sendable, Hashable {
    /// Sockets open now, WebSockets included.
    package var connections = 0
    /// WebSockets open now.
    package var webSockets = 0
    /// Sockets accepted.
    package var accepted = 0
    /// Sockets or upgrades refused by a limit per address.
    package var limited = 0
    /// Requests handed to the application.
    package var requests = 0
    /// Whole messages received.
    package var messagesReceived = 0
    /// Frames given to the socket.
    package var framesSent = 0
    /// Payload bytes of received messages and bodies.
    package var bytesReceived = 0
    /// Bytes of frames and responses given to the socket.
    package var bytesSent = 0
    /// Droppable frames that were dropped.
    package var framesDropped = 0
    /// Connections closed because they did not read.
    package var slowConsumers = 0
    /// WebSockets closed because their client was silent and did not answer pings.
    package var heartbeatsLost = 0

    package init() {}
}
