internal import CLibWebSockets

// Bodies that are too large to hold: read by the application while they arrive, and made by it
// while the client takes them.
extension EventLoop {
    /// How long a client that has its answer may go on sending.
    private static let lingerMilliseconds: UInt64 = 10_000

    // MARK: - In

    /// Hands a request to the application before its body is there.
    func stream(_ exchange: Exchange, from channel: Channel, _ handle: LoopHandle) {
        let (id, number) = (channel.id, exchange.number)
        exchange.stream = BodyStream(length: exchange.expectedBytes) { [executor] in
            executor.post(.readOn(id, number))
        }
        exchange.pace = BodyPace(
            least: options.bodyPaceBytes,
            window: UInt64(options.bodyPaceSeconds) * 1000,
            at: now
        )
        submit(exchange, from: channel, handle)
    }

    /// Gives the application what has arrived; the socket rests when it cannot keep up.
    func pass(_ bytes: UnsafeRawBufferPointer, of exchange: Exchange, _ handle: LoopHandle) {
        exchange.pace.arrived(bytes.count, at: now)
        guard let stream = exchange.stream, stream.add(bytes) else { return }
        // At its end libwebsockets has other things to do with the socket than to rest.
        guard exchange.received < exchange.expectedBytes else { return }
        exchange.isPaused = true
        lws_rx_flow_control(handle.pointer, 0)
    }

    /// The application has caught up, or begins to read.
    func readOn(_ id: ChannelID, _ number: UInt64) {
        guard let channel = channels.find(id), let handle = channel.handle,
            let exchange = channel.exchange, exchange.number == number,
            case .streaming = exchange.stage
        else { return }
        if exchange.awaitsContinue {
            exchange.awaitsContinue = false
            guard writeContinue(to: handle) else { return hangUp(handle) }
        }
        resume(exchange, handle)
    }

    /// Nobody reads the body any more: what still comes is dropped.
    func dropRest(of exchange: Exchange, _ handle: LoopHandle) {
        exchange.stream?.fail(.cut)
        resume(exchange, handle)
    }

    func resume(_ exchange: Exchange, _ handle: LoopHandle) {
        guard exchange.isPaused else { return }
        exchange.isPaused = false
        exchange.pace.restart(at: now)
        lws_rx_flow_control(handle.pointer, 1)
    }

    func linger(_ exchange: Exchange) {
        exchange.stage = .lingering(until: now + Self.lingerMilliseconds)
        resources?.startProbes()
    }

    /// Ends a body that comes too slowly, and a connection that lingers too long.
    func checkPace(of exchange: Exchange, _ handle: LoopHandle) {
        // libwebsockets has a limit of its own for silence, which knows nothing of pauses of ours.
        lws_set_timeout(handle.pointer, NO_PENDING_TIMEOUT, 0)
        switch exchange.stage {
        case .streaming where !exchange.isPaused && exchange.pace.isTooSlow(at: now):
            exchange.stream?.fail(.tooSlow)
        case .lingering(let until) where now >= until: hangUp(handle)
        default: break
        }
    }

    // MARK: - Out

    /// Asks for the next piece of a response; it comes back as mail.
    func fetch(from source: BodySource, for exchange: Exchange, on channel: Channel) {
        let (id, number) = (channel.id, exchange.number)
        exchange.fetching = Task.detached { [executor] in
            let piece = try? await source.next()
            executor.post(.piece(id, number, piece))
        }
    }

    /// Goes on with a response whose next piece is there; without it the client sees it end early.
    func continueAnswer(_ id: ChannelID, _ number: UInt64, with piece: [UInt8]?) {
        guard let channel = channels.find(id), let handle = channel.handle,
            let exchange = channel.exchange, exchange.number == number,
            case .answering(var answer) = exchange.stage
        else { return }
        exchange.fetching = nil
        guard let piece, answer.take(piece) else { return hangUp(handle) }
        exchange.stage = .answering(answer)
        lws_callback_on_writable(handle.pointer)
    }
}
