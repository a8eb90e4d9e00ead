import Testing
import Transport

/// WebSockets over real sockets.
struct WebSocketTests {
    @Test func `echoes in order to many clients at once`() async throws {
        try await withServer { _, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        try await onThread { try Self.echo(client, port) }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private static func echo(_ client: Int, _ port: Int) throws {
        let socket = try RawClient(port: port)
        try socket.open()
        let texts = (0..<200).map { "\(client) \($0) " + String(repeating: "x", count: $0 * 7) }
        for text in texts { try socket.sendText(text) }
        for text in texts { #expect(try socket.text() == text) }
    }

    @Test func `keeps the order of each sending thread`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open("/threads")
            try socket.sendText("go")
            let texts = try (0..<200).map { _ in try socket.text().split(separator: " ") }
            for thread in 0..<8 {
                let numbers = texts.filter { $0[0] == "\(thread)" }.map { String($0[1]) }
                #expect(numbers == (0..<25).map { String($0) })
            }
        }
    }

    @Test func `assembles fragments around a ping`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open()
            let start = String(repeating: "a", count: 3000)
            try socket.sendFrame(1, Array(start.utf8), isFinal: false)
            try socket.sendFrame(9, Array("ping".utf8))
            // A code point split across frames is still one.
            try socket.sendFrame(0, [0xe2, 0x82], isFinal: false)
            try socket.sendFrame(0, [0xac])
            let frames = [try socket.frame(), try socket.frame()]
            #expect(frames.contains(RawClient.Frame(opcode: 10, payload: Array("ping".utf8))))
            #expect(frames.contains { $0.opcode == 1 && $0.text == start + "€" })
        }
    }

    @Test func `closes invalid UTF-8 with 1007`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open()
            try socket.sendFrame(1, [0x61, 0xc3, 0x28])
            #expect(try socket.closeCode() == 1007)
        }
    }

    @Test func `closes binary frames with 1003`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open()
            try socket.sendFrame(2, [1, 2, 3])
            #expect(try socket.closeCode() == 1003)
        }
    }

    @Test func `takes a message of the limit and closes a larger one with 4413`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open()
            let largest = String(repeating: "m", count: 65_536)
            try socket.sendText(largest)
            #expect(try socket.text() == largest)
            // The header alone tells: its payload never comes.
            try socket.send([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 97])
            #expect(try socket.closeCode() == 4413)
        }
    }

    @Test func `closes fragments that add up to too much with 4413`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open()
            let part = [UInt8](repeating: 97, count: 30_000)
            try socket.sendFrame(1, part, isFinal: false)
            try socket.sendFrame(0, part, isFinal: false)
            try socket.sendFrame(0, part, isFinal: false)
            #expect(try socket.closeCode() == 4413)
        }
    }

    @Test func `sends what is queued before the close frame`() async throws {
        let application = TestApplication()
        try await withServer(application) { _, port in
            try await onThread {
                let socket = try RawClient(port: port)
                try socket.open()
                try socket.sendText("bye")
                #expect(try socket.text() == "farewell")
                let close = try socket.frame()
                #expect(close.closeCode == 4401)
                #expect(
                    String(decoding: close.payload.dropFirst(2), as: UTF8.self) == "unauthenticated"
                )
                try socket.sendFrame(8, [0x11, 0x31])
                #expect(try socket.isAtEnd())
            }
            await application.events.wait(for: "closed")
        }
    }

    @Test func `closes a client that does not read with 4408 and serves the others`() async throws {
        try await withServer { server, port in
            try await onThread {
                let slow = try RawClient(port: port, receiveBuffer: 4096)
                try slow.open("/flood")
                try slow.sendText("go")
                let other = try RawClient(port: port)
                try other.open()
                for number in 0..<50 {
                    try other.sendText("still here \(number)")
                    #expect(try other.text() == "still here \(number)")
                }
                while server.counters.slowConsumers == 0 {
                    try other.sendText("?")
                    _ = try other.text()
                }
                #expect(try slow.closeCode() == 4408)
            }
        }
    }

    @Test func `answers the client's close with the same code`() async throws {
        try await withClient { port in
            let socket = try RawClient(port: port)
            try socket.open()
            try socket.sendFrame(8, [0x03, 0xe8])
            #expect(try socket.closeCode() == 1000)
            #expect(try socket.isAtEnd())
        }
    }

    @Test(.tags(.slow)) func `pings a silent client, drops a dead one and counts it`() async throws
    {
        let application = TestApplication()
        try await withServer(application, configure: { $0.heartbeatSeconds = 1 }) { server, port in
            try await onThread {
                let socket = try RawClient(port: port)
                try socket.open()
                #expect(try socket.frame().opcode == 9)
                #expect(try socket.isAtEnd())
                // The dead do not close their end either.
                withExtendedLifetime(socket) { application.events.waitOnThread(for: "closed") }
            }
            #expect(server.counters.heartbeatsLost == 1)
        }
    }

    @Test(.tags(.slow)) func `does not count who answered pings and then is gone`() async throws {
        let application = TestApplication()
        try await withServer(application, configure: { $0.heartbeatSeconds = 1 }) { server, port in
            try await onThread {
                let socket = try RawClient(port: port)
                try socket.open()
                // Longer than a dead client is kept.
                for _ in 0..<3 {
                    let ping = try socket.frame()
                    #expect(ping.opcode == 9)
                    try socket.sendFrame(10, ping.payload)
                }
            }
            await application.events.wait(for: "closed")
            #expect(server.counters.heartbeatsLost == 0)
        }
    }

    @Test func `drains with a last frame and 1012`() async throws {
        try await withServer { server, port in
            let goodbye = Array("come back".utf8)
            async let client: Void = onThread {
                let socket = try RawClient(port: port)
                try socket.open()
                #expect(try socket.text() == "come back")
                #expect(try socket.closeCode() == 1012)
                let late = try RawClient(port: port)
                #expect(try late.get("/v1/ws", RawClient.goodHeaders).status == 503)
            }
            while server.counters.webSockets == 0 { await Task.yield() }
            await server.drain(sending: goodbye, spread: .milliseconds(20))
            try await client
        }
    }
}

extension Tag {
    /// Takes more than 100 ms, because it waits for a timeout of the server.
    @Tag static var slow: Self
}
