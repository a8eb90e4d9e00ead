import Egress
import Foundation
import Testing

/// Asking other servers.
@Suite(.timeLimit(.minutes(1)))
struct EgressTests {
    private func list(_ server: PlayedServer, path: String = "/*") throws -> AllowList {
        try AllowList(
            ["http://127.0.0.1:\(server.port)\(path)"],
            allowsPrivateAddresses: true
        )
    }

    private func url(_ server: PlayedServer, _ path: String) -> String {
        "http://127.0.0.1:\(server.port)\(path)"
    }

    /// What a request ends in.
    private func failure(
        _ egress: Egress,
        _ request: OutgoingRequest,
        _ list: AllowList,
        deadline: Duration = .seconds(5),
        limit: Int = Egress.bodyLimit
    ) async -> EgressFailure? {
        do throws(EgressFailure) {
            _ = try await egress.send(request, allowing: list, deadline: deadline, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a request arrives as it was written, and the answer comes back whole`() async throws
    {
        let server = PlayedServer { _ in
            .ok(#"{"id":7}"#, status: "429 Too Many Requests", headers: "Retry-After: 12\r\n")
        }
        let egress = Egress()
        let response = try await egress.send(
            OutgoingRequest(
                "PATCH",
                url(server, "/v1/things?x=1"),
                headers: [("Content-Type", "application/json"), ("X-Of", "ours")],
                body: Array(#"{"a":true}"#.utf8)
            ),
            allowing: try list(server)
        )
        #expect(response.status == 429 && response.retryAfter == 12)
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"id":7}"#)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("PATCH /v1/things?x=1 HTTP/1.1\r\n"))
        #expect(request.contains("X-Of: ours\r\n") && request.hasSuffix(#"{"a":true}"#))
        #expect(!request.contains("Expect"))
    }

    @Test func `many at once are answered each with its own`() async throws {
        let server = PlayedServer { request in .ok(String(request.prefix { $0 != "H" })) }
        let egress = Egress()
        let allowed = try list(server)
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<50 {
                let request = OutgoingRequest("GET", url(server, "/\(number)"))
                group.addTask {
                    let response = try await egress.send(request, allowing: allowed)
                    return (number, String(decoding: response.body, as: UTF8.self))
                }
            }
            for try await (number, body) in group { #expect(body == "GET /\(number) ") }
        }
        #expect(server.requests.count == 50)
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let server = PlayedServer { _ in
            .ok("", status: "302 Found", headers: "Location: http://127.0.0.1:1/\r\n")
        }
        let response = try await Egress().send(
            OutgoingRequest("GET", url(server, "/")),
            allowing: try list(server)
        )
        #expect(response.status == 302 && response.header("location") == "http://127.0.0.1:1/")
        #expect(server.requests.count == 1)
    }

    @Test func `what is not on the list is not asked`() async throws {
        let server = PlayedServer { _ in .ok("") }
        let egress = Egress()
        for path in ["/other", "/v1/../other", "/v1/%2e%2e/other", "/v1/..%2fother", "/v1/..;/x"] {
            let failure = await failure(
                egress,
                OutgoingRequest("GET", url(server, path)),
                try list(server, path: "/v1/*")
            )
            guard case .notAllowed? = failure else {
                Issue.record("\(path) ended in \(String(describing: failure))")
                continue
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `a name that leads into this machine is refused when it is connected to`()
        async throws
    {
        let server = PlayedServer { _ in .ok("secret") }
        let patterns = ["http://localhost:\(server.port)/*", "http://127.0.0.1:\(server.port)/*"]
        let open = try AllowList(patterns)
        for host in ["localhost", "127.0.0.1"] {
            let request = OutgoingRequest("GET", "http://\(host):\(server.port)/")
            #expect(await failure(Egress(), request, open) == .addressRefused)
        }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: [
        "https://api.example.com/", "HTTPS://API.Example.COM.:443/v1?q=http://x",
        "https://api.example.com",
    ])
    func `a server has one name however its URL is written`(url: String) throws {
        #expect(try AllowList.authority(of: url) == "api.example.com:443")
        #expect(try AllowList.authority(of: "http://api.example.com/") == "api.example.com:80")
        #expect(throws: EgressFailure.self) { try AllowList.authority(of: "api.example.com") }
    }

    @Test func `nothing in a request can be read as a second one`() async throws {
        let server = PlayedServer { _ in .ok("") }
        let allowed = try list(server)
        let bad = [
            OutgoingRequest("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET", url(server, "/")),
            OutgoingRequest("GET", url(server, "/"), headers: [("X", "a\r\nY: b")]),
            OutgoingRequest("GET", url(server, "/"), headers: [("X: y\r\nZ", "a")]),
            OutgoingRequest("GET", url(server, "/"), headers: [("Host", "other.example")]),
            OutgoingRequest("GET", url(server, "/"), headers: [("content-length", "3")]),
        ]
        for request in bad {
            guard case .notAllowed? = await failure(Egress(), request, allowed) else {
                Issue.record("\(request.method) \(request.headers) was sent")
                continue
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `a kept connection is vetted for whoever asks next`() async throws {
        let server = PlayedServer { _ in .ok("") }
        let egress = Egress()
        let request = OutgoingRequest("GET", url(server, "/"))
        _ = try await egress.send(request, allowing: try list(server))
        let strict = try AllowList(["http://127.0.0.1:\(server.port)/*"])
        #expect(await failure(egress, request, strict) == .addressRefused)
        #expect(server.requests.count == 1)
    }

    @Test func `time, size and nobody there are told apart`() async throws {
        let silent = PlayedServer { _ in .init(bytes: "", isSilent: true) }
        let large = PlayedServer { _ in .ok(String(repeating: "x", count: 5000)) }
        let egress = Egress()
        let slow = await failure(
            egress,
            OutgoingRequest("GET", url(silent, "/")),
            try list(silent),
            deadline: .milliseconds(80)
        )
        #expect(slow == .deadline)
        #expect(silent.requests.count == 1)
        let long = await failure(
            egress,
            OutgoingRequest("GET", url(large, "/")),
            try list(large),
            limit: 4999
        )
        #expect(long == .tooLarge)
        #expect(large.requests.count == 1)
        let nobody = try AllowList(["http://127.0.0.1:1/*"], allowsPrivateAddresses: true)
        let refused = await failure(egress, OutgoingRequest("GET", "http://127.0.0.1:1/"), nobody)
        guard case .unreachable? = refused else {
            Issue.record("ended in \(String(describing: refused))")
            return
        }
    }

    @Test func `whoever is cancelled or closed stops waiting at once`() async throws {
        let silent = PlayedServer { _ in .init(bytes: "", isSilent: true) }
        let egress = Egress()
        let allowed = try list(silent)
        let request = OutgoingRequest("GET", url(silent, "/"))
        let waiting = Task { await failure(egress, request, allowed, deadline: .seconds(50)) }
        while silent.requests.isEmpty { await Task.yield() }
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        let other = Task { await failure(egress, request, allowed, deadline: .seconds(50)) }
        while silent.requests.count < 2 { await Task.yield() }
        egress.close()
        #expect(await other.value == .cancelled)
        #expect(await failure(egress, request, allowed) == .cancelled)
    }
}

/// Where requests may go.
struct AllowListTests {
    private func allows(_ pattern: String, _ url: String) throws -> Bool {
        let list = try AllowList([pattern])
        do throws(EgressFailure) {
            try list.check(url)
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: [
        ("https://api.example.com/*", "https://api.example.com/v1/x?y=1", true),
        ("https://api.example.com/*", "https://API.example.com./v1", true),
        ("https://api.example.com/*", "https://api.example.com:443/", true),
        ("https://api.example.com/*", "https://api.example.com:8443/", false),
        ("https://api.example.com/*", "http://api.example.com/", false),
        ("https://api.example.com/*", "https://api.example.com.evil.example/", false),
        ("https://api.example.com/*", "https://api.example.com@evil.example/", false),
        ("https://api.example.com/*", "https://evil.example/https://api.example.com/", false),
        ("https://api.example.com/*", "https://api.example.com\\@evil.example/", false),
        ("https://api.example.com/*", "file:///etc/passwd", false),
        ("https://api.example.com/*", "//api.example.com/", false),
        ("https://*.shop.example/a/*", "https://one.shop.example/a/b", true),
        ("https://*.shop.example/a/*", "https://shop.example/a/b", false),
        ("https://*.shop.example/a/*", "https://evilshop.example/a/b", false),
        ("https://*.shop.example/a/*", "https://one.shop.example/b", false),
        ("https://hooks.example/exact", "https://hooks.example/exact", true),
        ("https://hooks.example/exact", "https://hooks.example/exact/more", false),
    ]) func `patterns mean what they say`(pattern: String, url: String, expected: Bool) throws {
        #expect(try allows(pattern, url) == expected)
    }

    @Test(arguments: [
        "", "api.example.com", "ftp://x.example/*", "https://u:p@x.example/*",
        "https://x.example/a?b=*",
    ])
    func `a pattern that is none is refused`(pattern: String) {
        #expect(throws: EgressFailure.self) { try AllowList([pattern]) }
    }
}

/// Which addresses are on the open internet.
struct AddressRuleTests {
    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:0:1::", "2001:db8::1",
    ]) func `what is not of the open internet is known`(address: String) {
        #expect(AddressRule.isPublic(address) == false)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
    ]) func `the open internet is open`(address: String) {
        #expect(AddressRule.isPublic(address) == true)
    }
}
