import Credentials
import Desk
import Foundation
import Glibc
import JSONCoding
import PluginHost
import Synchronization
import Testing

/// What the operator does to plugins while they run.
struct ConfigureTests {
    private let state = MemoryState()

    private func host(
        _ workshop: PluginWorkshop,
        permissions: JSON.Object = ["kv_bytes": 1000],
        _ change: (inout PluginHostOptions) -> Void = { _ in }
    ) async throws -> PluginHost {
        let id = try await PaintPlugin.build(workshop, permissions: permissions)
        return await workshop.host([id], services: PluginWorkshop.services(state), change)
    }

    // MARK: - Configuration

    @Test func `a configuration that the plugin refuses changes nothing`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            try await host.configure(PaintPlugin.id, ["colour": "blue"])
            let process = try #require(await host.paintProcess)
            let kept = state.pluginRecords()
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await host.configure(PaintPlugin.id, ["colour": "red"])
            }
            #expect(refusal?.kind == .invalid)
            #expect(refusal?.reasons == ["did not start: red is out"])
            #expect(await host.paintProcess == process)
            #expect(try await host.colour() == "blue")
            #expect(state.pluginRecords() == kept)
            #expect(try await host.state(of: PaintPlugin.id).status == .running)
            #expect(workshop.processes == [process])
            await host.stop()
        }
    }

    @Test func `a configuration with faults changes nothing, and all of them are told`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let process = await host.paintProcess
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await host.configure(PaintPlugin.id, ["colour": "ultramarine", "size": 1])
            }
            #expect(
                refusal?.reasons == [
                    "config.size: the plugin has no such setting",
                    "config.colour: longer than 10 characters",
                ]
            )
            #expect(await host.paintProcess == process)
            #expect(try await host.colour() == "white")
            await host.stop()
        }
    }

    @Test func `another configuration takes over, and what was begun is answered`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let old = try #require(await host.paintProcess)
            async let slow = host.colour("slow")
            try await host.waitUntilSaid(by: PaintPlugin.id, 1)
            try await host.configure(PaintPlugin.id, ["colour": "blue"])
            let new = try #require(await host.paintProcess)
            #expect(new != old)
            #expect(try await host.colour() == "blue")
            #expect(try await slow == "white")
            #expect(workshop.processes == [new])
            #expect(state.pluginRecords().first?.config == ["colour": "blue"])
            await host.stop()
            #expect(workshop.processes.isEmpty)
        }
    }

    @Test func `an optional group of settings is not made up for the sake of its secret`()
        async throws
    {
        let shop: JSON = [
            "type": "object", "required": ["name"],
            "properties": [
                "name": ["type": "string"], "token": ["type": "string", "format": "secret"],
            ],
        ]
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(
                workshop,
                permissions: [:],
                with: [
                    "config": [
                        "type": "object",
                        "properties": ["shop": shop, "n": ["type": "integer"]],
                    ]
                ]
            )
            let host = await workshop.host([id], services: PluginWorkshop.services(state))
            try await host.configure(id, ["n": 1])
            #expect(state.pluginRecords().first?.config == ["n": 1])
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await host.configure(id, ["shop": "corner"])
            }
            #expect(refusal?.reasons == ["config.shop: not an object"])
            await host.stop()
        }
    }

    @Test func `no call is lost while configurations change`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let isOver = Atomic(false)
            async let failures = {
                var failures: [PluginError] = []
                while !isOver.load(ordering: .relaxed) {
                    do throws(PluginError) { _ = try await host.colour() } catch {
                        failures.append(error)
                    }
                }
                return failures
            }()
            for round in 0..<10 {
                try await host.configure(PaintPlugin.id, ["colour": .string("c\(round)")])
                #expect(try await host.colour() == "c\(round)")
            }
            isOver.store(true, ordering: .relaxed)
            #expect(await failures.isEmpty)
            #expect(workshop.processes.count == 1)
            await host.stop()
        }
    }

    @Test func `a call that asks a service late is answered though another process took over`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop) { $0.drainLimit = .seconds(5) }
            async let later = host.call(PaintPlugin.id, "later", [:], deadline: .seconds(10))
            try await host.waitUntilSaid(by: PaintPlugin.id, 1)
            try await host.configure(PaintPlugin.id, ["colour": "blue"])
            let answer = try? await later
            #expect(answer == ["listed": true])
            await host.stop()
        }
    }

    @Test func `changes made all at once follow one another and leave one process`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let colour = JSON.string("c\(number)")
                        try await host.configure(PaintPlugin.id, ["colour": colour])
                    }
                }
                try await group.waitForAll()
            }
            let colour = try #require(try await host.colour())
            #expect(state.pluginRecords().first?.config == ["colour": .string(colour)])
            #expect(workshop.processes.count == 1)
            await host.stop()
            #expect(workshop.processes.isEmpty)
        }
    }

    @Test func `what was set is there again when the server starts anew`() async throws {
        try await PluginWorkshop.with { workshop in
            let before = try await host(workshop)
            try await before.configure(PaintPlugin.id, ["colour": "blue"])
            await before.stop()
            let after = await workshop.host([], services: PluginWorkshop.services(state))
            #expect(try await after.colour() == "blue")
            await after.stop()
        }
    }

    // MARK: - On and off

    @Test func `what is switched off finishes what it has begun`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            async let slow = host.colour("slow")
            try await host.waitUntilSaid(by: PaintPlugin.id, 1)
            try await host.disable(PaintPlugin.id)
            #expect(try await slow == "white")
            #expect(try await host.state(of: PaintPlugin.id).status == .off)
            await #expect(throws: PluginError.unavailable) { try await host.colour() }
            #expect(workshop.processes.isEmpty)
            #expect(state.pluginRecords().first?.isEnabled == false)
            try await host.enable(PaintPlugin.id, agreed: false)
            #expect(try await host.colour() == "white")
            await host.stop()
        }
    }

    @Test func `nothing runs before somebody has agreed to what it asks for`() async throws {
        try await PluginWorkshop.with { workshop in
            _ = try await PaintPlugin.build(
                workshop,
                permissions: ["kv_bytes": 10, "http": ["https://api.example.com/*"]]
            )
            let host = await workshop.host([], services: PluginWorkshop.services(state))
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await host.enable(PaintPlugin.id, agreed: false)
            }
            #expect(refusal?.kind == .needsConsent)
            #expect(refusal?.reasons == ["http https://api.example.com/*", "store 10 bytes"])
            #expect(workshop.processes.isEmpty)
            try await host.enable(PaintPlugin.id, agreed: true)
            #expect(try await host.colour() == "white")
            await host.stop()
        }
    }

    @Test func `a plugin that asks for more than was agreed to waits for another yes`() async throws
    {
        try await PluginWorkshop.with { workshop in
            let before = try await host(workshop)
            await before.stop()
            _ = try await PaintPlugin.build(
                workshop,
                permissions: ["kv_bytes": 1000, "read": ["contact.email"]]
            )
            let after = await workshop.host([], services: PluginWorkshop.services(state))
            let waiting = try await after.state(of: PaintPlugin.id).status
            #expect(waiting == .needsConsent(["read contact.email"]))
            #expect(workshop.processes.isEmpty)
            try await after.enable(PaintPlugin.id, agreed: true)
            #expect(try await after.colour() == "white")
            await after.stop()
        }
    }

    @Test func `a plugin that is off can be configured before anybody has agreed`() async throws {
        try await PluginWorkshop.with { workshop in
            _ = try await PaintPlugin.build(workshop)
            let host = await workshop.host([], services: PluginWorkshop.services(state))
            let refusal = await #expect(throws: PluginHost.Refusal.self) {
                try await host.enable(PaintPlugin.id, agreed: false)
            }
            #expect(refusal?.kind == .needsConsent)
            try await host.configure(PaintPlugin.id, ["colour": "blue"])
            #expect(workshop.processes.isEmpty)
            try await host.enable(PaintPlugin.id, agreed: true)
            #expect(try await host.colour() == "blue")
            await host.stop()
        }
    }

    @Test func `what crashed too often is off until it is started anew`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            for crash in 1...3 {
                try await host.waitFor(PaintPlugin.id) { $0.status == .running }
                await #expect(throws: PluginError.lost) { try await host.colour("crash") }
                if crash < 3 { try await host.waitFor(PaintPlugin.id) { $0.restarts == crash } }
            }
            try await host.waitFor(PaintPlugin.id) { $0.status.name == "disabled" }
            try await host.restart(PaintPlugin.id)
            #expect(try await host.colour() == "white")
            await host.stop()
        }
    }

    @Test func `what does not exist cannot be changed`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = await workshop.host([])
            let changes: [@Sendable () async throws -> Void] = [
                { try await host.enable("test.absent", agreed: true) },
                { try await host.disable("test.absent") },
                { try await host.configure("test.absent", [:]) },
                { try await host.restart("test.absent") },
                { try await host.rollBack("test.absent") },
            ]
            for change in changes {
                let refusal = await #expect(throws: PluginHost.Refusal.self) { try await change() }
                #expect(refusal?.kind == .unknown)
            }
            await host.stop()
        }
    }

    @Test func `a server that stops in the middle of a restart leaves no process behind`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            _ = try await PaintPlugin.build(workshop)
            for _ in 0..<20 {
                let host = await workshop.host([PaintPlugin.id]) {
                    $0.restarts.firstDelay = .milliseconds(1)
                    $0.restarts.limit = 100
                }
                kill(try #require(await host.paintProcess), SIGKILL)
                try await host.waitFor(PaintPlugin.id) { $0.lastError != nil }
                await host.stop()
                #expect(workshop.processes.isEmpty)
            }
        }
    }

    // MARK: - Secrets

    @Test func `secrets are kept sealed, and one that is left out stays`() async throws {
        let vault = SealedSecrets(SecureRandom.bytes(32))
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop) { $0.vault = vault }
            try await host.configure(
                PaintPlugin.id,
                ["colour": "blue", "key": "sk_live_1", "shop": ["token": "tk_live_2"]]
            )
            func expectBoth(_ config: JSON.Object, _ known: JSON) async throws {
                let record = try #require(state.pluginRecords().first)
                #expect(!"\(record)".contains("live"))
                #expect(record.config == config)
                #expect(record.secrets?.hasPrefix("v1.") == true)
                let description = try #require(await host.description(of: PaintPlugin.id))
                #expect(description["secrets_set"] == known)
                #expect(!description.text.contains("live"))
            }
            try await expectBoth(["colour": "blue", "shop": [:]], ["key", "shop.token"])
            try await host.configure(PaintPlugin.id, ["colour": "green", "shop": [:]])
            try await expectBoth(["colour": "green", "shop": [:]], ["key", "shop.token"])
            // An empty one takes it away.
            try await host.configure(PaintPlugin.id, ["shop": ["token": ""]])
            try await expectBoth(["shop": [:]], ["key"])
            await host.stop()

            let after = await workshop.host([], services: PluginWorkshop.services(state)) {
                $0.vault = vault
            }
            let description = try #require(await after.description(of: PaintPlugin.id))
            #expect(description["secrets_set"] == ["key"])
            await after.stop()
        }
    }

    @Test func `secrets do not open for another server`() async throws {
        try await PluginWorkshop.with { workshop in
            let before = try await host(workshop)
            try await before.configure(PaintPlugin.id, ["key": "sk_live_1"])
            await before.stop()
            let after = await workshop.host([], services: PluginWorkshop.services(state))
            let description = try #require(await after.description(of: PaintPlugin.id))
            #expect(description["secrets_set"] == [])
            await after.stop()
        }
    }

    @Test func `a manifest whose secrets could not be sealed is refused`() {
        let manifest = PluginWorkshop.manifest(
            "list",
            with: [
                "config": [
                    "type": "object",
                    "properties": [
                        "keys": [
                            "type": "array", "items": ["type": "string", "format": "secret"],
                        ],
                        "shops": [
                            "type": "array",
                            "items": [
                                "type": "object",
                                "properties": ["key": ["type": "string", "format": "secret"]],
                            ],
                        ],
                    ],
                ]
            ]
        )
        let faults = #expect(throws: PluginManifest.Faults.self) {
            try PluginManifest(parsing: manifest.bytes())
        }
        #expect(faults?.list.count == 2)
    }
}
