import Dispatch
import HTTPTypes
import Synchronization
import Testing
import Transport

/// Bodies that are too large to hold, both ways, over real sockets.
struct BodyTests {
    private static let megabyte = 1 << 20

    private static func head(_ path: String, length: Int, _ more: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: \(length)\r\n\(more)\r\n"
    }

    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    }

    // MARK: - In

    @Test func `takes a body beyond the limit of whole ones, in order`() async throws {
        try await withClient(BodyApplication()) { port in
            let client = try RawClient(port: port)
            let body = Self.pattern(5 * Self.megabyte + 17)
            for _ in 0..<2 {
                try client.send(Self.head("/sum", length: body.count))
                try client.send(body)
                #expect(try client.response().body == "\(body.count) \(sum(body))")
            }
        }
    }

    @Test(arguments: [false, true])
    func `stops reading the socket while the application is busy`(_ isSecure: Bool) async throws {
        let certificates = try Certificates()
        try certificates.make("one")
        let application = BodyApplication()
        try await withClient(
            application,
            configure: { if isSecure { $0.tls = certificates.files } }
        ) { port in
            let body = Self.pattern(24 * Self.megabyte)
            let client = try RawClient(port: port)
            if isSecure { try client.startTLS() }
            try client.send(Self.head("/held", length: body.count))
            let sent = Atomic<Int>(0)
            let isSent = DispatchSemaphore(value: 0)
            let sending = Sending(client)
            DispatchQueue.global().async {
                for start in stride(from: 0, to: body.count, by: 65_536) {
                    let end = min(start + 65_536, body.count)
                    guard (try? sending.client.send(Array(body[start..<end]))) != nil else { break }
                    sent.add(end - start, ordering: .relaxed)
                }
                isSent.signal()
            }
            // It cannot be sent as long as nobody reads: the buffers of both sockets hold far less.
            #expect(isSent.wait(timeout: .now() + .seconds(1)) == .timedOut)
            #expect(sent.load(ordering: .relaxed) < 20 * Self.megabyte)
            application.gate.signal()
            isSent.wait()
            #expect(try client.response().body == "\(body.count) \(sum(body))")
        }
    }

    @Test func `goes on after a body that ended while the application was busy`() async throws {
        let application = BodyApplication()
        try await withClient(application) { port in
            // Sizes around what may wait, so that the last piece is the one that is too much.
            for length in [131_072, 131_073, 140_000, 147_456, 200_000] {
                let body = Self.pattern(length)
                let client = try RawClient(port: port)
                for _ in 0..<2 {
                    try client.send(Self.head("/held", length: length))
                    try client.send(body)
                    let meanwhile = try RawClient.get(port, "/empty")
                    #expect(meanwhile.status == 200)
                    application.gate.signal()
                    #expect(try client.response().body == "\(length) \(sum(body))")
                }
            }
        }
    }

    @Test func `delivers an answer given before the body is there, then closes`() async throws {
        try await withClient(BodyApplication()) { port in
            let client = try RawClient(port: port)
            let body = [UInt8](repeating: 98, count: 3 * Self.megabyte)
            try client.send(Self.head("/refuse", length: body.count))
            try client.send(body)
            let response = try client.response()
            #expect(response.status == 415)
            #expect(response.headers["connection"] == "close")
            #expect(try client.isAtEnd())
        }
    }

    @Test func `asks a client that expects it for its body only when it is read`() async throws {
        try await withClient(BodyApplication()) { port in
            let expecting = "Expect: 100-continue\r\n"
            let client = try RawClient(port: port)
            try client.send(Self.head("/sum", length: 2, expecting))
            #expect(try client.response(hasBody: false).status == 100)
            try client.send("ok")
            #expect(try client.response().body == "2 \(sum(Array("ok".utf8)))")
            let refused = try RawClient(port: port)
            try refused.send(Self.head("/refuse", length: 2, expecting))
            #expect(try refused.response().status == 415)
        }
    }

    @Test func `tells the application of a body that comes too slowly`() async throws {
        try await withClient(BodyApplication(), configure: { $0.bodyPaceSeconds = 1 }) { port in
            let client = try RawClient(port: port)
            try client.send(Self.head("/sum", length: 100_000) + "a little")
            #expect(try client.response().body == "tooSlow")
        }
    }

    @Test func `tells the application of a body that is cut short`() async throws {
        let application = BodyApplication()
        try await withClient(application) { port in
            do {
                let client = try RawClient(port: port)
                try client.send(Self.head("/sum", length: 100_000) + "a little")
                application.events.waitOnThread(for: "begun")
            }
            application.events.waitOnThread(for: "cut")
        }
    }

    @Test func `takes no more of a body than was announced`() async throws {
        try await withClient(BodyApplication()) { port in
            let client = try RawClient(port: port)
            try client.send(Self.head("/sum", length: 3) + "abcGET /after HTTP/1.1\r\n")
            #expect(try client.response().body == "3 \(sum(Array("abc".utf8)))")
            try client.send("Host: t\r\n\r\n")
            #expect(try client.response().status == 404)
        }
    }

    @Test func `judges the pace by windows`() {
        var pace = BodyPace(least: 100, window: 1000, at: 0)
        #expect(!pace.isTooSlow(at: 999) && pace.isTooSlow(at: 1000))
        pace.arrived(99, at: 900)
        #expect(pace.isTooSlow(at: 1000))
        pace.arrived(1, at: 950)
        #expect(!pace.isTooSlow(at: 1949) && pace.isTooSlow(at: 1950))
    }

    // MARK: - Out

    @Test func `sends a body that is made while it is taken`() async throws {
        try await withClient(BodyApplication()) { port in
            let client = try RawClient(port: port)
            for _ in 0..<2 {
                let response = try client.get("/made")
                #expect(response.headers["content-length"] == "3000000")
                #expect(response.body.utf8.count == 3_000_000)
                #expect(response.body.hasPrefix("aaa") && response.body.hasSuffix("ddd"))
            }
            let head = try client.get("/made", method: "HEAD")
            #expect(head.headers["content-length"] == "3000000" && head.body.isEmpty)
            #expect(try client.get("/empty").body.isEmpty)
            #expect(try client.get("/made").status == 200)
        }
    }

    @Test(arguments: ["/short", "/long", "/broken"])
    func `closes when the pieces are not what was announced`(_ path: String) async throws {
        try await withClient(BodyApplication()) { port in
            let client = try RawClient(port: port)
            #expect(throws: RawClient.Failure.self) { try client.get(path) }
        }
    }
}

