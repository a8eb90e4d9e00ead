import Credentials
import Foundation
import JSONCoding
import Model
import PluginHost
import Testing

/// Requests of other servers to plugins.
struct WebhookTests {
    private let clock = StoppedClock()

    /// One path for each scheme; `open` has none.
    private static let webhooks: JSON = [
        ["path": "open"], ["path": "stripe", "scheme": "stripe", "secret": "key"],
        ["path": "slack", "scheme": "slack", "secret": "key"],
        ["path": "standard", "scheme": "standard", "secret": "whsec"],
        [
            "path": "hex", "scheme": "hmac-sha256", "secret": "key",
            "header": "X-Hub-Signature-256",
        ],
        [
            "path": "base64", "scheme": "hmac-sha256", "secret": "key", "encoding": "base64",
            "header": "X-Shop-Hmac",
        ],
        ["path": "unset", "scheme": "stripe", "secret": "absent"],
    ]

    private static let key = "a secret key"
    /// As providers hand it out: with the padding of base64.
    private static let whsec = "whsec_" + Data("sixteen bytes or".utf8).base64EncodedString()

    /// Writes down what it is told; answers what the body says, if it is an answer.
    private static let code = #"""
        INVOKE {
            char *line;
            if (asprintf(&line, "%s %.*s", method, (int)in.len, (const char *)in.ptr) > 0) say(line);
            char *body = member(in, "body");
            if (strcmp(body, "refuse") == 0)
                return host->complete(host, call, MAITRED_INVALID, slice("{}"));
            if (strcmp(body, "fail") == 0)
                return host->complete(host, call, MAITRED_FAILED, slice("{}"));
            if (strcmp(body, "crash") == 0) abort();
            if (strcmp(body, "status 99") == 0) return answer(call, "{\"status\":99}");
            answer(call, "{\"status\":202,\"body\":\"taken\",\"headers\":{"
                "\"Content-Type\":\"text/plain\",\"Retry-After\":\"5\",\"Set-Cookie\":\"a=b\","
                "\"Location\":\"https://evil.example\",\"content-type\":\"a\\r\\nX: y\"}}");
        }
        """#

    private func host(
        _ workshop: PluginWorkshop,
        permissions: JSON.Object = ["webhook": true]
    ) async throws -> PluginHost {
        let secret: JSON = ["type": "string", "format": "secret"]
        let manifest = PluginWorkshop.manifest(
            "hook",
            with: [
                "permissions": .object(permissions),
                "contributes": ["webhooks": Self.webhooks],
                "config": [
                    "type": "object",
                    "properties": ["key": secret, "whsec": secret, "absent": secret],
                ],
            ]
        )
        let id = try await workshop.build("hook", manifest: manifest, Self.code)
        return await workshop.host([], services: PluginWorkshop.services(clock: clock)) {
            $0.settings = [
                id: .init(config: ["key": .string(Self.key), "whsec": .string(Self.whsec)])
            ]
        }
    }

    private func webhook(
        _ path: String,
        _ headers: [String: String] = [:],
        body: String = #"{"type":"paid"}"#
    ) -> PluginWebhook {
        PluginWebhook(
            plugin: "test.hook",
            path: path,
            method: "POST",
            query: "a=b",
            headers: headers,
            body: Array(body.utf8)
        )
    }

    private static func hmac(_ message: String, key: String = key) -> [UInt8] {
        Digest.hmacSHA256(key: Array(key.utf8), message)
    }

    /// Headers as a provider would send them, for a time that differs from ours.
    private func signed(
        _ path: String,
        _ body: String,
        seconds apart: Int64 = 0,
        key: String = key
    ) -> [String: String] {
        let seconds = clock.now.milliseconds / 1000 + apart
        switch path {
        case "stripe":
            let made = Digest.hex(Self.hmac("\(seconds).\(body)", key: key))
            return ["stripe-signature": "t=\(seconds),v1=\(made),v0=old"]
        case "slack":
            let made = Digest.hex(Self.hmac("v0:\(seconds):\(body)", key: key))
            return [
                "x-slack-request-timestamp": "\(seconds)", "x-slack-signature": "v0=\(made)",
            ]
        case "standard":
            let bytes = key == Self.key ? Array("sixteen bytes or".utf8) : Array(key.utf8)
            let made = Digest.hmacSHA256(key: bytes, "msg_1.\(seconds).\(body)")
            let text = Data(made).base64EncodedString()
            return [
                "webhook-id": "msg_1", "webhook-timestamp": "\(seconds)",
                "webhook-signature": "v1,bm90IHRoaXMgb25l v1,\(text)",
            ]
        case "hex":
            return ["x-hub-signature-256": "sha256=" + Digest.hex(Self.hmac(body, key: key))]
        case "base64":
            return ["x-shop-hmac": Data(Self.hmac(body, key: key)).base64EncodedString()]
        default: return [:]
        }
    }

    private static let schemes = ["stripe", "slack", "standard", "hex", "base64"]

    @Test(arguments: schemes)
    func `a request with the right signature reaches the plugin`(path: String) async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let body = #"{"type":"paid"}"#
            let reply = await host.receive(webhook(path, signed(path, body), body: body))
            #expect(reply.status == 202 && String(decoding: reply.body, as: UTF8.self) == "taken")
            #expect(await host.said(by: "test.hook").count == 1)
            await host.stop()
        }
    }

    @Test(arguments: schemes)
    func `a request with a wrong signature, or none, does not`(path: String) async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let body = #"{"type":"paid"}"#
            var attempts = [
                [:], signed(path, body + " "), signed(path, body, key: "another key"),
            ]
            let right = signed(path, body)
            for name in right.keys {
                var without = right
                without[name] = nil
                attempts.append(without)
                for value in ["", "x", "v1,", "v0=", "t=,v1=", "sha256=", "9999999999999999999"] {
                    var changed = right
                    changed[name] = value
                    attempts.append(changed)
                }
            }
            for headers in attempts {
                // An id is only part of what is signed.
                let reply = await host.receive(webhook(path, headers, body: body))
                #expect(reply.status == 401, "\(headers)")
            }
            #expect(await host.said(by: "test.hook").isEmpty)
            await host.stop()
        }
    }

    @Test(arguments: ["stripe", "slack", "standard"])
    func `a request that is older or newer than five minutes does not`(path: String) async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let body = "{}"
            for (apart, status) in [(-300, 202), (-301, 401), (300, 202), (301, 401)] {
                let headers = signed(path, body, seconds: Int64(apart))
                let reply = await host.receive(webhook(path, headers, body: body))
                #expect(reply.status == status, "\(apart)")
            }
            await host.stop()
        }
    }

    @Test(arguments: [Int64.min, Int64.max, -1, 1 << 40])
    func `a time beyond all measure harms nobody`(_ seconds: Int64) async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            for headers in [
                ["stripe-signature": "t=\(seconds),v1=00"],
                ["x-slack-request-timestamp": "\(seconds)", "x-slack-signature": "v0=00"],
                [
                    "webhook-id": "a", "webhook-timestamp": "\(seconds)",
                    "webhook-signature": "v1,AA",
                ],
            ] {
                for path in ["stripe", "slack", "standard"] {
                    #expect(await host.receive(webhook(path, headers)).status == 401)
                }
            }
            await host.stop()
        }
    }

    @Test func `without its secret set nothing is right`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let seconds = clock.now.milliseconds / 1000
            let made = Digest.hex(Digest.hmacSHA256(key: [], "\(seconds).{}"))
            let headers = ["stripe-signature": "t=\(seconds),v1=\(made)"]
            #expect(await host.receive(webhook("unset", headers, body: "{}")).status == 401)
            await host.stop()
        }
    }

    @Test func `a request arrives as it came`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            _ = await host.receive(webhook("open", ["x-b": "2", "x-a": "1"], body: "hello"))
            var binary = webhook("open")
            binary.body = [0xFF, 0x00]
            _ = await host.receive(binary)
            let said = await host.said(by: "test.hook")
            #expect(
                said == [
                    #"webhook/open {"method":"POST","query":"a=b","headers":{"x-a":"1","x-b":"2"},"#
                        + #""body":"hello"}"#,
                    #"webhook/open {"method":"POST","query":"a=b","headers":{},"#
                        + #""body_base64":"/wA="}"#,
                ]
            )
            await host.stop()
        }
    }

    @Test func `only harmless headers of an answer go out, and only plain ones`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let reply = await host.receive(webhook("open"))
            #expect(reply.status == 202)
            let lines = reply.headers.map { "\($0.0): \($0.1)" }
            #expect(lines == ["Content-Type: text/plain", "Retry-After: 5"])
            #expect(await host.receive(webhook("open", body: "status 99")).status == 502)
            await host.stop()
        }
    }

    @Test func `what was not declared, or not permitted, is not found`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            for path in ["", "other", "open/", "../open", "OPEN"] {
                #expect(await host.receive(webhook(path)).status == 404, "\(path)")
            }
            var elsewhere = webhook("open")
            elsewhere.plugin = "test.absent"
            #expect(await host.receive(elsewhere).status == 404)
            try await host.disable("test.hook")
            #expect(await host.receive(webhook("open")).status == 404)
            await host.stop()
        }
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, permissions: [:])
            #expect(await host.receive(webhook("open")).status == 404)
            await host.stop()
        }
    }

    @Test func `what the plugin cannot take now is to be sent again, what it refuses is not`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            #expect(await host.receive(webhook("open", body: "refuse")).status == 400)
            for body in ["fail", "crash"] {
                let reply = await host.receive(webhook("open", body: body))
                #expect(reply.status == 503)
                #expect(reply.headers.map { "\($0.0): \($0.1)" } == ["Retry-After: 30"])
            }
            let large = webhook("open", body: String(repeating: "x", count: 200_001))
            #expect(await host.receive(large).status == 413)
            await host.stop()
        }
    }

    @Test func `while the plugin is down the sender is told to come again`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            for crash in 1...3 {
                try await host.waitFor("test.hook") { $0.status == .running }
                #expect(await host.receive(webhook("open", body: "crash")).status == 503)
                if crash < 3 { try await host.waitFor("test.hook") { $0.restarts == crash } }
            }
            try await host.waitFor("test.hook") { $0.status.name == "disabled" }
            #expect(await host.receive(webhook("open")).status == 503)
            // Its signatures are checked all the same.
            #expect(await host.receive(webhook("stripe")).status == 401)
            await host.stop()
        }
    }
}
