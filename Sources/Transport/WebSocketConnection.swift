/// A handle on one WebSocket, usable from any thread and after its end.
///
/// Nothing here blocks. What one thread sends arrives in that order.
package struct WebSocketConnection: Sendable {
    /// Unique in the server, for logs.
    package let id: UInt64
    /// The client, or the one a trusted proxy speaks for.
    package let address: NetworkAddress

    private let channel: ChannelID
    private let executor: LoopExecutor

    init(loop: Int, channel: ChannelID, address: NetworkAddress, executor: LoopExecutor) {
        id =
            UInt64(loop) << 56 | UInt64(channel.generation & 0xff_ffff) << 32
            | UInt64(channel.slot)
        self.address = address
        self.channel = channel
        self.executor = executor
    }

    /// Sends one text frame, valid UTF-8.
    ///
    /// A client that does not read loses droppable frames first and is then closed as a slow
    /// consumer; a frame to a closed connection vanishes.
    package func send(_ frame: [UInt8], droppable: Bool = false) {
        executor.post(.frame(channel, frame, droppable: droppable))
    }

    /// Sends frames whose number the caller has bounded, such as missed events after a resume.
    ///
    /// They keep their place in the order but do not count against the queue's limits.
    package func replay(_ frames: [[UInt8]]) {
        executor.post(.replay(channel, frames))
    }

    /// Closes the connection once everything sent before has left.
    ///
    /// The reason is cut to the 123 bytes that a close frame holds.
    package func close(_ code: UInt16, _ reason: String) {
        executor.post(.close(channel, code, reason))
    }
}
