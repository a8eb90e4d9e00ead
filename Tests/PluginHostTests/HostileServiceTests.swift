import JSONCoding
import PluginHost
import Synchronization
import Testing

/// Plugins that misuse what the server offers them, each beside one whose calls go on being answered.
@Suite(.timeLimit(.minutes(1)))
struct HostileServiceTests {
    private static let good = """
        INVOKE {
            answer(call, "{\\"good\\":true}");
        }
        """

    /// A host with a good plugin, which is asked all the time, and a hostile one.
    private func beside(
        _ code: String,
        permissions: JSON.Object = ["kv_bytes": 1_000_000],
        _ change: (inout PluginHostOptions) -> Void = { _ in },
        _ body: (PluginHost, _ bad: String) async throws -> Void
    ) async throws {
        try await PluginWorkshop.with { workshop in
            let good = try await workshop.build("good", Self.good)
            let manifest = PluginWorkshop.manifest(
                "bad",
                with: ["permissions": .object(permissions)]
            )
            let bad = try await workshop.build("bad", manifest: manifest, code)
            let host = await workshop.host([good, bad], change)
            let isOver = Atomic(false)
            async let answers = ask(good, host) { isOver.load(ordering: .relaxed) }
            try await body(host, bad)
            isOver.store(true, ordering: .relaxed)
            let (count, failures) = await answers
            #expect(count > 0 && failures.isEmpty)
            await host.stop()
        }
    }

    /// Asks one plugin again and again; how often it answered, and what else it came to.
    private func ask(
        _ id: String,
        _ host: PluginHost,
        until isOver: () -> Bool
    ) async -> (answers: Int, failures: [PluginError]) {
        var answers = 0
        var failures: [PluginError] = []
        repeat {
            do throws(PluginError) {
                _ = try await host.call(id, "test", [:], deadline: .seconds(5))
                answers += 1
            } catch {
                failures.append(error)
            }
        } while !isOver()
        return (answers, failures)
    }

