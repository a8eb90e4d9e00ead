internal import CLibWebSockets
internal import Logging
internal import Synchronization

/// One libwebsockets context on its own thread; the thread is the actor's executor.
///
/// C callbacks enter with `assumeIsolated`, so a call from a wrong thread traps. What other
/// threads leave in the mailbox is delivered in ``turn()``, which runs outside of any connection's
/// callback: the only place where libwebsockets lets a connection be closed with a close frame.
actor EventLoop {
    /// The most that is given to a socket at once.
    static let batchBytes = 65_536

    nonisolated let executor = LoopExecutor()
    nonisolated let counters = LoopCounters()
    nonisolated let index: Int
    nonisolated let options: TransportOptions
    nonisolated let extraHeaders: [RequestHead.ExtraHeader]
    nonisolated let shared: ServerState
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    var channels = ChannelTable()
    var resources: LoopResources?
    /// Connections with frames to write in this turn.
    var marked: [Channel] = []
    /// Connections to close in this turn.
    var leaving: [Channel] = []
    let buffer = WriteBuffer(capacity: batchBytes)
    var exchangeNumber: UInt64 = 0
    var date = DateHeader()
    var isStopping = false
    /// Callbacks come from sockets that are ready, not from what libwebsockets had put aside.
    var isPolling = false
    /// Something has happened since the last rest.
    var isActive = false
    /// Rounds of the loop in which nothing happened.
    private var idleTurns = 0
    /// Resumed when the thread has freed everything.
    var whenEnded: CheckedContinuation<Void, Never>?
    private var spareMail: [LoopMail] = []

    init(index: Int, options: TransportOptions, shared: ServerState) {
        self.index = index
        self.options = options
        extraHeaders = options.extraHeaders.compactMap(RequestHead.ExtraHeader.init)
        self.shared = shared
    }

    /// Loop time in milliseconds, read once per turn by libuv.
    var now: UInt64 {
        guard let resources else { return 0 }
        return uv_now(resources.loop)
    }

    // MARK: - Turns

    /// Enters a turn from libuv.
    nonisolated static func turn(_ owner: UnsafeMutableRawPointer?, isBeforePoll: Bool) {
        guard let owner else { return }
        let loop = Unmanaged<EventLoop>.fromOpaque(owner).takeUnretainedValue()
        loop.assumeIsolated {
            $0.turn()
            $0.isPolling = isBeforePoll
            if !isBeforePoll { $0.restIfIdle() }
        }
    }

    /// Runs jobs, delivers mail and writes what is to be written, until nothing is left.
    private func turn() {
        var passes = 0
        var mail: [LoopMail] = []
        swap(&mail, &spareMail)
        while executor.drain(into: &mail) || !marked.isEmpty || !leaving.isEmpty {
            isActive = true
            for item in mail { deliver(item) }
            mail.removeAll(keepingCapacity: true)
            flushMarked()
            closeLeaving()
            passes += 1
            if passes == 8 {
                // Sockets want their turn too; come back at once.
                executor.wake()
                break
            }
        }
        if mail.capacity < 4096 { spareMail = mail }
    }

    /// Waits a little for sockets when the loop goes round and round for nothing.
    ///
    /// While a request is answered and another waits behind it, libwebsockets never lets the loop
    /// sleep, although it can do nothing until the answer is there.
    private func restIfIdle() {
        idleTurns = isActive ? 0 : idleTurns + 1
        isActive = false
        guard idleTurns > 32, let resources else { return }
        waitForInput(uv_backend_fd(resources.loop), milliseconds: 2)
    }

    private func deliver(_ mail: LoopMail) {
        switch mail {
        case .frame(let id, let bytes, let droppable):
            enqueue(bytes, droppable: droppable, on: id)
        case .replay(let id, let frames): enqueue(frames, on: id)
        case .close(let id, let code, let reason): closeAfterFlush(id, code, reason)
        case .answer(let id, let number, let box): answer(id, number, box.response)
        case .readOn(let id, let number): readOn(id, number)
        case .piece(let id, let number, let bytes): continueAnswer(id, number, with: bytes)
        case .adopt(let socket, let peer): adopt(socket, from: peer)
        }
    }

    // MARK: - Sockets

    private func adopt(_ socket: Int32, from peer: NetworkAddress) {
        guard let vhost = resources?.vhost else {
            closeSocket(socket)
            forget(peer, settled: false)
            return
        }
        let channel = channels.insert(peer: peer)
        var info = lws_adopt_desc_t()
        info.vh = vhost.pointer
        info.type = lws_adoption_type(
            LWS_ADOPT_HTTP.rawValue | LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_ALLOW_SSL.rawValue
        )
        info.fd.sockfd = socket
        // Slot 0 must not look like "none".
        info.opaque = UnsafeMutableRawPointer(bitPattern: Int(channel.id.slot) + 1)
        guard let pointer = lws_adopt_descriptor_vhost_via_info(&info) else {
            release(channel)
            return
        }
        channel.handle = LoopHandle(pointer: pointer)
    }

    /// The channel of a connection; nil once it is over, and for libwebsockets' own.
    func channel(of handle: LoopHandle) -> Channel? {
        guard let opaque = lws_get_opaque_user_data(handle.pointer) else { return nil }
        return channels.at(Int(bitPattern: opaque) - 1)
    }

    /// Forgets a channel whose connection is over; the application hears of it.
    func release(_ channel: Channel) {
        guard channels.remove(channel.id) != nil else { return }
        let handle = channel.handle
        if let handle { lws_set_opaque_user_data(handle.pointer, nil) }
        channel.handle = nil
        let phase = channel.phase
        channel.phase = .idle
        forget(channel.peer, settled: channel.isSettled)
        switch phase {
        case .idle: break
        case .exchange(let exchange): exchange.cancel()
        case .upgrading(let client, _): shared.ledger.close(client)
        case .webSocket(let state):
            shared.ledger.close(state.client)
            counters.webSockets.subtract(1, ordering: .relaxed)
            if isSilent(state, handle) { counters.heartbeatsLost.add(1, ordering: .relaxed) }
            state.session.closed()
        }
    }

    /// Notes the first request of a socket.
    func settle(_ channel: Channel) {
        guard !channel.isSettled else { return }
        channel.isSettled = true
        shared.ledger.settle(channel.peer)
    }

    private func forget(_ peer: NetworkAddress, settled: Bool) {
        counters.connections.subtract(1, ordering: .relaxed)
        shared.ledger.leave(peer, settled: settled)
    }
}

/// What the loops of a server have in common.
final class ServerState: Sendable {
    let application: any Application
    let ledger: AddressLedger
    let logger: Logger
    /// 80 random bytes: a session resumes on whichever loop it lands.
    let ticketKeys: [UInt8]
    /// Upgrades are refused because the server is about to stop.
    let isDraining = Atomic<Bool>(false)

    init(application: any Application, options: TransportOptions, logger: Logger) {
        self.application = application
        self.logger = logger
        ledger = AddressLedger(options)
        var random = SystemRandomNumberGenerator()
        ticketKeys = (0..<80).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}
