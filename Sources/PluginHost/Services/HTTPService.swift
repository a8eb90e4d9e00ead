import Credentials
import Egress
import JSONCoding
import Synchronization

/// What carries requests out: ``Egress/Egress``, or a record of earlier answers.
package protocol HTTPSender: Sendable {
    func send(
        _ request: OutgoingRequest,
        allowing list: AllowList,
        deadline: Duration,
        limit: Int,
        firstByte: Duration?,
        piece: (@Sendable ([UInt8]) -> Void)?
    ) async throws(EgressFailure) -> IncomingResponse
}

extension Egress: HTTPSender {}

/// `maitred.http/1`: requests of plugins to the servers that their manifests name.
///
/// Secrets are filled in here, after the plugin's last look at the request, and taken out of what
/// comes back. What may be repeated is repeated, as the other server asks (`Retry-After`, RFC 9110,
/// 10.2.3); a server that has asked to be left alone is left alone for all requests of the plugin.
/// So is one that is asked more often than the manifest says: what is too fast waits for its turn.
final class HTTPService: Sendable {
    /// Tries of one request.
    private static let tries = 3
    /// Requests of one plugin under way.
    private static let openLimit = 32
    /// The largest body of a response; it must fit into a frame.
    private static let bodyLimit = 700_000
    private static let streamLimit = 16 << 20

    private let sender: any HTTPSender
    private let oauth: OAuthKeeper
    private let clock = ContinuousClock()
    private let state = Mutex(State())

    private struct State {
        var open: [String: Int] = [:]
        /// By plugin and server: not before this.
        var closed: [String: ContinuousClock.Instant] = [:]
        /// By plugin and server.
        var rate = RequestRate()
    }

    init(_ sender: any HTTPSender, _ oauth: OAuthKeeper) {
        self.sender = sender
        self.oauth = oauth
    }

    /// A request as a plugin wrote it, checked.
    private struct Asked {
        var request: OutgoingRequest
        /// As the plugin wrote it.
        var host: String
        /// The server, however it was written.
        var authority: String
        /// Whether the URL has a secret in it.
        var isSecret: Bool
        var timeout: Duration
        var firstByte: Duration?
        var mayRepeat: Bool
        var isStream: Bool
    }

    func answer(_ request: ServiceRequest) async throws(ServiceFault) -> JSON {
        guard request.method == "send" else {
            throw ServiceFault(.unsupported, "http has the method send")
        }
        var request = request
        let names = Self.tokens(wantedBy: request.input)
        for name in names {
            request.grant.tokens[name] = try await oauth.token(of: name, for: request.grant)
        }
        let asked = try Self.read(request)
        let plugin = request.grant.id
        let isAdmitted = state.withLock { state in
            guard state.open[plugin, default: 0] < Self.openLimit else { return false }
            state.open[plugin, default: 0] += 1
            return true
        }
        guard isAdmitted else {
            throw ServiceFault(.temporary, "\(Self.openLimit) requests are under way already")
        }
        defer { state.withLock { $0.open[plugin, default: 1] -= 1 } }
        let answer = try await repeatedly(asked, request)
        guard answer["status"]?.intValue == 401, !names.isEmpty else { return answer }
        // Taken back before its time: another one, and once more.
        for name in names {
            request.grant.tokens[name] = try await oauth.token(
                of: name,
                for: request.grant,
                renewing: true
            )
        }
        return try await repeatedly(try Self.read(request), request)
    }

    private static func tokens(wantedBy input: JSON) -> Set<String> {
        let headers = input["headers"]?.objectValue?.members.compactMap(\.value.stringValue) ?? []
        let texts = headers + [input["url"]?.stringValue ?? ""]
        return Set(texts.flatMap(PluginGrant.tokens(in:)))
    }

    // MARK: - Sending

    private func repeatedly(
        _ asked: Asked,
        _ request: ServiceRequest
    ) async throws(ServiceFault) -> JSON {
        let end = clock.now + asked.timeout
        let place = "\(request.grant.id) \(asked.authority)"
        var attempt = 1
        while true {
            try await waitForTurn(place, request.grant.permissions.httpRate, before: end)
            let left = end - clock.now
            guard left > .zero else { throw ServiceFault(.temporary, Self.words(.deadline)) }
            let pause: Duration
            do throws(EgressFailure) {
                let response = try await send(asked, request, within: left)
                let asksFor = response.retryAfter.map { Duration.seconds(min(max($0, 0), 3600)) }
                if let asksFor, response.status == 429 || response.status == 503 {
                    state.withLock { $0.closed[place] = clock.now + asksFor }
                }
                guard Self.isTemporary(response.status), asked.mayRepeat, attempt < Self.tries
                else { return Self.json(response, request.grant) }
                pause = asksFor ?? Self.backoff(attempt)
                // An answer in hand is better than a deadline missed.
                guard clock.now + pause < end else { return Self.json(response, request.grant) }
            } catch {
                guard Self.mayPass(error), asked.mayRepeat, attempt < Self.tries,
                    clock.now + Self.backoff(attempt) < end
                else { throw Self.fault(error, asked) }
                pause = Self.backoff(attempt)
            }
            attempt += 1
            try await sleep(until: clock.now + pause)
        }
    }

