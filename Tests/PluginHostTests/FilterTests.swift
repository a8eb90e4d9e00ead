import Desk
import JSONCoding
import Model
import PluginHost
import Testing

/// Plugins that decide about messages before they are kept.
struct FilterTests {
    private let conversation = ConversationID.make(at: Timestamp(milliseconds: 0))

    /// Builds a filter around C code that has `text`, the message, and `reply(…)`.
    private func build(
        _ workshop: PluginWorkshop,
        _ name: String,
        hook: JSON.Object = [:],
        read: [JSON] = ["conversation.messages"],
        _ body: String
    ) async throws -> String {
        var filter: JSON.Object = [
            "on": "message.inbound", "mode": "filter", "deadline_ms": 2000,
        ]
        filter.merge(hook)
        let manifest = PluginWorkshop.manifest(
            name,
            with: [
                "permissions": ["read": .array(read)],
                "contributes": ["hooks": [.object(filter)]],
            ]
        )
        return try await workshop.build(
            name,
            manifest: manifest,
            """
            #define reply(...) \\
                do { \\
                    char *json; \\
                    if (asprintf(&json, __VA_ARGS__) > 0) answer(call, json); \\
                } while (0)
            INVOKE {
                char *text = member(in, "text");
                say(text);
                \(body)
            }
            """
        )
    }

    private static func append(_ letter: String) -> String {
        #"reply("{\"do\":\"replace\",\"text\":\"%s\#(letter)\"}", text);"#
    }

    private func filter(_ host: PluginHost, _ text: String = "x") async -> FilterVerdict {
        await host.filter(MessageToFilter(.inbound, conversation, from: "customer", text))
    }

    @Test func `filters run by priority and then by name, each sees what the last one made`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let ids = [
                try await build(workshop, "b", hook: ["priority": 100], Self.append("b")),
                try await build(workshop, "a", hook: ["priority": 100], Self.append("a")),
                try await build(workshop, "z", hook: ["priority": 1], Self.append("z")),
                try await build(
                    workshop,
                    "m",
                    hook: ["priority": 50],
                    #"reply("{\"do\":\"keep\"}");"#
                ),
            ]
            let host = await workshop.host(ids)
            #expect(host.filters(.inbound) && !host.filters(.outbound))
            #expect(await filter(host) == .replace("xzab"))
            #expect(await host.said(by: "test.m") == ["xz"])
            await host.stop()
        }
    }

    @Test func `a rejection is the end of it`() async throws {
        try await PluginWorkshop.with { workshop in
            let ids = [
                try await build(workshop, "a", Self.append("a")),
                try await build(
                    workshop,
                    "b",
                    #"reply("{\"do\":\"reject\",\"reason\":\"no links\"}");"#
                ),
                try await build(workshop, "c", Self.append("c")),
            ]
            let host = await workshop.host(ids)
            #expect(await filter(host) == .reject("no links"))
            #expect(await host.said(by: "test.b") == ["xa"])
            #expect(await host.said(by: "test.c").isEmpty)
            await host.stop()
        }
    }

    @Test func `a message that nobody changes is kept`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop, "a", #"reply("{\"do\":\"keep\"}");"#)
            let host = await workshop.host([id])
            #expect(await filter(host) == .keep)
            try await host.disable(id)
            #expect(!host.filters(.inbound))
            #expect(await filter(host) == .keep)
            #expect(await host.said(by: id).count == 1)
            await host.stop()
        }
    }

    @Test(arguments: [
        "(void)text;", "abort();", #"reply("{}");"#, #"reply("{\"do\":\"drop\"}");"#,
        #"reply("{\"do\":\"replace\"}");"#, #"reply("{\"do\":\"replace\",\"text\":\"\"}");"#,
        #"reply("{\"do\":\"replace\",\"text\":\"%08001d\"}", 0);"#, #"reply("no");"#,
        #"host->complete(host, call, MAITRED_FAILED, slice("{}"));"#,
    ])
    func `without a verdict a message passes or does not, as the manifest says`(_ body: String)
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let open = try await build(
                workshop,
                "open",
                hook: ["deadline_ms": 200, "on_failure": "open"],
                body
            )
            let last = try await build(workshop, "other", Self.append("z"))
            let lenient = await workshop.host([open, last])
            #expect(await filter(lenient) == .replace("xz"))
            await lenient.stop()

            let closed = try await build(
                workshop,
                "closed",
                hook: ["deadline_ms": 200, "on_failure": "closed"],
                body
            )
            let strict = await workshop.host([closed, last])
            #expect(await filter(strict) == .reject("a check could not be made; try again"))
            #expect(await strict.said(by: last).isEmpty)
            await strict.stop()
        }
    }

    @Test func `a filter that is late delays nobody beyond its deadline`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop, "slow", hook: ["deadline_ms": 50], "pause();")
            let host = await workshop.host([id])
            let clock = ContinuousClock()
            let took = await clock.measure { #expect(await filter(host) == .keep) }
            #expect(took >= .milliseconds(50) && took < .seconds(4))
            await host.stop()
        }
    }

    @Test func `who may not read messages is not shown them`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(
                workshop,
                "blind",
                read: ["conversation.meta"],
                #"reply("{\"do\":\"reject\"}");"#
            )
            let host = await workshop.host([id])
            #expect(await filter(host) == .keep)
            #expect(await host.said(by: id).isEmpty)
            await host.stop()
        }
    }
}
