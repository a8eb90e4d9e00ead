internal import CLibWebSockets
internal import HTTPTypes
internal import Synchronization

// HTTP requests on their loop: in whole, answered by the application, out in pieces.
extension EventLoop {
    // MARK: - In

    func beginExchange(_ event: LoopEvent, on channel: Channel) -> Int32 {
        settle(channel)
        let wsi = event.handle.pointer
        guard
            let head = RequestHead(wsi, path: event.bytes, extraHeaders: extraHeaders)
        else { return -1 }
        let isInPieces =
            head.headers[.contentLength] != nil
            && shared.application.takesBodyInPieces(head.method, head.path)
        switch head.body(limit: isInPieces ? .max : options.maximumBodyBytes) {
        case .refused(let problem):
            // What follows on this connection cannot be told from a body: it ends here.
            tell(problem.status, head, from: channel)
            _ = writeAtOnce(problem.response, to: event.handle)
            return -1
        case .none:
            let exchange = newExchange(head, expectedBytes: 0, on: channel)
            submit(exchange, from: channel, event.handle)
            return 0
        case .bytes(let length):
            // With the head of a pipelined request, libwebsockets 4.1 takes the same bytes for
            // its body and then never returns. RFC 9112 (9.3.2) lets a server close instead; the
            // client knows that the request was not taken.
            guard isPolling else { return -1 }
            let exchange = newExchange(head, expectedBytes: length, on: channel)
            exchange.awaitsContinue = head.headers[.expect]?.lowercased() == "100-continue"
            if isInPieces {
                stream(exchange, from: channel, event.handle)
                return 0
            }
            exchange.deadline = now + UInt64(options.bodyPaceSeconds) * 1000
            resources?.startProbes()
            return exchange.awaitsContinue && !writeContinue(to: event.handle) ? -1 : 0
        }
    }

    func bodyArrived(_ event: LoopEvent, on channel: Channel) -> Int32 {
        guard let exchange = channel.exchange else { return 0 }
        switch exchange.stage {
        case .receiving, .streaming: break
        default:
            // Nobody wants it any more; that it ends is still of interest.
            exchange.received += event.bytes.count
            return 0
        }
        guard exchange.received + event.bytes.count <= exchange.expectedBytes,
            // libwebsockets gives each byte new time, and takes back what the probes have said.
            now < exchange.deadline
        else { return -1 }
        exchange.received += event.bytes.count
        counters.bytesReceived.add(event.bytes.count, ordering: .relaxed)
        if exchange.stream != nil {
            pass(event.bytes, of: exchange, event.handle)
        } else {
            exchange.body.append(contentsOf: event.bytes)
        }
        return 0
    }

    /// Called again and again while a pipelined request waits behind the body: once counts.
    func bodyCompleted(on channel: Channel) -> Int32 {
        guard let exchange = channel.exchange, let handle = channel.handle else { return 0 }
        switch exchange.stage {
        case .receiving:
            guard exchange.received == exchange.expectedBytes else { return -1 }
            submit(exchange, from: channel, handle)
            return 0
        case .streaming(let task):
            guard exchange.received == exchange.expectedBytes else { return -1 }
            resume(exchange, handle)
            exchange.stream?.finish()
            exchange.stage = .waiting(task)
            lws_set_timeout(handle.pointer, NO_PENDING_TIMEOUT, 0)
            return 0
        case .lingering: return -1
        case .waiting, .answering, .over:
            isActive = false
            return 0
        }
    }

    /// Answers a CONNECT, which libwebsockets takes for the beginning of a protocol of ours.
    func refuseTunnel(_ handle: LoopHandle, on channel: Channel) -> Int32 {
        settle(channel)
        _ = writeAtOnce(Problem(.notImplemented, "this is no proxy").response, to: handle)
        return -1
    }

    /// Tells the application of a request that it is not asked about.
    func tell(_ status: HTTPResponse.Status, _ head: RequestHead, from channel: Channel) {
        let origin = RequestOrigin(peer: channel.peer, headers: head.headers, options)
        shared.application.refused(
            RefusedRequest(
                method: head.method,
                path: head.path,
                address: origin.client,
                status: status
            )
        )
    }

    private func newExchange(
        _ head: RequestHead,
        expectedBytes: Int,
        on channel: Channel
    ) -> Exchange {
        exchangeNumber += 1
        let exchange = Exchange(
            number: exchangeNumber,
            head: head,
            expectedBytes: expectedBytes
        )
        channel.exchange?.cancel()
        channel.phase = .exchange(exchange)
        return exchange
    }