    private func send(
        _ asked: Asked,
        _ request: ServiceRequest,
        within left: Duration
    ) async throws(EgressFailure) -> IncomingResponse {
        let grant = request.grant
        let pieces = StreamPieces(ConcealedPieces(grant.concealments))
        let piece: @Sendable ([UInt8]) -> Void = { bytes in
            let text = pieces.append(bytes)
            if !text.isEmpty { request.part(["data": .string(text)]) }
        }
        let response = try await sender.send(
            asked.request,
            allowing: grant.allowList,
            deadline: left,
            limit: asked.isStream ? Self.streamLimit : Self.bodyLimit,
            firstByte: asked.firstByte,
            piece: asked.isStream ? piece : nil
        )
        let rest = pieces.finish()
        if !rest.isEmpty { request.part(["data": .string(rest)]) }
        return response
    }

    /// Waits until a request may go out, but not beyond its own time.
    private func waitForTurn(
        _ place: String,
        _ rate: Int,
        before end: ContinuousClock.Instant
    ) async throws(ServiceFault) {
        try await waitUntilOpen(place, before: end)
        repeat {
            let now = clock.now
            let turn = state.withLock { $0.rate.turn(at: place, rate: rate, now: now, before: end) }
            switch turn {
            case .tooLate(let turn):
                throw Self.later(turn - now, "this server is asked at most \(rate) a second")
            case .at(let turn) where turn > now: try await sleep(until: turn)
            case .at: return
            }
            // It may have asked to be left alone meanwhile: then all who waited take turns anew.
        } while try await waitUntilOpen(place, before: end)
    }

    /// Waits for a server that asked to be left alone; false when it did not have to.
    @discardableResult
    private func waitUntilOpen(
        _ place: String,
        before end: ContinuousClock.Instant
    ) async throws(ServiceFault) -> Bool {
        let now = clock.now
        guard let opens = state.withLock({ $0.closed[place] }), opens > now else { return false }
        guard opens < end else {
            throw Self.later(opens - now, "the server asked to be left alone")
        }
        try await sleep(until: opens)
        return true
    }

    private func sleep(until time: ContinuousClock.Instant) async throws(ServiceFault) {
        do { try await clock.sleep(until: time) } catch {
            throw ServiceFault(.temporary, Self.words(.cancelled))
        }
    }

    private static func later(_ pause: Duration, _ why: String) -> ServiceFault {
        let seconds = ServiceFault.wholeSeconds(pause)
        return ServiceFault(.temporary, "\(why); ask again in \(seconds) s", retryAfter: pause)
    }

    private static func isTemporary(_ status: Int) -> Bool {
        [429, 502, 503, 504].contains(status)
    }

    private static func mayPass(_ failure: EgressFailure) -> Bool {
        switch failure {
        case .unreachable, .unknownHost: true
        default: false
        }
    }

    /// 200 ms, 400 ms …, half of it at random, so that many do not come back in step.
    private static func backoff(_ attempt: Int) -> Duration {
        .milliseconds(100 * (1 << attempt)) * Double.random(in: 0.5...1)
    }

    // MARK: - Reading and writing JSON

