import JSONCoding
import Model
import PluginHost
import Testing

/// `maitred.schedule/1`: times at which a plugin wants to be called.
struct ScheduleServiceTests {
    private static let permissions: JSON.Object = ["schedule": true]

    /// A host with a plugin that asks, at a time that stands still.
    private func host(
        _ workshop: PluginWorkshop,
        _ clock: StoppedClock,
        with more: JSON.Object = [:]
    ) async throws -> PluginHost {
        let id = try await ServicePlugin.build(
            workshop,
            permissions: Self.permissions,
            with: more
        )
        return await workshop.host([id], services: PluginWorkshop.services(clock: clock))
    }

    /// Lets time pass, and what is due happen.
    private func pass(_ duration: Duration, _ clock: StoppedClock, _ host: PluginHost) async {
        clock.advance(by: duration)
        await host.remindAll(at: clock.now)
    }

    @Test func `a plugin is called when its time has come, once, with what it left`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            let set = try await host.ask(
                "schedule/1 set",
                ["name": "remind", "key": "k1", "after_ms": 5000, "payload": ["n": 7]]
            )
            #expect(set.status == ServiceAnswer.ok)
            await pass(.milliseconds(4999), clock, host)
            #expect(await host.said(by: "test.asker").isEmpty)
            await pass(.milliseconds(1), clock, host)
            let call = #"schedule/remind {"name":"remind","key":"k1","payload":{"n":7}}"#
            #expect(await host.said(by: "test.asker") == [call])
            await pass(.seconds(3600), clock, host)
            #expect(await host.said(by: "test.asker") == [call])
            await host.stop()
        }
    }

    @Test func `a reminder that fails comes again until it is taken`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            _ = try await host.ask(
                "schedule/1 set",
                ["name": "remind", "after_ms": 0, "payload": ["failures": "2"]]
            )
            await pass(.zero, clock, host)
            await pass(.seconds(59), clock, host)
            #expect(await host.said(by: "test.asker").count == 1)
            await pass(.seconds(1), clock, host)
            #expect(await host.said(by: "test.asker").count == 2)
            await pass(.seconds(60), clock, host)
            await pass(.seconds(600), clock, host)
            #expect(await host.said(by: "test.asker").count == 3)
            await host.stop()
        }
    }

    @Test func `a reminder survives a plugin that is away, and the server`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let state = MemoryState()
            let id = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let services = PluginWorkshop.services(state, clock: clock)
            let before = await workshop.host([id], services: services)
            _ = try await before.ask("schedule/1 set", ["name": "remind", "after_ms": 1000])
            try await before.disable(id)
            await pass(.seconds(1), clock, before)
            await before.stop()

            let after = await workshop.host([], services: services)
            try await after.enable(id, agreed: true)
            await pass(.seconds(60), clock, after)
            #expect(await after.said(by: id).count == 1)
            await after.stop()
        }
    }

    @Test func `what is refused for good does not come again`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            _ = try await host.ask(
                "schedule/1 set",
                ["name": "remind", "after_ms": 0, "payload": ["status": "2"]]
            )
            await pass(.zero, clock, host)
            await pass(.seconds(3600), clock, host)
            #expect(await host.said(by: "test.asker").count == 1)
            await host.stop()
        }
    }

    @Test func `the same name and key set again replaces, another key stands beside it`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            for (key, milliseconds) in [("a", 1000), ("a", 9000), ("b", 1000)] {
                _ = try await host.ask(
                    "schedule/1 set",
                    [
                        "name": "remind", "key": .string(key),
                        "after_ms": .int(Int64(milliseconds)),
                    ]
                )
            }
            await pass(.seconds(1), clock, host)
            let first = await host.said(by: "test.asker")
            #expect(first.count == 1 && first[0].contains(#""key":"b""#))
            await pass(.seconds(8), clock, host)
            let both = await host.said(by: "test.asker")
            #expect(both.count == 2 && both[1].contains(#""key":"a""#))
            await host.stop()
        }
    }

    @Test func `a reminder that is cancelled does not come`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            for key in ["a", "b"] {
                _ = try await host.ask(
                    "schedule/1 set",
                    ["name": "remind", "key": .string(key), "after_ms": 1000]
                )
            }
            _ = try await host.ask("schedule/1 cancel", ["name": "remind", "key": "a"])
            await pass(.seconds(1), clock, host)
            let said = await host.said(by: "test.asker")
            #expect(said.count == 1 && said[0].contains(#""key":"b""#))
            await host.stop()
        }
    }

    @Test func `a period comes again and again, and once after a long absence`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            _ = try await host.ask("schedule/1 set", ["name": "poll", "every_ms": 2000])
            for round in 1...3 {
                await pass(.seconds(2), clock, host)
                #expect(await host.said(by: "test.asker").count == round)
            }
            await pass(.seconds(3600), clock, host)
            #expect(await host.said(by: "test.asker").count == 4)
            await pass(.milliseconds(1999), clock, host)
            #expect(await host.said(by: "test.asker").count == 4)
            await pass(.milliseconds(1), clock, host)
            #expect(await host.said(by: "test.asker").count == 5)
            await host.stop()
        }
    }

    @Test func `the manifest's schedules are kept without being asked for, and once`() async throws
    {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let schedules: JSON = ["schedules": [["name": "sync", "every_s": 10]]]
            let host = try await host(workshop, clock, with: ["contributes": schedules])
            await pass(.seconds(9), clock, host)
            #expect(await host.said(by: "test.asker").isEmpty)
            // A restart of the plugin does not set its times anew.
            try await host.restart("test.asker")
            await pass(.seconds(1), clock, host)
            #expect(await host.said(by: "test.asker").count == 1)
            await host.stop()
        }
    }

    @Test func `a plugin that hangs over its reminder holds up nobody else's`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let manifest = PluginWorkshop.manifest(
                "hang",
                with: ["permissions": ["schedule": true]]
            )
            let bad = try await workshop.build(
                "hang",
                manifest: manifest,
                #"""
                static void set(void *call, int32_t status, maitred_slice out) {
                    answer(call, "{}");
                }
                INVOKE {
                    if (strcmp(method, "set") != 0) {
                        say("begun");
                        pause();
                    }
                    ask(call, MAITRED_SCHEDULE_SERVICE, "set",
                        "{\"name\":\"x\",\"after_ms\":0}", set, call);
                }
                """#
            )
            let good = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let services = PluginWorkshop.services(clock: clock)
            let host = await workshop.host([bad, good], services: services) {
                $0.drainLimit = .milliseconds(100)
            }
            let running = Task { await host.run() }
            _ = try await host.call(bad, "set", [:], deadline: .seconds(5))
            try await host.waitUntilSaid(by: bad, 1)
            _ = try await host.ask("schedule/1 set", ["name": "y", "after_ms": 0])
            try await host.waitUntilSaid(by: good, 1)
            running.cancel()
            await host.stop()
            await running.value
        }
    }

    @Test(
        arguments: [
            ["name": "x"], ["name": "x", "after_ms": -1],
            ["name": "x", "after_ms": 31_536_000_001],
            ["name": "x", "every_ms": 999], ["after_ms": 1],
            ["name": "x", "after_ms": 0, "every_ms": .int(.max)],
            ["name": "x", "after_ms": 0, "key": .string(String(repeating: "k", count: 201))],
        ] as [JSON.Object]
    )
    func `a time that is none is refused`(_ input: JSON.Object) async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(workshop, clock)
            #expect(try await host.ask("schedule/1 set", input).status == ServiceAnswer.invalid)
            await pass(.seconds(1), clock, host)
            #expect(await host.said(by: "test.asker").isEmpty)
            await host.stop()
        }
    }
}
