internal import CLibWebSockets

/// The C memory of one loop: everything libuv and libwebsockets keep pointers to.
///
/// Made, used and freed on the loop thread.
final class LoopResources {
    let loop = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
    let prepare = UnsafeMutablePointer<uv_prepare_t>.allocate(capacity: 1)
    let check = UnsafeMutablePointer<uv_check_t>.allocate(capacity: 1)
    private let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    private let beats = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    private let foreignLoops =
        UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1)
    private let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
    private let policy = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)
    private var strings: [UnsafeMutablePointer<CChar>] = []
    private(set) var context: LoopHandle?
    private(set) var vhost: LoopHandle?

    init(_ options: TransportOptions) throws(TransportError) {
        prepare.initialize(to: uv_prepare_t())
        check.initialize(to: uv_check_t())
        timer.initialize(to: uv_timer_t())
        beats.initialize(to: uv_timer_t())
        foreignLoops.initialize(to: UnsafeMutableRawPointer(loop))
        protocols.initialize(repeating: lws_protocols(), count: 2)
        // Without times: pings are ours (decision 0036).
        policy.initialize(to: lws_retry_bo_t())
        guard uv_loop_init(loop) == 0 else { throw .loop("uv_loop_init") }
    }

    /// Creates context and virtual host; `owner` comes back from `lws_context_user`.
    func open(
        _ options: TransportOptions,
        owner: UnsafeMutableRawPointer
    ) throws(TransportError) {
        // One protocol: it takes the HTTP callbacks too, being the first.
        protocols[0].name = string(options.subprotocol)
        protocols[0].callback = serviceLoop
        // Allocated for each WebSocket; longer messages arrive in pieces of it.
        protocols[0].rx_buffer_size = 2048
        // 0 would cap each send() at the service buffer and copy the rest.
        protocols[0].tx_packet_size = EventLoop.batchBytes

        var info = lws_context_creation_info()
        // Not CONTEXT_PORT_NO_LISTEN: with that, adopted sockets are served in clear text.
        info.port = CONTEXT_PORT_NO_LISTEN_SERVER
        info.protocols = UnsafePointer(protocols)
        info.foreign_loops = foreignLoops
        info.user = owner
        info.options = maitred_lws_context_options
        info.pt_serv_buf_size = 16_384
        info.max_http_header_data = UInt16(clamping: options.maximumHeaderBytes)
        info.timeout_secs = UInt32(clamping: options.requestSeconds)
        info.keepalive_timeout = Int32(clamping: options.keepAliveSeconds)
        info.retry_and_idle_policy = UnsafePointer(policy)
        // TLS gives its record buffers of 34 KB back while nothing is under way: libwebsockets 4.1.6
        // sets SSL_MODE_RELEASE_BUFFERS itself, and a test in Tests/Contract/test_tls.py holds it to that.
        if let tls = options.tls {
            info.options |= maitred_lws_tls_options
            info.ssl_cert_filepath = string(tls.certificate)
            info.ssl_private_key_filepath = string(tls.key)
            info.alpn = string("http/1.1")
        }
        guard let context = lws_create_context(&info) else { throw .loop("lws_create_context") }
        self.context = LoopHandle(pointer: context)
        guard let vhost = lws_create_vhost(context, &info) else {
            throw .loop("lws_create_vhost")
        }
        self.vhost = LoopHandle(pointer: vhost)
    }

    /// Runs `turn` before and after the loop waits for sockets.
    func startTurns(owner: UnsafeMutableRawPointer) throws(TransportError) {
        guard
            uv_prepare_init(loop, prepare) == 0, uv_check_init(loop, check) == 0,
            uv_timer_init(loop, timer) == 0, uv_timer_init(loop, beats) == 0
        else { throw .loop("uv_prepare_init") }
        timer.pointee.data = owner
        beats.pointee.data = owner
        prepare.pointee.data = owner
        check.pointee.data = owner
        uv_prepare_start(prepare, prepareTurn)
        uv_check_start(check, checkTurn)
    }

    /// Looks after waiting clients twice a second, until ``stopProbes()``.
    func startProbes() {
        guard uv_is_active(uvHandle(timer)) == 0 else { return }
        uv_timer_start(timer, probe, 500, 500)
    }

    func stopProbes() {
        uv_timer_stop(timer)
    }

    /// Looks after the clients of WebSockets, until ``stopBeats()``.
    func startBeats() {
        guard uv_is_active(uvHandle(beats)) == 0 else { return }
        uv_timer_start(beats, beat, 500, 500)
    }

    func stopBeats() { uv_timer_stop(beats) }

    /// Frees everything, in the one order that leaves nothing behind.
    func destroy() {
        for handle in [uvHandle(prepare), uvHandle(check), uvHandle(timer), uvHandle(beats)]
        where handle.pointee.type != UV_UNKNOWN_HANDLE {
            uv_close(handle, nil)
        }
        if let context {
            // The first call starts closing handles on our loop, the second frees the context.
            lws_context_destroy(context.pointer)
            while uv_run(loop, UV_RUN_NOWAIT) != 0 {}
            lws_context_destroy(context.pointer)
        }
        while uv_run(loop, UV_RUN_NOWAIT) != 0 {}
        let closed = uv_loop_close(loop)
        assert(closed == 0, "a handle was left open on the loop")
        context = nil
        vhost = nil
        for string in strings { string.deallocate() }
        strings = []
    }

    deinit {
        loop.deallocate()
        prepare.deallocate()
        check.deallocate()
        timer.deallocate()
        beats.deallocate()
        foreignLoops.deallocate()
        protocols.deallocate()
        policy.deallocate()
    }

    private func string(_ text: String) -> UnsafePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            copy.initialize(from: base, count: buffer.count)
        }
        strings.append(copy)
        return UnsafePointer(copy)
    }

    private func uvHandle(_ handle: UnsafeMutablePointer<some Any>) -> UnsafeMutablePointer<
        uv_handle_t
    > {
        UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
    }
}

private func prepareTurn(_ handle: UnsafeMutablePointer<uv_prepare_t>?) {
    EventLoop.turn(handle?.pointee.data, isBeforePoll: true)
}

private func checkTurn(_ handle: UnsafeMutablePointer<uv_check_t>?) {
    EventLoop.turn(handle?.pointee.data, isBeforePoll: false)
}

private func probe(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    EventLoop.probeClients(handle?.pointee.data)
}

private func beat(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    EventLoop.beat(handle?.pointee.data)
}
