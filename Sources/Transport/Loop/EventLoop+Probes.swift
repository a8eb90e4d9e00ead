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

    /// Closes connections whose client has hung up before its answer.
    ///
    /// libwebsockets does not watch a socket between request and answer, so we look ourselves.
    private func probeClients() {
        var isAnyWaiting = false
        for channel in Array(channels.all) {
            guard let handle = channel.handle, case .waiting = channel.exchange?.stage else {
                continue
            }
            isAnyWaiting = true
            var byte: UInt8 = 0
            let flags = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
            let count = recv(lws_get_socket_fd(handle.pointer), &byte, 1, flags)
            let isGone = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
            guard isGone else { continue }
            lws_set_timeout(handle.pointer, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC)
        }
        if !isAnyWaiting { resources?.stopProbes() }
    }
}