    /// Has the hostile plugin do what it does; its answer, or the failure.
    private func provoke(
        _ host: PluginHost,
        _ id: String,
        within deadline: Duration = .seconds(5)
    ) async -> PluginError? {
        do throws(PluginError) {
            _ = try await host.call(id, "test", [:], deadline: deadline)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a flood of questions`() async throws {
        try await beside(
            """
            static void over(void *context, int32_t status, maitred_slice out) { }
            INVOKE {
                for (int i = 0; i < 30000; i++)
                    ask(NULL, MAITRED_KV_SERVICE, "list", "{}", over, NULL);
                answer(call, "{}");
            }
            """
        ) { host, bad in
            // It is too much, or it is not: that depends on the machine.
            let error = await provoke(host, bad)
            #expect(error == nil || error == .lost)
            try await host.waitFor(bad) { $0.status == .running }
        }
    }

    @Test func `a flood of questions written by hand`() async throws {
        try await beside(
            """
            INVOKE {
                struct { uint8_t head[24]; char text[16]; } frame = {
                    {[0] = 16, [4] = 7, [6] = 16}, "maitred.kv/1 get"};
                for (uint64_t i = 1;; i++) {
                    memcpy(frame.head + 16, &i, sizeof i);
                    if (write(3, &frame, sizeof frame) < 0) pause();
                }
            }
            """
        ) { host, bad in
            let first = await host.instance(bad)?.processID
            _ = await provoke(host, bad)
            try await host.waitForProcess(of: bad, otherThan: first)
            let error = try await host.state(of: bad).lastError ?? ""
            // On a machine that is busy it is too slow to flood, and ends for not answering.
            #expect(error.contains("in a second") || error.contains("its deadline"), "\(error)")
        }
    }

    @Test func `questions whose answers are not read`() async throws {
        try await beside(
            #"""
            static void block(void *context, int32_t status, maitred_slice out) {
                for (;;) pause();
            }
            static void set(void *context, int32_t status, maitred_slice out) {
                ask(NULL, MAITRED_KV_SERVICE, "get", "{\"key\":\"a\"}", block, NULL);
            }
            INVOKE {
                static char value[60100] = "{\"key\":\"a\",\"value\":\"";
                memset(value + strlen(value), 'x', 60000);
                strcat(value, "\"}");
                ask(NULL, MAITRED_KV_SERVICE, "set", value, set, NULL);
                usleep(50000);
                struct { uint8_t head[24]; char text[27]; } frame = {
                    {[0] = 27, [4] = 7, [6] = 16}, "maitred.kv/1 get{\"key\":\"a\"}"};
                for (uint64_t i = 1000;; i++) {
                    memcpy(frame.head + 16, &i, sizeof i);
                    if (write(3, &frame, sizeof frame) < 0) pause();
                    usleep(500);
                }
            }
            """#
        ) { host, bad in
            let first = await host.instance(bad)?.processID
            #expect(await provoke(host, bad, within: .seconds(20)) == .lost)
            try await host.waitForProcess(of: bad, otherThan: first)
            let error = try await host.state(of: bad).lastError ?? ""
            #expect(error == "does not read what it is sent")
        }
    }

    @Test func `an answer that comes after the end`() async throws {
        try await beside(
            """
            static _Atomic int draining;
            #define DRAIN drain
            static void drain(maitred_plugin *p, uint32_t deadline) { draining = 1; }
            static void *late(void *call) {
                while (!draining) usleep(1000);
                usleep(300000);
                for (int i = 0; i < 100; i++) answer(call, "{}");
                return NULL;
            }
            INVOKE {
                pthread_t thread;
                pthread_create(&thread, NULL, late, call);
            }
            """,
            { $0.drainLimit = .milliseconds(100) }
        ) { host, bad in
            async let error = provoke(host, bad)
            try await host.waitFor(bad) { $0.calls == 1 }
            try await host.disable(bad)
            #expect(await error == .lost)
            #expect(try await host.state(of: bad).status == .off)
        }
    }

    @Test func `a plugin that does not end when it is told to`() async throws {
        try await beside(
            """
            #define DRAIN drain
            static void drain(maitred_plugin *p, uint32_t deadline) { for (;;) pause(); }
            INVOKE { answer(call, "{}"); }
            """,
            { $0.drainLimit = .milliseconds(100) }
        ) { host, bad in
            let process = try #require(await host.instance(bad)?.processID)
            try await host.disable(bad)
            #expect(!PluginWorkshop.isAlive(process))
            #expect(try await host.state(of: bad).status == .off)
        }
    }

    @Test func `parts of calls that are not open`() async throws {
        try await beside(
            """
            INVOKE {
                answer(call, "{}");
                host->part(host, call, slice("{}"));
                host->part(host, (maitred_call *)0x1234567, slice("{}"));
                for (uint64_t i = 0; i < 100; i++) {
                    uint8_t frame[24] = {[4] = 8};
                    memcpy(frame + 16, &i, sizeof i);
                    if (write(3, frame, sizeof frame) < 0) pause();
                }
            }
            """
        ) { host, bad in
            let process = await host.instance(bad)?.processID
            for _ in 0..<20 { #expect(await provoke(host, bad) == nil) }
            try await host.waitFor(bad) { $0.misbehaviours > 0 }
            #expect(await host.instance(bad)?.processID == process)
        }
    }

    @Test func `large parts without end`() async throws {
        try await beside(
            """
            INVOKE {
                static uint8_t part[MAITRED_RESULT_LIMIT];
                for (;;) host->part(host, call, (maitred_slice){part, sizeof part});
            }
            """
        ) { host, bad in
            let first = await host.instance(bad)?.processID
            let count = Atomic(0)
            await #expect(throws: PluginError.timedOut) {
                try await host.call(bad, "test", [:], deadline: .seconds(1)) { part in
                    count.wrappingAdd(part.count, ordering: .relaxed)
                }
            }
            #expect(count.load(ordering: .relaxed) > 0)
            try await host.waitForProcess(of: bad, otherThan: first)
        }
    }

    @Test func `memory beyond the limit`() async throws {
        try await beside(
            """
            INVOKE {
                for (;;) memset(malloc(1 << 20), 1, 1 << 20);
            }
            """
        ) { host, bad in
            let first = await host.instance(bad)?.processID
            #expect(await provoke(host, bad) == .lost)
            try await host.waitForProcess(of: bad, otherThan: first)
            let error = try await host.state(of: bad).lastError ?? ""
            #expect(error.contains("signal"), "\(error)")
        }
    }

    @Test func `the end of the process, in a service's callback`() async throws {
        try await beside(
            """
            static void leave(void *context, int32_t status, maitred_slice out) { _exit(3); }
            INVOKE {
                ask(call, MAITRED_KV_SERVICE, "list", "{}", leave, NULL);
            }
            """
        ) { host, bad in
            let first = await host.instance(bad)?.processID
            #expect(await provoke(host, bad) == .lost)
            try await host.waitForProcess(of: bad, otherThan: first)
            #expect(try await host.state(of: bad).lastError == "ended with status 3")
        }
    }

    @Test func `a service's callback that does not return`() async throws {
        try await beside(
            """
            static void block(void *context, int32_t status, maitred_slice out) {
                for (;;) pause();
            }
            INVOKE {
                ask(call, MAITRED_KV_SERVICE, "list", "{}", block, NULL);
                answer(call, "{}");
            }
            """,
            { $0.heartbeatLimit = .milliseconds(300) }
        ) { host, bad in
            let first = await host.instance(bad)?.processID
            #expect(await provoke(host, bad) == nil)
            try await host.waitForProcess(of: bad, otherThan: first)
            #expect(try await host.state(of: bad).lastError?.contains("no sign of life") == true)
        }
    }

    @Test func `a callback that asks again and again for ever`() async throws {
        try await beside(
            """
            static void again(void *context, int32_t status, maitred_slice out) {
                ask(NULL, MAITRED_KV_SERVICE, "list", "{}", again, NULL);
            }
            INVOKE {
                for (int i = 0; i < 50; i++) again(NULL, 0, (maitred_slice){0});
                answer(call, "{}");
            }
            """
        ) { host, bad in
            #expect(await provoke(host, bad) != .timedOut)
            // It is answered, or ended for asking too much.
            for _ in 0..<20 { _ = await provoke(host, bad) }
        }
    }
}