private func sum(_ bytes: [UInt8]) -> Int {
    bytes.reduce(0) { ($0 &* 33 &+ Int($1)) & 0xFFFF_FFFF }
}

/// Hands a client to the one thread that sends with it.
private struct Sending: @unchecked Sendable {
    // Safe because the test reads from it only after the sender has ended.
    let client: RawClient

    init(_ client: RawClient) { self.client = client }
}

/// Reads bodies and makes them.
private struct BodyApplication: Application {
    let events = Events()
    let gate = DispatchSemaphore(value: 0)
    private let router: Router

    init() {
        var router = Router()
        let (events, gate) = (events, gate)
        router.on(.post, "/sum", takesBodyInPieces: true) { request in
            await Self.sum(of: request, events)
        }
        router.on(.post, "/held", takesBodyInPieces: true) { request in
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    gate.wait()
                    continuation.resume()
                }
            }
            return await Self.sum(of: request, events)
        }
        router.on(.post, "/refuse", takesBodyInPieces: true) { _ in
            Response(status: .unsupportedMediaType)
        }
        router.on(.get, "/made") { _ in
            Self.made(3_000_000, ["a", "b", "c", "d"].map { (750_000, $0) })
        }
        router.on(.get, "/empty") { _ in Self.made(0, []) }
        router.on(.get, "/short") { _ in Self.made(10, [(4, "a")]) }
        router.on(.get, "/long") { _ in Self.made(10, [(8, "a"), (4, "b")]) }
        router.on(.get, "/broken") { _ in
            Response(status: .ok, source: BodySource(length: 5) { throw CancellationError() })
        }
        self.router = router
    }

    func upgrade(_ request: UpgradeRequest) -> UpgradeDecision {
        .refuse(Response(status: .forbidden))
    }

    func respond(to request: Request) async -> Response { await router.respond(to: request) }

    func takesBodyInPieces(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        router.takesBodyInPieces(method, path)
    }

    private static func sum(of request: Request, _ events: Events) async -> Response {
        var (count, sum) = (0, 0)
        do throws(BodyFault) {
            while let piece = try await request.stream?.next() {
                events.add("begun")
                count += piece.count
                sum = piece.reduce(sum) { ($0 &* 33 &+ Int($1)) & 0xFFFF_FFFF }
            }
        } catch {
            events.add("\(error)")
            return Response(contentType: "text/plain", body: Array("\(error)".utf8))
        }
        return Response(contentType: "text/plain", body: Array("\(count) \(sum)".utf8))
    }

    private static func made(_ length: Int, _ pieces: [(Int, Character)]) -> Response {
        let left = Mutex(pieces)
        let source = BodySource(length: length) {
            left.withLock { left in
                guard !left.isEmpty else { return [] }
                let (count, letter) = left.removeFirst()
                return [UInt8](repeating: letter.asciiValue ?? 0, count: count)
            }
        }
        return Response(status: .ok, headers: [.contentType: "text/plain"], source: source)
    }
}
