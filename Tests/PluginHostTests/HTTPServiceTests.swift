import Foundation
import JSONCoding
import PluginHost
import Synchronization
import Testing

/// `maitred.http/1`: requests of plugins to other servers.
@Suite(.timeLimit(.minutes(1)))
struct HTTPServiceTests {
    private static let secret = "sk_live_1234567"

    /// A host with a plugin that may ask one server, and has a secret.
    private func host(
        _ workshop: PluginWorkshop,
        _ server: PlayedServer,
        path: String = "/*",
        allowsPrivateNetwork: Bool = true,
        config: JSON.Object = ["api_key": .string(Self.secret)]
    ) async throws -> PluginHost {
        let secrets = config.keys.map { ($0, JSON.object(["type": "string", "format": "secret"])) }
        let id = try await ServicePlugin.build(
            workshop,
            permissions: ["http": [.string(server.url(path))]],
            with: [
                "config": ["type": "object", "properties": .object(JSON.Object(secrets))]
            ]
        )
        return await workshop.host([]) {
            $0.settings = [
                id: .init(config: config, allowsPrivateNetwork: allowsPrivateNetwork)
            ]
        }
    }

    private func get(
        _ server: PlayedServer,
        _ path: String = "/",
        _ more: JSON.Object = [:]
    ) -> JSON.Object {
        var request: JSON.Object = ["method": "GET", "url": .string(server.url(path))]
        request.merge(more)
        return request
    }

    // MARK: - Secrets

    @Test func `secrets are filled in in headers and in the URL, never in the body`() async throws {
        let server = PlayedServer { _ in .ok("thanks") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let answer = try await host.ask(
                "http/1 send",
                [
                    "method": "POST", "url": .string(server.url("/v1/{{secret:api_key}}/x")),
                    "headers": [
                        "Authorization": "Bearer {{secret:api_key}}",
                        "X-Basic": "{{basic:ada:api_key}}",
                    ],
                    "body": "key={{secret:api_key}}",
                ]
            )
            #expect(answer.status == ServiceAnswer.ok && answer.out["body"] == "thanks")
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /v1/\(Self.secret)/x HTTP/1.1\r\n"))
            #expect(request.contains("Authorization: Bearer \(Self.secret)\r\n"))
            let basic = Data("ada:\(Self.secret)".utf8).base64EncodedString()
            #expect(request.contains("X-Basic: Basic \(basic)\r\n"))
            #expect(request.hasSuffix("\r\n\r\nkey={{secret:api_key}}"))
            await host.stop()
        }
    }

    @Test func `a secret that a server repeats does not reach the plugin`() async throws {
        let server = PlayedServer { request in
            let head = String(request.prefix { $0 != "\r\n" })
            let token = request.split(separator: "\r\n").first { $0.hasPrefix("Authorization") }
            return .ok(request, headers: "X-Echo: \(token ?? "")\r\nLocation: \(head)\r\n")
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            for value in ["Bearer {{secret:api_key}}", "{{basic:ada:api_key}}"] {
                let answer = try await host.ask(
                    "http/1 send",
                    get(
                        server,
                        "/{{secret:api_key}}",
                        ["headers": ["Authorization": .string(value)]]
                    )
                )
                let basic = Data("ada:\(Self.secret)".utf8).base64EncodedString()
                #expect(server.requests.last?.contains(Self.secret) == true)
                #expect(!answer.out.text.contains(Self.secret))
                #expect(!answer.out.text.contains(basic))
                #expect(answer.out["body"]?.stringValue?.contains("{{secret:api_key}}") == true)
                #expect(answer.out["headers"]?["location"]?.stringValue?.contains("{{") == true)
            }
            await host.stop()
        }
    }

    @Test func `a secret does not come back among bytes that are no text either`() async throws {
        let server = PlayedServer { request in .ok([0xFF, 0x0D] + Array(request.utf8) + [0xFE]) }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let answer = try await host.ask("http/1 send", get(server, "/{{secret:api_key}}"))
            let base64 = try #require(answer.out["body_base64"]?.stringValue)
            let bytes = [UInt8](try #require(Data(base64Encoded: base64)))
            #expect(bytes.first == 0xFF && bytes.last == 0xFE)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("GET /{{secret:api_key}} HTTP/1.1"))
            #expect(!text.contains(Self.secret))
            await host.stop()
        }
    }