    /// Hands a request to the application: a whole one, or one whose body arrives meanwhile.
    func submit(_ exchange: Exchange, from channel: Channel, _ handle: LoopHandle) {
        counters.requests.add(1, ordering: .relaxed)
        // The application takes the time it takes; libwebsockets would give it the client's.
        lws_set_timeout(handle.pointer, NO_PENDING_TIMEOUT, 0)
        let head = exchange.head
        let origin = RequestOrigin(peer: channel.peer, headers: head.headers, options)
        let request = Request(
            method: head.method,
            path: head.path,
            query: head.query,
            headers: head.headers,
            body: exchange.body,
            stream: exchange.stream,
            address: origin.client,
            scheme: origin.scheme
        )
        exchange.body = []
        resources?.startProbes()
        let (id, number, application) = (channel.id, exchange.number, shared.application)
        let task = Task.detached { [executor] in
            let response = await application.respond(to: request)
            executor.post(.answer(id, number, AnswerBox(response)))
        }
        exchange.stage = exchange.stream == nil ? .waiting(task) : .streaming(task)
    }

    // MARK: - Out

    /// Takes the application's answer; it is written when the socket next is writable, in
    /// libwebsockets' own time: only then does it look at pipelined requests afterwards.
    func answer(_ id: ChannelID, _ number: UInt64, _ response: Response) {
        guard let channel = channels.find(id), let handle = channel.handle,
            let exchange = channel.exchange, exchange.number == number
        else { return }
        let isEarly: Bool
        switch exchange.stage {
        case .waiting: isEarly = false
        case .streaming: isEarly = true
        default: return
        }
        var response = response
        if options.tls != nil { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        let hasBody = exchange.head.method != .head && ResponseHead.hasLength(response.status)
        exchange.stage = .answering(
            Exchange.Answer(
                head: ResponseHead.bytes(of: response, date: date.value(), closes: isEarly),
                body: hasBody ? response.body : [],
                source: hasBody ? response.source : nil,
                left: hasBody ? response.source?.length ?? 0 : 0,
                closes: isEarly
            )
        )
        if isEarly { dropRest(of: exchange, handle) }
        lws_callback_on_writable(handle.pointer)
    }

    func continueAnswer(_ handle: LoopHandle, on channel: Channel) -> Int32 {
        guard let exchange = channel.exchange, case .answering(var answer) = exchange.stage else {
            return 0
        }
        lws_set_timeout(
            handle.pointer,
            PENDING_TIMEOUT_USER_REASON_BASE,
            Int32(options.writeSeconds)
        )
        let (length, kind) = fillBuffer(from: &answer)
        guard write(length, to: handle, kind) else { return -1 }
        exchange.stage = .answering(answer)
        guard answer.written == answer.count else {
            lws_callback_on_writable(handle.pointer)
            return 0
        }
        if let source = answer.source, answer.hasMore {
            fetch(from: source, for: exchange, on: channel)
            return 0
        }
        if answer.closes, exchange.received < exchange.expectedBytes {
            linger(exchange)
            return 0
        }
        exchange.stage = .over
        channel.phase = .idle
        return lws_http_transaction_completed(handle.pointer) == 0 && !answer.closes ? 0 : -1
    }

    /// Copies the next piece into the buffer; the head and the start of the body go together.
    private func fillBuffer(
        from answer: inout Exchange.Answer
    ) -> (length: Int, kind: lws_write_protocol) {
        var length = 0
        let isFirst = !answer.isBegun
        if isFirst {
            answer.isBegun = true
            buffer.grow(to: answer.head.count + 4096)
            buffer.copy(answer.head[...], to: 0)
            length = answer.head.count
        }
        let start = answer.written + length - answer.head.count
        let size = min(answer.body.count - start, buffer.capacity - length)
        buffer.copy(answer.body[start..<(start + size)], to: length)
        length += size
        answer.written += length
        return (length, isFirst ? LWS_WRITE_HTTP_HEADERS : LWS_WRITE_HTTP)
    }

    /// Writes a short response, after which the connection is to close.
    func writeAtOnce(_ response: Response, to handle: LoopHandle) -> Bool {
        let head = ResponseHead.bytes(of: response, date: date.value(), closes: true)
        buffer.grow(to: head.count + response.body.count)
        buffer.copy(head[...], to: 0)
        buffer.copy(response.body[...], to: head.count)
        return write(head.count + response.body.count, to: handle, LWS_WRITE_HTTP_HEADERS)
    }

    func writeContinue(to handle: LoopHandle) -> Bool {
        let line = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        buffer.copy(line[...], to: 0)
        return write(line.count, to: handle, LWS_WRITE_HTTP_HEADERS_CONTINUATION)
    }
}
