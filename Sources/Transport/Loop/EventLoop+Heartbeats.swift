internal import CLibWebSockets
internal import Synchronization

// Whether the clients of WebSockets are still there (decision 0036).
extension EventLoop {
    /// Enters from libuv's timer.
    nonisolated static func beat(_ owner: UnsafeMutableRawPointer?) {
        guard let owner else { return }
        let loop = Unmanaged<EventLoop>.fromOpaque(owner).takeUnretainedValue()
        loop.assumeIsolated { $0.beat() }
    }

    /// Pings those who have been silent for a heartbeat, and hangs up on those who do not answer.
    ///
    /// Nobody is hung up on just because they were heard long ago, for it may have been this process that
    /// slept: they are asked, or take nothing that is sent to them.
    private func beat() {
        let heartbeat = UInt64(options.heartbeatSeconds) * 1000
        let patience = UInt64(options.silenceSeconds) * 1000 - heartbeat
        var isAnyOpen = false
        for channel in channels.all {
            guard let state = channel.webSocket, let handle = channel.handle else { continue }
            isAnyOpen = true
            guard state.closing == .open else { continue }
            if let pingedAt = state.pingedAt {
                if now &- pingedAt >= patience, !handle.hasMore { hangUp(handle) }
            } else if now &- state.heardAt >= heartbeat {
                state.pingedAt = now
                state.owesPing = true
                mark(channel, state)
            }
        }
        if !isAnyOpen { resources?.stopBeats() }
    }

    /// Notes that something has come of a client.
    func heard(_ state: WebSocketState) {
        state.heardAt = now
        state.pingedAt = nil
    }

    /// Notes the answer to a ping.
    func ponged(_ channel: Channel) -> Int32 {
        if let state = channel.webSocket { heard(state) }
        return 0
    }
}
