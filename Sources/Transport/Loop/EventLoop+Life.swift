internal import CLibWebSockets
internal import Glibc

extension EventLoop {
    /// Starts the loop's thread and returns once it serves.
    nonisolated func start() async throws(TransportError) {
        let result = await withCheckedContinuation {
            (ready: CheckedContinuation<Result<Void, TransportError>, Never>) in
            startThread(named: "maitred-loop-\(index)") { self.run(ready) }
        }
        try result.get()
    }

    /// Answers every WebSocket with a close frame and lets requests under way finish.
    func closeAll(_ code: UInt16, _ reason: String) {
        for channel in Array(channels.all) {
            closeAfterFlush(channel.id, code, reason)
        }
    }

    /// The WebSockets open now.
    func webSockets() -> [ChannelID] {
        channels.all.filter { $0.webSocket != nil }.map(\.id)
    }

    /// True while a WebSocket is open or a request is being answered.
    var isBusy: Bool {
        channels.all.contains { $0.webSocket != nil || $0.exchange?.isOver == false }
    }

    /// Ends the thread, dropping open connections; returns when all memory is free.
    func stop() async {
        guard let resources, !isStopping else { return }
        isStopping = true
        await withCheckedContinuation { continuation in
            whenEnded = continuation
            executor.close()
            uv_stop(resources.loop)
        }
    }

    /// Loads the certificate anew for handshakes to come.
    ///
    /// libwebsockets says nothing of failures: the pair has been checked by the caller.
    func reloadCertificates() {
        guard let tls = options.tls, let context = resources?.context else { return }
        lws_tls_cert_updated(context.pointer, tls.certificate, tls.key, nil, 0, nil, 0)
    }

    /// The thread's whole life.
    private nonisolated func run(
        _ ready: CheckedContinuation<Result<Void, TransportError>, Never>
    ) {
        executor.begin()
        let loop: LoopPointer
        do throws(TransportError) {
            loop = try openIsolated()
        } catch {
            assumeIsolated { $0.tearDown() }
            executor.end()
            ready.resume(returning: .failure(error))
            return
        }
        ready.resume(returning: .success(()))
        uv_run(loop.pointer, UV_RUN_DEFAULT)
        let ended = assumeIsolated { loop in
            loop.tearDown()
            return loop.whenEnded
        }
        executor.end()
        ended?.resume()
    }

    private nonisolated func openIsolated() throws(TransportError) -> LoopPointer {
        let result: Result<LoopPointer, TransportError> = assumeIsolated { loop in
            do throws(TransportError) {
                return .success(try loop.open())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func open() throws(TransportError) -> LoopPointer {
        let resources = try LoopResources(options)
        self.resources = resources
        let owner = Unmanaged.passUnretained(self).toOpaque()
        try resources.open(options, owner: owner)
        try resources.startTurns(owner: owner)
        if let context = resources.context { executor.open(context) }
        return LoopPointer(pointer: resources.loop)
    }

    private func tearDown() {
        executor.close()
        resources?.destroy()
        for channel in Array(channels.all) { release(channel) }
        resources = nil
    }
}

/// A libuv loop on its way to the thread that runs it.
struct LoopPointer: @unchecked Sendable {
    // Safe because it is used on the loop thread only.
    let pointer: UnsafeMutablePointer<uv_loop_t>
}

/// Closes a descriptor; Swift's actors have methods of that name.
func closeSocket(_ socket: Int32) {
    close(socket)
}