    private static func read(_ request: ServiceRequest) throws(ServiceFault) -> Asked {
        let input = request.input
        let method = try request.text("method", limit: 20).uppercased()
        let url = try request.text("url", limit: 8192)
        let authority = url.prefix { $0 != "?" && $0 != "#" }.split(
            separator: "/",
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard authority.count >= 3, let host = authority[2].split(separator: "/").first,
            !host.contains("{")
        else { throw ServiceFault(.invalid, "url is not an absolute URL with a host of its own") }
        var headers = try headers(request)
        let key = input["idempotency_key"]?.stringValue
        if let key {
            headers.removeAll { $0.name.lowercased() == "idempotency-key" }
            headers.append(("Idempotency-Key", key))
        }
        if !headers.contains(where: { $0.name.lowercased() == "traceparent" }) {
            headers.append(("traceparent", traceparent()))
        }
        var body = input["body"]?.stringValue.map { Array($0.utf8) }
        if body == nil, let text = input["body_base64"]?.stringValue {
            guard let bytes = Base64.padded.decode(text) else {
                throw ServiceFault(.invalid, "body_base64 is not base64")
            }
            body = bytes
        }
        let isSafe = ["GET", "HEAD", "PUT", "DELETE"].contains(method)
        let isStream = input["stream"]?.boolValue ?? false
        var outgoing = OutgoingRequest(
            method,
            try filled(url, request.grant),
            headers: headers,
            body: body
        )
        let mayRepeat = input["may_repeat"]?.boolValue ?? (isSafe || key != nil)
        outgoing.mayBeSentOnceOnly = !mayRepeat
        let wanted = input["timeout_ms"]?.intValue.map {
            Duration.milliseconds(min(max($0, 1), 120_000))
        }
        return Asked(
            request: outgoing,
            host: String(host),
            // One that nobody can ask is refused when it is sent.
            authority: (try? AllowList.authority(of: outgoing.url)) ?? String(host),
            isSecret: outgoing.url != url,
            timeout: min(wanted ?? .seconds(30), request.deadline),
            firstByte: input["first_byte_ms"]?.intValue.map {
                Duration.milliseconds(min(max($0, 1), 120_000))
            },
            // A stream that has begun cannot be taken back.
            mayRepeat: mayRepeat && !isStream,
            isStream: isStream
        )
    }

    private static func headers(
        _ request: ServiceRequest
    ) throws(ServiceFault) -> [(name: String, value: String)] {
        guard let object = request.input["headers"]?.objectValue else { return [] }
        guard object.count <= 50 else { throw ServiceFault(.invalid, "more than 50 headers") }
        var headers: [(name: String, value: String)] = []
        for (name, value) in object.members {
            guard let text = value.stringValue else {
                throw ServiceFault(.invalid, "the header \(name.prefix(40)) is not a text")
            }
            headers.append((name, try filled(text, request.grant)))
        }
        return headers
    }

    private static func filled(
        _ text: String,
        _ grant: PluginGrant
    ) throws(ServiceFault) -> String {
        do throws(PluginGrant.UnknownPlaceholder) {
            return try grant.filled(text)
        } catch {
            throw ServiceFault(.invalid, "\(error.text) stands for no secret that is set")
        }
    }

    /// A trace of its own (W3C Trace Context, level 1): the other server's logs can name it.
    private static func traceparent() -> String {
        let bytes = SecureRandom.bytes(24)
        return "00-\(Digest.hex(bytes[..<16]))-\(Digest.hex(bytes[16...]))-01"
    }

    private static func json(_ response: IncomingResponse, _ grant: PluginGrant) -> JSON {
        var headers = JSON.Object()
        for (name, value) in response.headers where headers[name] == nil {
            headers[name] = .string(grant.concealed(value))
        }
        var json: JSON.Object = [
            "status": .int(Int64(response.status)), "headers": .object(headers),
        ]
        if let text = String(validating: response.body, as: UTF8.self) {
            json["body"] = .string(grant.concealed(text))
        } else {
            json["body_base64"] = .string(Base64.padded.encode(grant.concealed(response.body)))
        }
        return .object(json)
    }

    private static func fault(_ failure: EgressFailure, _ asked: Asked) -> ServiceFault {
        switch failure {
        case .notAllowed where asked.isSecret:
            // Why may quote the URL.
            ServiceFault(.denied, "this address of \(asked.host) may not be asked")
        case .notAllowed(let why): ServiceFault(.denied, why)
        case .addressRefused: ServiceFault(.denied, words(failure))
        case .tooLarge: ServiceFault(.failed, words(failure))
        default: ServiceFault(.temporary, words(failure))
        }
    }

    private static func words(_ failure: EgressFailure) -> String {
        switch failure {
        case .notAllowed(let why): why
        case .addressRefused:
            "the name leads into a private network, which the operator has not allowed"
        case .unknownHost: "the server's name is unknown"
        case .unreachable(let why): "the server cannot be reached: \(why)"
        case .untrusted(let why): "the server's certificate is not good: \(why)"
        case .deadline: "the server did not answer in time"
        case .tooLarge: "the response is larger than is taken"
        case .cancelled: "the request was given up"
        }
    }
}
