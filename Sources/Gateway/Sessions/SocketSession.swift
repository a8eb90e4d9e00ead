import Desk
import Model
import Synchronization
import Transport

/// One WebSocket from its opening frame on: nobody yet, then a customer or an agent.
///
/// Frames arrive on a loop thread and are handed on without waiting. Before `welcome` exactly one
/// frame is taken, of at most 16 KB, within five seconds.
final class SocketSession: WebSocketSession {
    private enum Stage {
        /// Waiting for `hello`.
        case fresh
        /// `hello` is being checked.
        case opening
        case open(any OpenSession)
        case closed
    }

    static let firstFrameLimit = 16 * 1024
    static let helloPeriod: Duration = .seconds(5)

    let connection: any ClientConnection
    let origin: String?
    let gateway: Gateway
    private let stage = Mutex(Stage.fresh)

    init(connection: any ClientConnection, origin: String?, gateway: Gateway) {
        self.connection = connection
        self.origin = origin
        self.gateway = gateway
    }

    func received(_ text: [UInt8]) {
        let stage = stage.withLock { stage in
            let before = stage
            if case .fresh = stage { stage = .opening }
            return before
        }
        switch stage {
        case .open(let session): session.received(text)
        case .fresh: openWith(text)
        case .opening:
            refuse(WireFault(.unauthenticated, "Wait for welcome first", close: .badFrame))
        case .closed: break
        }
    }

    func closed() {
        gateway.pending.remove(self)
        let session: (any OpenSession)? = stage.withLock { stage in
            defer { stage = .closed }
            if case .open(let session) = stage { return session }
            return nil
        }
        session?.closed()
    }

    /// Closes a connection that has said nothing in time.
    func expire() {
        let isOverdue = stage.withLock { stage in
            if case .fresh = stage { return true }
            return false
        }
        if isOverdue {
            refuse(WireFault(.unauthenticated, "No hello within 5 s", close: .unauthenticated))
        }
    }

    /// Enters the conversation of frames; false when the connection has gone meanwhile.
    func enter(_ session: any OpenSession) -> Bool {
        stage.withLock { stage in
            guard case .opening = stage else { return false }
            stage = .open(session)
            return true
        }
    }

    /// Says what is wrong and, where the fault says so, hangs up; the log has a line of it.
    func refuse(_ fault: WireFault) {
        note(fault)
        tell(fault)
    }

    /// Says what is the matter, as ``refuse(_:)`` does, to a client who has done nothing wrong.
    func tell(_ fault: WireFault) {
        connection.send(ServerFrame.err(fault))
        if let close = fault.close { connection.close(close.rawValue, close.name) }
    }

    /// Tells a client that it has to fetch a conversation anew.
    func tellToFetchAnew(_ c: String) {
        gateway.returns.countResync()
        connection.send(ServerFrame.resync(c: c))
    }

    func misbehaved(_ how: String) {
        gateway.refusals.note(socketOf: connection.address, how)
    }

    /// A line in the log for what a well-meaning client does not do.
    private func note(_ fault: WireFault) {
        let address = connection.address
        switch fault.close {
        case nil where fault.error == .rateLimited:
            gateway.refusals.note(tooMany: "frames", from: address)
        case nil, .overloaded: break
        case let close?: gateway.refusals.note(socketOf: address, close.name)
        }
    }

    private func openWith(_ text: [UInt8]) {
        gateway.pending.remove(self)
        guard text.count <= Self.firstFrameLimit else {
            refuse(WireFault(.tooLarge, "The first frame may have 16 KB", close: .tooBig))
            return
        }
        let frame: ReceivedFrame
        do throws(WireFault) {
            frame = try ReceivedFrame(text)
            guard frame.envelope.t == "hello" else {
                throw WireFault(.unauthenticated, "Say hello first", close: .unauthenticated)
                    .answering(re: frame.envelope.id)
            }
        } catch {
            var fault = error
            fault.close = fault.close ?? .badFrame
            refuse(fault)
            return
        }
        SessionOpening(socket: self, gateway: gateway, frame: frame).run()
    }
}

/// A session whose client has been recognised.
protocol OpenSession: Subscriber {
    /// On the loop thread; must not block.
    func received(_ text: [UInt8])
    func closed()
}
