import JSONCoding
import Model
import PluginHost
import Testing

/// `maitred.kv/1`: what a plugin keeps.
struct StoreServiceTests {
    private static let permissions: JSON.Object = ["kv_bytes": 100]

    @Test func `keeps values, adds only what is new, lists and forgets`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let host = await workshop.host([id])
            #expect(try await host.ask("kv/1 get", ["key": "a"]).out == ["value": nil])
            #expect(try await host.ask("kv/1 set", ["key": "a", "value": "1"]).status == 0)
            #expect(try await host.ask("kv/1 get", ["key": "a"]).out == ["value": "1"])
            let again = try await host.ask("kv/1 add", ["key": "a", "value": "2"])
            #expect(again.out == ["added": false])
            let new = try await host.ask("kv/1 add", ["key": "ab", "value": "2"])
            #expect(new.out == ["added": true])
            _ = try await host.ask("kv/1 set", ["key": "b", "value": "3"])
            #expect(try await host.ask("kv/1 get", ["key": "a"]).out == ["value": "1"])
            let list = try await host.ask("kv/1 list", ["prefix": "a"])
            #expect(list.out == ["keys": ["a", "ab"]])
            let first = try await host.ask("kv/1 list", ["limit": 1])
            #expect(first.out == ["keys": ["a"]])
            _ = try await host.ask("kv/1 delete", ["key": "a"])
            #expect(try await host.ask("kv/1 list").out == ["keys": ["ab", "b"]])
            #expect(try await host.ask("kv/1 drop").status == ServiceAnswer.unsupported)
            await host.stop()
        }
    }

    @Test func `a value with a time to live is gone when its time has come`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let id = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let host = await workshop.host([id], services: PluginWorkshop.services(clock: clock))
            _ = try await host.ask("kv/1 set", ["key": "a", "value": "1", "ttl_ms": 5000])
            clock.advance(by: .milliseconds(4999))
            #expect(try await host.ask("kv/1 get", ["key": "a"]).out == ["value": "1"])
            clock.advance(by: .milliseconds(1))
            #expect(try await host.ask("kv/1 get", ["key": "a"]).out == ["value": nil])
            #expect(try await host.ask("kv/1 list").out == ["keys": []])
            let new = try await host.ask("kv/1 add", ["key": "a", "value": "2"])
            #expect(new.out == ["added": true])
            await host.stop()
        }
    }

    @Test(arguments: [Int64.max, Int64.min, 9_000_000_000_000_000])
    func `a time to live beyond all measure harms nobody`(_ milliseconds: Int64) async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let host = await workshop.host([id])
            let set = try await host.ask(
                "kv/1 set",
                ["key": "a", "value": "1", "ttl_ms": .int(milliseconds)]
            )
            #expect(set.status == ServiceAnswer.ok)
            await host.stop()
        }
    }

    @Test func `what is over the quota is refused, and nothing is lost by it`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let host = await workshop.host([id])
            let large = String(repeating: "x", count: 90)
            #expect(try await host.ask("kv/1 set", ["key": "a", "value": "1"]).status == 0)
            #expect(
                try await host.ask("kv/1 set", ["key": "b", "value": .string(large)]).status == 0
            )
            let over = try await host.ask("kv/1 set", ["key": "c", "value": "12345678"])
            #expect(over.status == ServiceAnswer.invalid)
            #expect(over.message == "the store is full: see permissions.kv_bytes")
            let longer = try await host.ask(
                "kv/1 set",
                ["key": "b", "value": .string(large + "12345678")]
            )
            #expect(longer.status == ServiceAnswer.invalid)
            #expect(try await host.ask("kv/1 get", ["key": "b"]).out == ["value": .string(large)])
            _ = try await host.ask("kv/1 delete", ["key": "b"])
            #expect(try await host.ask("kv/1 set", ["key": "c", "value": "12345678"]).status == 0)
            await host.stop()
        }
    }

    @Test func `another plugin's values are out of sight`() async throws {
        try await PluginWorkshop.with { workshop in
            let one = try await ServicePlugin.build(workshop, "one", permissions: Self.permissions)
            let two = try await ServicePlugin.build(workshop, "two", permissions: Self.permissions)
            let host = await workshop.host([one, two])
            _ = try await host.ask("kv/1 set", ["key": "a", "value": "1"], by: one)
            #expect(try await host.ask("kv/1 get", ["key": "a"], by: two).out == ["value": nil])
            #expect(try await host.ask("kv/1 list", by: two).out == ["keys": []])
            _ = try await host.ask("kv/1 delete", ["key": "a"], by: two)
            #expect(try await host.ask("kv/1 get", ["key": "a"], by: one).out == ["value": "1"])
            await host.stop()
        }
    }

    @Test(
        arguments: [
            [:], ["key": 1, "value": "x"], ["key": "a"],
            ["key": .string(String(repeating: "k", count: 201)), "value": "x"],
        ] as [JSON.Object]
    )
    func `a question that makes no sense is refused`(_ input: JSON.Object) async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: Self.permissions)
            let host = await workshop.host([id])
            #expect(try await host.ask("kv/1 set", input).status == ServiceAnswer.invalid)
            await host.stop()
        }
    }
}
