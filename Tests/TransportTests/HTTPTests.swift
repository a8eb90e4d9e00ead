import Testing
import Transport

/// HTTP/1.1 over real sockets, with the requests that libwebsockets gets wrong by itself.
struct HTTPTests {
    @Test func `answers pipelined requests in order on one connection`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let post = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
            let get = "GET /items/%C3%A9%20x HTTP/1.1\r\nHost: t\r\n\r\n"
            try client.send(post + String(repeating: get, count: 5))
            #expect(try client.response().body == "abc")
            for _ in 0..<5 { #expect(try client.response().body == "item é x") }
            try client.send(post)
            #expect(try client.response().body == "abc")
        }
    }

    @Test func `closes rather than take a pipelined request with a body`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let post = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
            try client.send(post + post)
            #expect(try client.response().body == "abc")
            #expect(try client.isAtEnd())
        }
    }

    @Test func `takes a body in pieces and one of the limit`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let body = [UInt8](repeating: 98, count: 1 << 20)
            try client.send(
                "PUT /echo HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.count)\r\n\r\n"
            )
            for start in stride(from: 0, to: body.count, by: 100_000) {
                try client.send(Array(body[start..<min(start + 100_000, body.count)]))
            }
            #expect(try client.response().body.utf8.count == body.count)
            #expect(try client.get("/hello").body == "hello")
        }
    }

    @Test func `continues a client that expects it`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            try client.send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\n\r\n"
            )
            #expect(try client.response(hasBody: false).status == 100)
            try client.send("ok")
            #expect(try client.response().body == "ok")
        }
    }

    @Test(arguments: [
        ("Content-Length: -5", 400), ("Content-Length: 3, 30", 400), ("Content-Length: 0x3", 400),
        ("Content-Length: 3\r\nContent-Length: 30", 400), ("Transfer-Encoding: chunked", 411),
        ("X-None: 1", 411), ("Content-Length: 1048577", 413),
        ("Content-Length: 99999999999999", 413), ("Content-Length: \u{6}3", 400),
        ("Content-Length: 3\u{6}", 400),
        ("Content-Length: \(String(repeating: "\t", count: 31))3", 400),
    ])
    func `refuses a body it cannot take`(_ header: String, _ status: Int) async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let response = try client.get("/echo", [header], method: "POST")
            #expect(response.status == status)
            #expect(response.headers["connection"] == "close")
            #expect(try client.isAtEnd())
        }
    }

    @Test(arguments: ["POST", "PUT"])
    func `answers an empty body`(_ method: String) async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            for _ in 0..<2 {
                let response = try client.get("/echo", ["Content-Length: 0"], method: method)
                #expect(response.status == 200)
                #expect(response.body.isEmpty)
            }
        }
    }

    @Test func `answers HEAD with the length and no body`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let response = try client.get("/hello", method: "HEAD")
            #expect(response.status == 200)
            #expect(response.headers["content-length"] == "5")
            #expect(try client.get("/hello").body == "hello")
        }
    }

    @Test func `tells an unknown path from an unknown method`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let missing = try client.get("/nothing")
            #expect(missing.status == 404)
            #expect(missing.headers["content-type"] == "application/problem+json")
            #expect(missing.body.contains("\"status\":404"))
            let wrong = try client.get("/echo", method: "DELETE")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"] == "POST, PUT")
        }
    }

    @Test(arguments: ["..", "."])
    func `leaves no dots in a path that ends with its line`(_ dots: String) async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            try client.send("GET /items/\(dots)\nHost: t\r\n\r\n")
            #expect(try client.response().status == 404)
        }
    }

    @Test func `keeps the parts of a query apart`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            #expect(try client.get("/query?a=1,2&b=%26&c&d=x=y").body == "a=1,2|b=&|c=|d=x=y")
        }
    }

    @Test func `writes a large response in pieces`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port, receiveBuffer: 8192)
            #expect(try client.get("/large").body.utf8.count == 3_000_000)
            #expect(try client.get("/hello").body == "hello")
        }
    }

    @Test(.tags(.slow)) func `cancels the handler of a client that went away`() async throws {
        let application = TestApplication()
        try await withServer(application) { _, port in
            async let client: Void = onThread {
                let client = try RawClient(port: port)
                try client.send("GET /never HTTP/1.1\r\nHost: t\r\n\r\n")
                application.events.waitOnThread(for: "asked")
            }
            try await client
            await application.events.wait(for: "cancelled")
        }
    }

    @Test func `half a header holds up nobody and ends in time`() async throws {
        try await withClient(configure: { $0.requestSeconds = 1 }) { port in
            let halves = try (0..<50).map { _ in try RawClient(port: port) }
            for half in halves { try half.send("GET /hello HTTP/1.1\r\nHost: te") }
            #expect(try RawClient.get(port, "/hello").body == "hello")
        }
    }

    @Test func `closes a head beyond the limit`() async throws {
        try await withClient { port in
            let client = try RawClient(port: port)
            let long = String(repeating: "x", count: 20_000)
            try client.send("GET /hello HTTP/1.1\r\nHost: t\r\nX-Long: \(long)\r\n\r\n")
            #expect(try client.isAtEnd())
        }
    }

    @Test func `believes forwarded addresses of trusted proxies only`() async throws {
        let forwarded = ["X-Forwarded-For: 1.2.3.4, 203.0.113.9", "X-Forwarded-Proto: https"]
        try await withClient { port in
            let client = try RawClient(port: port)
            #expect(try client.get("/who", forwarded).body == "127.0.0.1 http")
        }
        let proxy = try AddressRange("127.0.0.0/8")
        try await withClient(configure: { $0.trustedProxies = [proxy] }) { port in
            let client = try RawClient(port: port)
            #expect(try client.get("/who", forwarded).body == "203.0.113.9 https")
        }
    }
}
