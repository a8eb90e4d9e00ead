internal import CLibWebSockets
internal import HTTPTypes
internal import Synchronization

// The decision on a WebSocket, while an HTTP answer is still possible.
extension EventLoop {
    /// Lets the handshake go on (0), or answers it with a status (1).
    func confirmUpgrade(_ event: LoopEvent, on channel: Channel) -> Int32 {
        settle(channel)
        guard
            let head = RequestHead(
                event.handle.pointer,
                path: nil,
                extraHeaders: extraHeaders
            )
        else { return -1 }
        if let response = refusal(of: head, event.handle.pointer) {
            tell(response.status, head, from: channel)
            return refuse(response, event.handle)
        }
        let origin = RequestOrigin(peer: channel.peer, headers: head.headers, options)
        guard shared.ledger.open(origin.client) else {
            counters.limited.add(1, ordering: .relaxed)
            tell(.tooManyRequests, head, from: channel)
            return refuse(
                Problem(.tooManyRequests, code: "rate_limited").response,
                event.handle
            )
        }
        let request = UpgradeRequest(
            path: head.path,
            query: head.query,
            headers: head.headers,
            origin: head.headers[.origin],
            address: origin.client,
            scheme: origin.scheme
        )
        switch shared.application.upgrade(request) {
        case .accept(let makeSession):
            channel.phase = .upgrading(origin.client, makeSession)
            return 0
        case .refuse(let response):
            shared.ledger.close(origin.client)
            if response.status == .tooManyRequests {
                counters.limited.add(1, ordering: .relaxed)
            }
            return refuse(response, event.handle)
        }
    }

    /// What libwebsockets would let through, or drop without a word.
    ///
    /// Headers are asked for where they are: as fields, each would be looked for among all of them.
    private func refusal(of head: RequestHead, _ wsi: OpaquePointer) -> Response? {
        func value(_ token: lws_token_indexes) -> Substring? {
            RequestHead.copy(token, of: wsi)?[...].trimmingSpaces()
        }
        // A body would be read as frames, and by a proxy perhaps as another request.
        if case .refused(let problem) = head.body(limit: 0) { return problem.response }
        guard value(WSI_TOKEN_UPGRADE)?.lowercased() == "websocket", head.method == .get else {
            return Problem(.badRequest, "only WebSocket upgrades are supported").response
        }
        guard value(WSI_TOKEN_VERSION) == "13" else {
            var response = Problem(.upgradeRequired, "WebSocket version 13 is required").response
            response.headers[.secWebSocketVersion] = "13"
            response.headers[.upgrade] = "websocket"
            return response
        }
        guard value(WSI_TOKEN_KEY)?.utf8.count == 24 else {
            return Problem(.badRequest, "malformed Sec-WebSocket-Key").response
        }
        let offered = value(WSI_TOKEN_PROTOCOL)?.split(separator: ",") ?? []
        guard offered.contains(where: { $0.trimmingSpaces() == options.subprotocol }) else {
            return Problem(.badRequest, "the subprotocol \(options.subprotocol) is required")
                .response
        }
        guard !shared.isDraining.load(ordering: .relaxed) else {
            var response = Problem(.serviceUnavailable, code: "overloaded").response
            response.headers[.retryAfter] = "5"
            return response
        }
        return nil
    }

    private func refuse(_ response: Response, _ handle: LoopHandle) -> Int32 {
        writeAtOnce(response, to: handle) ? 1 : -1
    }
}

extension Substring {
    func trimmingSpaces() -> Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
