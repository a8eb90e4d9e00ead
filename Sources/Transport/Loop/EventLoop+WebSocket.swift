internal import CLibWebSockets
internal import Synchronization

// WebSockets on their loop: messages in, frames out, and the end.
extension EventLoop {
    // MARK: - In

    func established(_ channel: Channel) -> Int32 {
        guard case .upgrading(let client, let makeSession) = channel.phase else { return -1 }
        let connection = WebSocketConnection(
            loop: index,
            channel: channel.id,
            address: client,
            executor: executor
        )
        let session = makeSession(connection)
        channel.phase = .webSocket(
            WebSocketState(session: session, client: client, now: now)
        )
        counters.webSockets.add(1, ordering: .relaxed)
        resources?.startBeats()
        return 0
    }

    func received(_ event: LoopEvent, on channel: Channel) -> Int32 {
        guard let state = channel.webSocket, state.closing == .open, !state.isPeerDone else {
            return 0
        }
        let wsi = event.handle.pointer
        heard(state)
        guard lws_frame_is_binary(wsi) == 0 else {
            return refuse(state, wsi, 1003, "text frames only")
        }
        let outcome = state.assembler.add(
            event.bytes,
            remaining: lws_remaining_packet_payload(wsi),
            isFinal: lws_is_final_fragment(wsi) != 0,
            limit: options.maximumMessageBytes
        )
        switch outcome {
        case .incomplete: return 0
        case .tooBig: return refuse(state, wsi, options.closeCodes.tooBig, "message too big")
        case .message(let text):
            counters.messagesReceived.add(1, ordering: .relaxed)
            counters.bytesReceived.add(text.count, ordering: .relaxed)
            state.session.received(text)
            return 0
        }
    }

    /// Ends a connection from its own receive callback.
    private func refuse(
        _ state: WebSocketState,
        _ wsi: OpaquePointer,
        _ code: UInt16,
        _ reason: String
    ) -> Int32 {
        state.closing = .started
        state.outbound.removeAll()
        setCloseReason(wsi, code, reason)
        state.session.misbehaved(reason)
        return -1
    }

    // MARK: - Out

    func enqueue(_ bytes: [UInt8], droppable: Bool, on id: ChannelID) {
        guard let channel = channels.find(id), let state = channel.webSocket,
            state.closing == .open
        else { return }
        let frames = options.outboundFrames
        let limit = options.outboundBytes
        // A burst to a client that reads is no reason to call it slow: write first, then judge.
        if !state.isChoked, state.outbound.isFull(for: bytes.count, frames: frames, bytes: limit) {
            flush(channel, state)
        }
        let outcome = state.outbound.append(
            bytes,
            droppable: droppable,
            frames: frames,
            bytes: limit
        )
        switch outcome {
        case .queued: break
        case .dropped(let count): counters.framesDropped.add(count, ordering: .relaxed)
        case .overflow: hangUpOnSlowConsumer(channel, state)
        }
        mark(channel, state)
    }

    /// Bytes of replayed frames that a client may leave unread before it asks for more.
    private static var replayLimit: Int { 8 << 20 }

    func enqueue(_ frames: [[UInt8]], on id: ChannelID) {
        guard let channel = channels.find(id), let state = channel.webSocket,
            state.closing == .open
        else { return }
        // One replay is bounded by its sender; asking for the next without reading the last is not.
        if state.outbound.uncountedBytes > Self.replayLimit {
            hangUpOnSlowConsumer(channel, state)
        } else {
            state.outbound.append(uncounted: frames)
        }
        mark(channel, state)
    }

    func writable(_ channel: Channel) -> Int32 {
        guard let state = channel.webSocket, let handle = channel.handle else { return 0 }
        if state.isChoked, lws_partial_buffered(handle.pointer) == 0 {
            state.isChoked = false
            // Whoever takes what is sent is there, however long it takes them.
            heard(state)
        }
        flush(channel, state)
        return 0
    }

    func flushMarked() {
        guard !marked.isEmpty else { return }
        var channels: [Channel] = []
        swap(&channels, &marked)
        for channel in channels {
            guard let state = channel.webSocket else { continue }
            state.isMarked = false
            flush(channel, state)
        }
        channels.removeAll(keepingCapacity: true)
        if marked.isEmpty { swap(&channels, &marked) }
    }

    func mark(_ channel: Channel, _ state: WebSocketState) {
        guard !state.isMarked, !state.isChoked else { return }
        state.isMarked = true
        marked.append(channel)
    }

    /// Gives the socket what waits for it, many frames to a write, until it takes no more.
    private func flush(_ channel: Channel, _ state: WebSocketState) {
        guard let handle = channel.handle, state.closing != .started else { return }
        while !state.isChoked, state.owesPing || !state.outbound.isEmpty {
            let (length, frames) = fillBuffer(from: state)
            guard write(length, to: handle, LWS_WRITE_HTTP_HEADERS) else {
                abandon(channel, state)
                return
            }
            counters.framesSent.add(frames, ordering: .relaxed)
            if lws_partial_buffered(handle.pointer) != 0 {
                state.isChoked = true
                lws_callback_on_writable(handle.pointer)
            }
        }
        if !state.isChoked, case .afterFlush = state.closing { leaving.append(channel) }
    }

    /// Puts whole frames, headers included, into the buffer; returns bytes and frames of text.
    ///
    /// libwebsockets would write each frame by itself, a system call each. Only whole frames are
    /// given to it, so that its own pongs fall between them.
    private func fillBuffer(from state: WebSocketState) -> (length: Int, frames: Int) {
        var offset = 0
        var frames = 0
        if state.owesPing {
            offset = FrameHeader.writePing(to: buffer.start)
            state.owesPing = false
        }
        while let frame = state.outbound.first {
            let needed = offset + frame.bytes.count + FrameHeader.maximumBytes
            if needed > Self.batchBytes {
                guard offset == 0 else { break }
                buffer.grow(to: needed)
            }
            offset += FrameHeader.write(textOf: frame.bytes.count, to: buffer.start + offset)
            buffer.copy(frame.bytes[...], to: offset)
            offset += frame.bytes.count
            frames += 1
            state.outbound.removeFirst()
        }
        return (offset, frames)
    }

    /// Writes from the buffer; false when the socket is of no more use.
    func write(_ length: Int, to handle: LoopHandle, _ kind: lws_write_protocol) -> Bool {
        counters.bytesSent.add(length, ordering: .relaxed)
        return lws_write(handle.pointer, buffer.start, length, kind) >= 0
    }
}
