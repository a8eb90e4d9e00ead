internal import CLibWebSockets

/// What libwebsockets calls for everything that happens to a connection, on the loop thread.
///
/// Finds the loop, and hands over. Reasons that are not listed are none of ours.
func serviceLoop(
    _ wsi: OpaquePointer?,
    _ reason: lws_callback_reasons,
    _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?,
    _ length: Int
) -> Int32 {
    switch reason {
    case LWS_CALLBACK_RECEIVE, LWS_CALLBACK_SERVER_WRITEABLE, LWS_CALLBACK_ESTABLISHED,
        LWS_CALLBACK_HTTP, LWS_CALLBACK_HTTP_BODY, LWS_CALLBACK_HTTP_BODY_COMPLETION,
        LWS_CALLBACK_HTTP_WRITEABLE, LWS_CALLBACK_HTTP_CONFIRM_UPGRADE, LWS_CALLBACK_CLOSED,
        LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_WSI_DESTROY,
        LWS_CALLBACK_WS_PEER_INITIATED_CLOSE, LWS_CALLBACK_RECEIVE_PONG, LWS_CALLBACK_RAW_ADOPT:
        guard let wsi, let loop = eventLoop(of: wsi) else { return 0 }
        let event = LoopEvent(
            handle: LoopHandle(pointer: wsi),
            reason: reason,
            bytes: UnsafeRawBufferPointer(start: input, count: input == nil ? 0 : length)
        )
        return loop.assumeIsolated { $0.handle(event) }
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
        guard let wsi, let loop = eventLoop(of: wsi), let user else { return 0 }
        loop.shared.ticketKeys.withUnsafeBytes { keys in
            _ = maitred_set_ticket_keys(user, keys.baseAddress, keys.count)
        }
        // What is not restricted does not serve.
        return maitred_restrict_tls(user) == 1 ? 0 : 1
    default: return 0
    }
}

private func eventLoop(of wsi: OpaquePointer) -> EventLoop? {
    guard let user = lws_context_user(lws_get_context(wsi)) else { return nil }
    return Unmanaged<EventLoop>.fromOpaque(user).takeUnretainedValue()
}

/// One callback's arguments.
struct LoopEvent: @unchecked Sendable {
    // Safe because it lives for the callback only, on the loop thread.
    let handle: LoopHandle
    let reason: lws_callback_reasons
    let bytes: UnsafeRawBufferPointer
}

extension EventLoop {
    /// Leads a callback to its handler; what it returns goes back to libwebsockets.
    func handle(_ event: LoopEvent) -> Int32 {
        guard let channel = channel(of: event.handle) else { return 0 }
        isActive = true
        switch event.reason {
        case LWS_CALLBACK_RECEIVE: return received(event, on: channel)
        case LWS_CALLBACK_RECEIVE_PONG: return ponged(channel)
        case LWS_CALLBACK_SERVER_WRITEABLE: return writable(channel)
        case LWS_CALLBACK_HTTP: return beginExchange(event, on: channel)
        case LWS_CALLBACK_HTTP_BODY: return bodyArrived(event, on: channel)
        case LWS_CALLBACK_HTTP_BODY_COMPLETION: return bodyCompleted(on: channel)
        case LWS_CALLBACK_HTTP_WRITEABLE: return continueAnswer(event.handle, on: channel)
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirmUpgrade(event, on: channel)
        case LWS_CALLBACK_ESTABLISHED: return established(channel)
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: return peerCloses(event, on: channel)
        case LWS_CALLBACK_RAW_ADOPT: return refuseTunnel(event.handle, on: channel)
        default:
            release(channel)
            return 0
        }
    }
}
