/// What a loop keeps for an open WebSocket.
final class WebSocketState {
    /// How far the connection is on its way out.
    enum Closing: Equatable {
        /// Goes to `afterFlush` or `started`.
        case open
        /// Waits for the queue to empty, then goes to `started`.
        case afterFlush(UInt16, String)
        /// libwebsockets has the close frame; nothing more is sent or delivered.
        case started
    }

    let session: any WebSocketSession
    /// The client counted in the ledger: the one a trusted proxy spoke for.
    let client: NetworkAddress
    var outbound = OutboundQueue()
    var assembler = MessageAssembler()
    var closing = Closing.open
    /// The client has sent its close frame: nothing it sends behind it counts.
    var isPeerDone = false
    /// Loop milliseconds when something last came of the client.
    var heardAt: UInt64
    /// When they were asked for a sign of life since.
    var pingedAt: UInt64?
    /// A ping is to be sent, ahead of what waits.
    var owesPing = false
    /// On the loop's list of connections with something to write.
    var isMarked = false
    /// libwebsockets keeps a part of the last write: nothing more until it is gone.
    var isChoked = false

    init(session: any WebSocketSession, client: NetworkAddress, now: UInt64) {
        self.session = session
        self.client = client
        heardAt = now
    }
}