    @Test func `a secret that begins with another one is taken out whole`() async throws {
        let server = PlayedServer { request in .ok(request) }
        try await PluginWorkshop.with { workshop in
            // Enough of them that no order of a dictionary is right by accident.
            let secrets = (1...6).map { number in
                ("key\(number)", JSON.string(String("abcdef-123456789".prefix(8 + number))))
            }
            let host = try await host(workshop, server, config: JSON.Object(secrets))
            let answer = try await host.ask(
                "http/1 send",
                get(server, "/", ["headers": ["X-Key": "{{secret:key6}}"]])
            )
            #expect(server.requests.first?.contains("X-Key: abcdef-1234567") == true)
            #expect(answer.out["body"]?.stringValue?.contains("X-Key: {{secret:key6}}\r\n") == true)
            await host.stop()
        }
    }

    @Test func `a secret is taken out though another character joins its last one`() async throws {
        let server = PlayedServer { _ in .ok("key: \(Self.secret)\u{301}!") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let answer = try await host.ask("http/1 send", get(server))
            #expect(answer.out["body"] == "key: {{secret:api_key}}\u{301}!")
            await host.stop()
        }
    }

    @Test func `a secret is not told by the words of a refusal`() async throws {
        let server = PlayedServer { _ in .ok("") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            for path in ["/{{secret:api_key}}/../x", "/{{secret:api_key}} x"] {
                let answer = try await host.ask("http/1 send", get(server, path))
                #expect(answer.status == ServiceAnswer.denied)
                #expect(!answer.message.contains("sk_live"), "\(answer.message)")
            }
            #expect(server.requests.isEmpty)
            await host.stop()
        }
    }

    @Test func `a placeholder that stands for nothing is refused`() async throws {
        let server = PlayedServer { _ in .ok("") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            for text in ["{{secret:other}}", "{{secret:api_key", "{{env:HOME}}", "{{}}"] {
                let answer = try await host.ask(
                    "http/1 send",
                    get(server, "/", ["headers": ["X": .string(text)]])
                )
                #expect(answer.status == ServiceAnswer.invalid, "\(text)")
            }
            #expect(server.requests.isEmpty)
            await host.stop()
        }
    }

    // MARK: - Where requests may go

