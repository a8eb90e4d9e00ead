import JSONCoding
import PluginHost
import Synchronization
import Testing

/// Plugins that do what the operator chose them for, and those that stand in for them.
struct ProvideTests {
    private func build(
        _ workshop: PluginWorkshop,
        _ name: String,
        milliseconds: Int64 = 2000,
        _ body: String
    ) async throws -> String {
        let manifest = PluginWorkshop.manifest(
            name,
            with: [
                "contributes": [
                    "hooks": [
                        [
                            "on": "llm.complete", "mode": "provide",
                            "deadline_ms": .int(milliseconds),
                        ]
                    ]
                ]
            ]
        )
        return try await workshop.build(
            name,
            manifest: manifest,
            """
            INVOKE {
                say(method);
                \(body)
            }
            """
        )
    }

    private static func name(_ name: String) -> String {
        #"answer(call, "{\"from\":\"\#(name)\"}");"#
    }

    private static let fails = #"host->complete(host, call, MAITRED_FAILED, slice("{}"));"#

    private func provide(
        _ host: PluginHost,
        within deadline: Duration = .seconds(5)
    ) async throws(PluginError) -> String? {
        try await host.provide("llm.complete", ["prompt": "x"], deadline: deadline)["from"]?
            .stringValue
    }

    @Test func `the one that was chosen is asked first, the others in order of name`() async throws
    {
        try await PluginWorkshop.with { workshop in
            let ids = [
                try await build(workshop, "a", Self.name("a")),
                try await build(workshop, "b", Self.fails),
                try await build(workshop, "c", Self.name("c")),
            ]
            let free = await workshop.host(ids)
            #expect(try await provide(free) == "a")
            await free.stop()

            let chosen = await workshop.host(ids) {
                $0.providers = ["llm.complete": ["test.absent", "test.b", "test.c"]]
            }
            #expect(try await provide(chosen) == "c")
            #expect(await chosen.said(by: "test.b") == ["provide/llm.complete"])
            #expect(await chosen.said(by: "test.a").isEmpty)
            await chosen.stop()
        }
    }

    @Test(arguments: ["pause();", "abort();", fails, #"answer(call, "{");"#])
    func `when one cannot, the next one does`(_ body: String) async throws {
        try await PluginWorkshop.with { workshop in
            let ids = [
                try await build(workshop, "a", milliseconds: 200, body),
                try await build(workshop, "b", Self.name("b")),
            ]
            let host = await workshop.host(ids)
            #expect(try await provide(host) == "b")
            await host.stop()
        }
    }

    @Test func `when none can, the last failure is told`() async throws {
        try await PluginWorkshop.with { workshop in
            let ids = [
                try await build(workshop, "a", "abort();"),
                try await build(workshop, "b", Self.fails),
            ]
            let host = await workshop.host(ids)
            await #expect(throws: PluginError.failed(status: 1, message: "failed")) {
                try await provide(host)
            }
            #expect(await host.provides("llm.complete"))
            #expect(await !host.provides("llm.embed"))
            await #expect(throws: PluginError.unavailable) {
                try await host.provide("llm.embed", [:], deadline: .seconds(1))
            }
            await host.stop()
        }
    }

    @Test func `all together have the time that one was given`() async throws {
        try await PluginWorkshop.with { workshop in
            let ids = [
                try await build(workshop, "a", "pause();"),
                try await build(workshop, "b", Self.name("b")),
            ]
            let host = await workshop.host(ids)
            await #expect(throws: PluginError.timedOut) {
                try await provide(host, within: .milliseconds(100))
            }
            #expect(await host.said(by: "test.b").isEmpty)
            await host.stop()
        }
    }

    @Test func `parts come as they are written`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(
                workshop,
                "writer",
                #"""
                for (int i = 0; i < 3; i++) {
                    char part[20];
                    snprintf(part, sizeof part, "{\"text\":\"%d\"}", i);
                    host->part(host, call, slice(part));
                }
                answer(call, "{\"text\":\"012\"}");
                """#
            )
            let host = await workshop.host([id])
            let parts = Mutex<[JSON]>([])
            let whole = try await host.provide("llm.complete", [:], deadline: .seconds(5)) { part in
                parts.withLock { $0.append((try? JSON(parsing: part)) ?? .null) }
            }
            #expect(whole == ["text": "012"])
            #expect(parts.withLock { $0 } == [["text": "0"], ["text": "1"], ["text": "2"]])
            await host.stop()
        }
    }
}
