internal import CLibWebSockets
internal import Glibc

// Clients that go away while the application works for them.
extension EventLoop {
    /// Enters from libuv's timer.
    nonisolated static func probeClients(_ owner: UnsafeMutableRawPointer?) {
        guard let owner else { return }
        let loop = Unmanaged<EventLoop>.fromOpaque(owner).takeUnretainedValue()
        loop.assumeIsolated { $0.probeClients() }
    }

    /// Closes connections whose client has hung up before its answer, and ends bodies that do not
    /// get on.
    private func probeClients() {
        var isAnyWaiting = false
        for channel in Array(channels.all) {
            guard let handle = channel.handle, let exchange = channel.exchange else { continue }
            switch exchange.stage {
            case .waiting: closeIfGone(handle)
            case .receiving where exchange.expectedBytes > 0:
                if now >= exchange.deadline { hangUp(handle) }
            case .streaming, .lingering: checkPace(of: exchange, handle)
            default: continue
            }
            isAnyWaiting = true
        }
        if !isAnyWaiting { resources?.stopProbes() }
    }

    /// libwebsockets does not watch a socket between request and answer, so we look ourselves.
    private func closeIfGone(_ handle: LoopHandle) {
        var byte: UInt8 = 0
        let flags = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
        let count = recv(lws_get_socket_fd(handle.pointer), &byte, 1, flags)
        let isGone = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
        if isGone { hangUp(handle) }
    }

    /// Closes a connection, from outside of its callback.
    func hangUp(_ handle: LoopHandle) { hangUp(handle, after: LWS_TO_KILL_ASYNC) }

    /// Closes a connection after so many seconds, from outside of its callback.
    func hangUp(_ handle: LoopHandle, after seconds: Int32) {
        lws_set_timeout(handle.pointer, PENDING_TIMEOUT_USER_REASON_BASE, seconds)
        // libwebsockets looks at its list of times when something happens on a socket, and on this one
        // perhaps nothing does.
        executor.wake()
    }
}
