import Foundation
import Glibc
import JSONCoding
import PluginHost
import Testing

struct PluginLifeTests {
    private static let greeting = """
        INVOKE {
            answer(call, "{\\"title\\":\\"T\\",\\"facts\\":{\\"hello\\":\\"world\\",\\"n\\":2}}");
        }
        """

    @Test func `supplies the facts of a plugin built with plain cc`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build("greeting", Self.greeting)
            let host = await workshop.host([id])
            let results = await host.ask()
            #expect(results.map(\.plugin) == [id])
            #expect(results.first?.title == "T")
            #expect(results.first?.facts == ["hello": "world", "n": 2])
            let state = try await host.state(of: id)
            #expect(state.status == .running)
            #expect(state.calls == 1 && state.failures == 0 && state.restarts == 0)
            #expect(state.latency != nil)
            await host.stop()
            #expect(try await host.state(of: id).status == .stopped)
        }
    }

    @Test func `runs hello-c as it stands in the repository`() async throws {
        try await PluginWorkshop.with { workshop in
            let source = "\(PluginWorkshop.root)/Plugins/hello-c"
            let bundle = "\(workshop.bundles)/hello-c"
            try FileManager.default.createDirectory(
                atPath: bundle,
                withIntermediateDirectories: true
            )
            try FileManager.default.copyItem(
                atPath: "\(source)/plugin.json",
                toPath: "\(bundle)/plugin.json"
            )
            try await workshop.compile("\(source)/Sources/hello.c", to: "\(bundle)/libhello-c.so")
            let host = await workshop.host(["maitred.hello-c"])
            let hour = try #require(await host.ask().first?.facts["opened_at_hour_utc"]?.intValue)
            #expect((0...23).contains(hour))
            await host.stop()
        }
    }

    @Test func `fails a call at once when the process is killed, and comes back`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build(
                "slow",
                """
                INVOKE {
                    if (memmem(in.ptr, in.len, "wait", 4)) pause();
                    answer(call, "{\\"facts\\":{\\"back\\":true}}");
                }
                """
            )
            let host = await workshop.host([id])
            let instance = try #require(await host.instance(id))
            let first = try #require(await instance.processID)
            let clock = ContinuousClock()
            let began = clock.now
            async let answer = host.ask(["email": "wait"])
            try await host.waitFor(id) { $0.calls == 1 }
            kill(first, SIGKILL)
            #expect(await answer.isEmpty)
            #expect(clock.now - began < .seconds(2))
            try await host.waitForProcess(of: id, otherThan: first)
            #expect(await host.ask().first?.facts == ["back": true])
            let state = try await host.state(of: id)
            #expect(state.restarts == 1)
            #expect(state.lastError?.contains("signal 9") == true)
            await host.stop()
        }
    }

    @Test func `gives a plugin time to finish what is under way when it stops`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build(
                "unhurried",
                """
                INVOKE {
                    usleep(100000);
                    answer(call, "{\\"facts\\":{\\"done\\":true}}");
                }
                """
            )
            let host = await workshop.host([id])
            async let answer = host.ask()
            try await host.waitFor(id) { $0.calls == 1 }
            await host.stop()
            #expect(await answer.first?.facts == ["done": true])
        }
    }

    @Test func `refuses a library whose manifest differs from plugin json`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build("greeting", Self.greeting)
            let other = PluginWorkshop.manifest("greeting", with: ["version": "2.0.0"])
            try workshop.write(other.text, to: "\(workshop.bundles)/greeting/plugin.json")
            let host = await workshop.host([id])
            let reason = "plugin.json and the library's manifest differ in: version"
            #expect(try await host.state(of: id).status == .refused(reason))
            await host.stop()
        }
    }

    @Test func `refuses a library that is no plugin`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build("greeting", Self.greeting)
            let bundle = "\(workshop.bundles)/greeting"
            try workshop.write("int nothing;", to: "\(bundle)/greeting.c")
            try await workshop.compile("\(bundle)/greeting.c", to: "\(bundle)/libgreeting.so")
            let host = await workshop.host([id])
            let reason = "the library does not export maitred_plugin_entry"
            #expect(try await host.state(of: id).status == .refused(reason))
            await host.stop()
        }
    }

    @Test func `lists a plugin that is not switched on without running it`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build("greeting", Self.greeting)
            let host = await workshop.host(["test.absent"])
            #expect(try await host.state(of: id).status == .off)
            let absent = try await host.state(of: "test.absent")
            #expect(absent.status == .invalid(["no plugin with this id was found"]))
            #expect(await host.ask().isEmpty)
            await host.stop()
        }
    }

    @Test func `starts with nothing of the server's, and is gone when stopped`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build("greeting", Self.greeting)
            let host = await workshop.host([id])
            let process = try #require(await host.instance(id)?.processID)
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            #expect(status.contains("NoNewPrivs:\t1"))
            #expect(status.contains("Seccomp:\t2"))
            #expect(status.contains("CapEff:\t0000000000000000"))
            let environment = try Data(contentsOf: URL(filePath: "/proc/\(process)/environ"))
            #expect(environment.isEmpty)
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
            #expect(open.sorted() == ["0", "1", "2", "3"])
            await host.stop()
            #expect(kill(process, 0) != 0)
        }
    }
}
