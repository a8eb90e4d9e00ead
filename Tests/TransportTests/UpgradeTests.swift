import Testing
import Transport

/// Handshakes that must not succeed, and their limits.
struct UpgradeTests {
    private static func headers(without name: String, adding: [String] = []) -> [String] {
        RawClient.goodHeaders.filter { !$0.hasPrefix(name + ":") } + adding
    }

    @Test func `refuses another version with 426`() async throws {
        try await withClient { port in
            let headers = Self.headers(
                without: "Sec-WebSocket-Version",
                adding: ["Sec-WebSocket-Version: 8"]
            )
            let response = try RawClient(port: port).get("/v1/ws", headers)
            #expect(response.status == 426)
            #expect(response.headers["sec-websocket-version"] == "13")
        }
    }

    @Test(arguments: [[], ["Sec-WebSocket-Protocol: other, maitred.v2"]])
    func `refuses a client without the subprotocol`(_ offered: [String]) async throws {
        try await withClient { port in
            let headers = Self.headers(without: "Sec-WebSocket-Protocol", adding: offered)
            let response = try RawClient(port: port).get("/v1/ws", headers)
            #expect(response.status == 400)
            #expect(response.headers["content-type"] == "application/problem+json")
        }
    }

    @Test func `chooses the subprotocol among several`() async throws {
        try await withClient { port in
            let headers = Self.headers(
                without: "Sec-WebSocket-Protocol",
                adding: ["Sec-WebSocket-Protocol: zzz, maitred.v1"]
            )
            let response = try RawClient(port: port).get("/v1/ws", headers)
            #expect(response.status == 101)
            #expect(response.headers["sec-websocket-protocol"] == "maitred.v1")
        }
    }

    @Test func `refuses HTTP/2 upgrades and malformed keys`() async throws {
        try await withClient { port in
            let h2c = Self.headers(without: "Upgrade", adding: ["Upgrade: h2c"])
            let upgrade = try RawClient.get(port, "/", h2c)
            #expect(upgrade.status == 400)
            let key = Self.headers(
                without: "Sec-WebSocket-Key",
                adding: ["Sec-WebSocket-Key: short"]
            )
            #expect(try RawClient.get(port, "/", key).status == 400)
        }
    }

    @Test func `lets the application refuse an origin`() async throws {
        try await withClient { port in
            let evil = try RawClient(port: port)
            let response = try evil.get(
                "/v1/ws",
                RawClient.goodHeaders + ["Origin: https://evil.example"]
            )
            #expect(response.status == 403)
            #expect(response.body.contains("\"code\":\"forbidden\""))
            #expect(try evil.isAtEnd())
            try RawClient(port: port).open("/v1/ws", ["Origin: https://good.example"])
        }
    }

    @Test func `limits the WebSockets of an address`() async throws {
        let application = TestApplication()
        try await withServer(
            application,
            configure: {
                $0.limitsLoopback = true
                $0.connectionsPerAddress = 2
            }
        ) { _, port in
            try await onThread {
                let first = try RawClient(port: port)
                try first.open()
                let second = try RawClient(port: port)
                try second.open()
                #expect(try RawClient.get(port, "/", RawClient.goodHeaders).status == 429)
                try second.sendFrame(8, [0x03, 0xe8])
                #expect(try second.closeCode() == 1000)
                #expect(try second.isAtEnd())
                // The server counts it until it has seen the end of the socket.
                application.events.waitOnThread(for: "closed")
                try RawClient(port: port).open()
            }
        }
    }

    @Test func `limits sockets that have not said anything`() async throws {
        try await withClient(configure: {
            $0.limitsLoopback = true
            $0.handshakesPerAddress = 3
        }) { port in
            let silent = try (0..<3).map { _ in try RawClient(port: port) }
            let fourth = try RawClient(port: port)
            #expect(try fourth.isAtEnd())
            #expect(try silent[0].get("/hello").status == 200)
            #expect(try RawClient.get(port, "/hello").status == 200)
        }
    }
}