    @Test func `what the manifest does not name is denied`() async throws {
        let server = PlayedServer { _ in .ok("") }
        let other = PlayedServer { _ in .ok("") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server, path: "/v1/*")
            for url in [
                server.url("/v2/x"), other.url("/v1/x"), "http://example.com/v1/x",
                server.url("/v1/../x"),
            ] {
                let answer = try await host.ask(
                    "http/1 send",
                    ["method": "GET", "url": .string(url)]
                )
                #expect(answer.status == ServiceAnswer.denied, "\(url)")
            }
            for url in ["v1/x", "//{{secret:api_key}}/x", "http://{{secret:api_key}}/", ""] {
                let answer = try await host.ask(
                    "http/1 send",
                    ["method": "GET", "url": .string(url)]
                )
                #expect(answer.status == ServiceAnswer.invalid, "\(url)")
            }
            #expect(server.requests.isEmpty && other.requests.isEmpty)
            await host.stop()
        }
    }

    @Test func `a private address needs the operator's yes`() async throws {
        let server = PlayedServer { _ in .ok("inside") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server, allowsPrivateNetwork: false)
            let refused = try await host.ask("http/1 send", get(server))
            #expect(refused.status == ServiceAnswer.denied)
            #expect(refused.message.contains("private network"))
            #expect(server.requests.isEmpty)
            try await host.configure(
                "test.asker",
                ["api_key": .string(Self.secret)],
                allowsPrivateNetwork: true
            )
            #expect(try await host.ask("http/1 send", get(server)).out["body"] == "inside")
            await host.stop()
        }
    }

    @Test func `a redirect is the plugin's to follow or not`() async throws {
        let server = PlayedServer { _ in
            .ok("", status: "302 Found", headers: "Location: http://10.0.0.1/\r\n")
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let answer = try await host.ask("http/1 send", get(server))
            #expect(answer.status == ServiceAnswer.ok && answer.out["status"] == 302)
            #expect(answer.out["headers"]?["location"] == "http://10.0.0.1/")
            #expect(server.requests.count == 1)
            await host.stop()
        }
    }

    // MARK: - Repeating

    @Test func `a request is repeated when the server says, and succeeds`() async throws {
        let server = PlayedServer { _, before in
            before == 0
                ? .ok("", status: "429 Too Many Requests", headers: "Retry-After: 1\r\n")
                : .ok("at last")
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let clock = ContinuousClock()
            let began = clock.now
            let answer = try await host.ask("http/1 send", get(server))
            #expect(answer.out["status"] == 200 && answer.out["body"] == "at last")
            #expect(clock.now - began >= .seconds(1))
            #expect(server.requests.count == 2)
            await host.stop()
        }
    }

    @Test func `a server that asks to be left alone is left alone by every request`() async throws {
        let server = PlayedServer { _ in
            .ok("", status: "429 Too Many Requests", headers: "Retry-After: 60\r\n")
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let first = try await host.ask("http/1 send", get(server))
            #expect(first.out["status"] == 429)
            let second = try await host.ask("http/1 send", get(server, "/other"))
            #expect(second.status == ServiceAnswer.temporary)
            #expect(second.message.contains("left alone"))
            #expect(second.out["retry_after"] == "60")
            #expect(server.requests.count == 1)
            await host.stop()
        }
    }

    @Test func `what was asked is repeated only when that is safe`() async throws {
        let server = PlayedServer { _ in
            .ok("", status: "503 Unavailable", headers: "Retry-After: 0\r\n")
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let cases: [(JSON.Object, Int)] = [
                (["method": "POST"], 1), (["method": "POST", "idempotency_key": "k-1"], 3),
                (["method": "GET"], 3), (["method": "GET", "may_repeat": false], 1),
                (["method": "PATCH", "may_repeat": true], 3),
                (["method": "GET", "stream": true], 1),
            ]
            for (more, count) in cases {
                let before = server.requests.count
                let answer = try await host.ask("http/1 send", get(server, "/", more))
                #expect(answer.out["status"] == 503)
                #expect(server.requests.count - before == count, "\(more.keys)")
                let keys = server.requests[before...].map { $0.contains("Idempotency-Key: k-1") }
                let hasKey = more["idempotency_key"] != nil
                #expect(keys.allSatisfy { $0 == hasKey }, "\(more.keys)")
            }
            await host.stop()
        }
    }

    // MARK: - Bounds

    @Test func `thirty-two requests are under way at once, and no more`() async throws {
        let steps = PlayedServer.Steps()
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
        let server = PlayedServer { _ in .pieces(head: head, [Array("ok".utf8)], steps) }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let request = get(server)
            try await withThrowingTaskGroup(of: ServiceAnswer.self) { group in
                for _ in 0..<33 {
                    group.addTask { try await host.ask("http/1 send", request) }
                }
                let first = try await group.next()
                #expect(first?.status == ServiceAnswer.temporary)
                #expect(first?.message == "32 requests are under way already")
                for _ in 0..<32 { steps.next() }
                for try await answer in group { #expect(answer.out["body"] == "ok") }
            }
            steps.next()
            #expect(try await host.ask("http/1 send", request).out["body"] == "ok")
            await host.stop()
        }
    }

    @Test func `a response that is too large fails, and one that just fits is whole`() async throws
    {
        let server = PlayedServer { request in
            .ok(String(repeating: "x", count: request.contains("/large") ? 700_001 : 200_000))
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let large = try await host.ask("http/1 send", get(server, "/large"))
            #expect(large.status == ServiceAnswer.failed && large.message.contains("larger"))
            #expect(server.requests.count == 1)
            let small = try await host.ask("http/1 send", get(server, "/small"))
            #expect(small.out["body"]?.stringValue?.utf8.count == 200_000)
            await host.stop()
        }
    }

    @Test func `a server that is silent costs the request's own time`() async throws {
        let server = PlayedServer { _ in .silence }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            for limit in ["timeout_ms", "first_byte_ms"] {
                let answer = try await host.ask(
                    "http/1 send",
                    get(server, "/", [limit: 100])
                )
                #expect(answer.status == ServiceAnswer.temporary)
                #expect(answer.message == "the server did not answer in time")
            }
            await host.stop()
        }
    }

    // MARK: - Bytes

    @Test func `a stream comes in parts, in order, no character torn apart`() async throws {
        let steps = PlayedServer.Steps()
        let text = "data: grüße\n\ndata: 😀 done\n\n"
        // Cut within the first and the last character that takes more than one byte.
        let bytes = Array(text.utf8)
        let pieces = [Array(bytes[..<9]), Array(bytes[9..<23]), Array(bytes[23...])]
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        let server = PlayedServer { _ in .pieces(head: head, pieces, steps) }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let told = Mutex<[String]>([])
            steps.next()
            let answer = try await host.ask(
                "http/1 send",
                get(server, "/", ["stream": true])
            ) { part in
                let data = (try? JSON(parsing: part))?["data"]?.stringValue ?? "?"
                told.withLock { $0.append(data) }
                // The next piece is sent once this one has arrived: none are joined.
                steps.next()
            }
            let parts = answer.parts.map { $0["data"]?.stringValue ?? "?" }
            #expect(parts == ["data: gr", "üße\n\ndata: ", "😀 done\n\n"])
            #expect(told.withLock { $0 } == parts)
            #expect(answer.out["status"] == 200 && answer.out["body"] == "")
            await host.stop()
        }
    }

    @Test func `a secret is concealed wherever a stream is cut, and only what may be one waits`()
        async throws
    {
        let steps = PlayedServer.Steps()
        let pieces = ["key: sk_li", "ve_1234567, sk_live_1", "234, end sk_"].map { Array($0.utf8) }
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        let server = PlayedServer { _ in .pieces(head: head, pieces, steps) }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            steps.next()
            let answer = try await host.ask(
                "http/1 send",
                get(server, "/", ["stream": true])
            ) { _ in steps.next() }
            let parts = answer.parts.map { $0["data"]?.stringValue ?? "?" }
            #expect(parts == ["key: ", "{{secret:api_key}}, ", "sk_live_1234, end ", "sk_"])
            await host.stop()
        }
    }

    @Test func `a stream cut behind a secret that is the beginning of a longer one tells neither`()
        async throws
    {
        let steps = PlayedServer.Steps()
        let pieces = ["a abcdef", "-123456, b abcdef", ", c", " abcdef"].map { Array($0.utf8) }
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        let server = PlayedServer { _ in .pieces(head: head, pieces, steps) }
        try await PluginWorkshop.with { workshop in
            let config: JSON.Object = ["short": "abcdef", "long": "abcdef-123456"]
            let host = try await host(workshop, server, config: config)
            steps.next()
            let answer = try await host.ask(
                "http/1 send",
                get(server, "/", ["stream": true])
            ) { _ in steps.next() }
            let parts = answer.parts.map { $0["data"]?.stringValue ?? "?" }
            #expect(
                parts == [
                    "a ", "{{secret:long}}, b ", "{{secret:short}}, c", " ", "{{secret:short}}",
                ]
            )
            await host.stop()
        }
    }

    @Test func `a failure's body is whole though a stream was asked for`() async throws {
        let server = PlayedServer { _ in .ok(#"{"error":"no"}"#, status: "400 Bad Request") }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let answer = try await host.ask("http/1 send", get(server, "/", ["stream": true]))
            #expect(answer.parts.isEmpty)
            #expect(answer.out["status"] == 400 && answer.out["body"] == #"{"error":"no"}"#)
            await host.stop()
        }
    }

    @Test(arguments: [1, 2, 3])
    func `bytes that are no text go and come in base64`(count: Int) async throws {
        let bytes = [UInt8]([0xFF, 0x00, 0xFE].prefix(count))
        let server = PlayedServer { _ in .ok(bytes) }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, server)
            let base64 = Data(bytes).base64EncodedString()
            let answer = try await host.ask(
                "http/1 send",
                get(server, "/", ["method": "PUT", "body_base64": .string(base64)])
            )
            #expect(answer.out["body_base64"] == .string(base64))
            #expect(server.requests.first?.contains("Content-Length: \(count)\r\n") == true)
            await host.stop()
        }
    }
}
