internal import CLibWebSockets
internal import Glibc
internal import Synchronization

// How WebSockets end.
extension EventLoop {
    /// Seconds a client that does not read has to take what is under way and the close frame.
    private static let slowConsumerSeconds: Int32 = 5

    /// Takes a client's close frame, which libwebsockets echoes unless it is at fault.
    ///
    /// Half a code it would echo as well, and a reason that ends inside a character.
    func peerCloses(_ event: LoopEvent, on channel: Channel) -> Int32 {
        // What follows a close frame is nobody's (RFC 6455, 5.5.1).
        channel.webSocket?.isPeerDone = true
        if event.bytes.count == 1 {
            setCloseReason(event.handle.pointer, 1002, "half a close code")
            return -1
        }
        guard String(validating: event.bytes.dropFirst(2), as: UTF8.self) != nil else {
            setCloseReason(event.handle.pointer, 1007, "the reason is not UTF-8")
            return -1
        }
        return 0
    }

    /// Closes a WebSocket once its queue is empty.
    func closeAfterFlush(_ id: ChannelID, _ code: UInt16, _ reason: String) {
        guard let channel = channels.find(id), let state = channel.webSocket,
            state.closing == .open
        else { return }
        state.closing = .afterFlush(code, reason)
        if state.outbound.isEmpty, !state.isChoked {
            leaving.append(channel)
        } else {
            limitWait(channel)
        }
    }

    /// Gives up what waits for a client that does not read.
    func hangUpOnSlowConsumer(_ channel: Channel, _ state: WebSocketState) {
        counters.slowConsumers.add(1, ordering: .relaxed)
        state.outbound.removeAll()
        state.closing = .afterFlush(options.closeCodes.slowConsumer, "slow consumer")
        limitWait(channel)
    }

    /// Drops a connection whose socket failed, without a close frame.
    func abandon(_ channel: Channel, _ state: WebSocketState) {
        guard let handle = channel.handle else { return }
        state.closing = .started
        state.outbound.removeAll()
        hangUp(handle)
    }

    /// Whether a connection that is over ended by its client's silence: a half-open one.
    ///
    /// A client that is gone, and not silent, shows at the socket.
    func isSilent(_ state: WebSocketState, _ handle: LoopHandle?) -> Bool {
        guard state.closing == .open, !state.isPeerDone, let handle, !handle.hasMore else {
            return false
        }
        return now &- state.heardAt >= UInt64(options.silenceSeconds) * 1000
    }

    /// Sends the close frames that are due, outside of any connection's callback.
    func closeLeaving() {
        guard !leaving.isEmpty else { return }
        let channels = leaving
        leaving = []
        for channel in channels {
            guard let handle = channel.handle, let state = channel.webSocket,
                case .afterFlush(let code, let reason) = state.closing
            else { continue }
            state.closing = .started
            setCloseReason(handle.pointer, code, reason)
            lws_set_timeout(
                handle.pointer,
                PENDING_TIMEOUT_USER_REASON_BASE,
                LWS_TO_KILL_SYNC
            )
        }
        // For the time in which they answer; see ``hangUp(_:after:)``.
        executor.wake()
    }

    /// Sets what the close frame will say; a reason has at most 123 bytes.
    func setCloseReason(_ wsi: OpaquePointer, _ code: UInt16, _ reason: String) {
        var text = Substring(reason)
        while text.utf8.count > 123 { text.removeLast() }
        var bytes = Array(text.utf8)
        bytes.withUnsafeMutableBufferPointer { buffer in
            lws_close_reason(
                wsi,
                lws_close_status(UInt32(code)),
                buffer.baseAddress,
                buffer.count
            )
        }
    }

    private func limitWait(_ channel: Channel) {
        guard let handle = channel.handle else { return }
        hangUp(handle, after: Self.slowConsumerSeconds)
    }
}

extension LoopHandle {
    /// Whether there is something to read on its socket: bytes, its end, or an error.
    var hasMore: Bool {
        var byte: UInt8 = 0
        let flags = Int32(MSG_PEEK | MSG_DONTWAIT)
        return recv(lws_get_socket_fd(pointer), &byte, 1, flags) >= 0 || errno != EAGAIN
    }
}
