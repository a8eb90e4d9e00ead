import Desk
import Glibc
import JSONCoding
import Model
import PluginHost
import Synchronization
import Testing

/// Plugins that are told what has happened.
@Suite(.timeLimit(.minutes(1)))
struct ObserveTests {
    /// Writes down each text it is told, and does what the text says.
    private static let code = #"""
        static void hold(void *call, int32_t status, maitred_slice out) {
            if (memmem(out.ptr, out.len, "false", 5)) answer(call, "");
        }
        INVOKE {
            static int failures;
            char *text = member(in, "text");
            say(*text ? text : method);
            if (strcmp(text, "refuse") == 0)
                return host->complete(host, call, MAITRED_INVALID, slice("{}"));
            if (strcmp(text, "later") == 0 && failures++ < 2)
                return host->complete(host, call, MAITRED_TEMPORARY, slice("{}"));
            if (strcmp(text, "never") == 0)
                return host->complete(host, call, MAITRED_FAILED, slice("{}"));
            if (strcmp(text, "hold once") == 0) {
                ask(call, MAITRED_KV_SERVICE, "add", "{\"key\":\"held\",\"value\":\"1\"}", hold, call);
                return;
            }
            answer(call, "");
        }
        """#

    private let state = MemoryState()
    private let desk = PlayedDesk()
    private let time = Timestamp(milliseconds: 1_800_000_000_000)

    private func build(
        _ workshop: PluginWorkshop,
        _ name: String = "ear",
        types: [String] = ["message.created", "conversation.tagged"],
        read: [JSON] = ["conversation.meta", "conversation.messages"]
    ) async throws -> String {
        let hooks = types.map { JSON.object(["on": .string($0), "mode": "observe"]) }
        let manifest = PluginWorkshop.manifest(
            name,
            with: [
                "permissions": ["read": .array(read), "kv_bytes": 100],
                "contributes": ["hooks": .array(hooks)],
            ]
        )
        return try await workshop.build(name, manifest: manifest, Self.code)
    }

    /// A host that tells plugins what happens while the body runs; stands at the beginning of the log.
    private func telling(
        _ workshop: PluginWorkshop,
        _ ids: [String],
        fromNowOn: Bool = false,
        _ body: (PluginHost) async throws -> Void
    ) async throws {
        for id in ids where !fromNowOn && state.place(of: "plugin/\(id)") == nil {
            state.setPlace(of: "plugin/\(id)", to: 0)
        }
        let host = await workshop.host(ids, services: PluginWorkshop.services(state, desk: desk))
        let running = Task { await host.run() }
        defer { running.cancel() }
        try await body(host)
        running.cancel()
        await running.value
        await host.stop()
    }

    private func say(_ text: String, by plugin: String? = nil) {
        var message = Message(
            id: .make(at: time),
            author: .customer(desk.contact.id, name: "Ada"),
            text: text,
            at: time
        )
        message.origin = plugin.map { Message.Origin(plugin: $0, name: $0) }
        state.append(.message(message), to: desk.conversation)
    }

    @Test func `what happens is told in order, and only once when all goes well`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop)
            for text in ["one", "two", "three"] { say(text) }
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 3)
                say("four")
                try await host.waitUntilSaid(by: id, 4)
                #expect(await host.said(by: id) == ["one", "two", "three", "four"])
            }
            #expect(state.place(of: "plugin/\(id)") == 4)
            // A server that starts anew goes on where the last one was.
            say("five")
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 1)
                #expect(await host.said(by: id) == ["five"])
            }
        }
    }

    @Test func `a plugin that is new hears of what happens from then on`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop)
            say("long ago")
            try await telling(workshop, [id], fromNowOn: true) { host in
                try await PluginWorkshop.until { state.place(of: "plugin/\(id)") != nil }
                say("now")
                try await host.waitUntilSaid(by: id, 1)
                #expect(await host.said(by: id) == ["now"])
            }
        }
    }

    @Test func `what a plugin did itself is not told to it, but to others`() async throws {
        try await PluginWorkshop.with { workshop in
            let one = try await build(workshop, "one")
            let two = try await build(workshop, "two")
            say("by one", by: one)
            for plugin in [one, two] {
                let tagging = Event.Tagging(
                    add: ["x"],
                    remove: [],
                    by: .system,
                    origin: plugin,
                    at: time
                )
                state.append(.tagged(tagging), to: desk.conversation)
            }
            say("end")
            try await telling(workshop, [one, two]) { host in
                try await host.waitUntilSaid(by: one, 2)
                try await host.waitUntilSaid(by: two, 3)
                #expect(await host.said(by: one) == ["observe/conversation.tagged", "end"])
                let told = ["by one", "observe/conversation.tagged", "end"]
                #expect(await host.said(by: two) == told)
            }
        }
    }

    @Test func `what failed comes again before anything else`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop)
            for text in ["later", "next"] { say(text) }
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 4)
                #expect(await host.said(by: id) == ["later", "later", "later", "next"])
            }
        }
    }

    @Test func `what a plugin refuses is left out`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop)
            for text in ["refuse", "next"] { say(text) }
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 2)
                #expect(await host.said(by: id) == ["refuse", "next"])
            }
            #expect(state.place(of: "plugin/\(id)") == 2)
        }
    }

    @Test func `what a plugin died over comes again`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop)
            for text in ["hold once", "next"] { say(text) }
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 1)
                let process = try #require(await host.instance(id)?.processID)
                try await PluginWorkshop.until {
                    state.value(of: "held", in: id, at: time) != nil
                }
                kill(process, SIGKILL)
                try await host.waitUntilSaid(by: id, 3)
                #expect(await host.said(by: id) == ["hold once", "hold once", "next"])
            }
        }
    }

    @Test func `one that never takes anything keeps nobody else waiting`() async throws {
        try await PluginWorkshop.with { workshop in
            let one = try await build(workshop, "one", types: ["message.created"])
            let two = try await build(workshop, "two", types: ["conversation.tagged"])
            say("never")
            for _ in 0..<3 {
                let tagging = Event.Tagging(add: ["x"], remove: [], by: .system, at: time)
                state.append(.tagged(tagging), to: desk.conversation)
            }
            try await telling(workshop, [one, two]) { host in
                try await host.waitUntilSaid(by: two, 3)
                #expect(await host.said(by: one).allSatisfy { $0 == "never" })
            }
            #expect(state.place(of: "plugin/\(one)") == 0)
        }
    }

    @Test func `a text is told only to those who may read messages`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop, read: ["conversation.meta"])
            say("my card is 4242")
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 1)
                #expect(await host.said(by: id) == ["observe/message.created"])
            }
        }
    }

    @Test func `one that was off for a moment hears of everything`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await build(workshop)
            say("0")
            try await telling(workshop, [id]) { host in
                try await host.waitUntilSaid(by: id, 1)
                for round in 1...3 {
                    try await host.disable(id)
                    say("\(round)")
                    // Its reader looks at the log while there is no plugin, or is ended.
                    let before = state.looks
                    try await PluginWorkshop.wait(for: .seconds(1)) { state.looks > before }
                    try await host.enable(id, agreed: true)
                    try await host.waitUntilSaid(by: id, round + 1)
                }
                #expect(await host.said(by: id) == ["0", "1", "2", "3"])
            }
        }
    }
}
