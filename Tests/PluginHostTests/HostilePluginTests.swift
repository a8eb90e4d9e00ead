import Foundation
import JSONCoding
import PluginHost
import Testing

/// Plugins written to do harm, each beside one that behaves.
struct HostilePluginTests {
    private static let good = """
        INVOKE {
            answer(call, "{\\"facts\\":{\\"good\\":true}}");
        }
        """

    /// A host with a good plugin and a hostile one, and the hostile one's id.
    private func pair(
        _ workshop: PluginWorkshop,
        _ code: String,
        _ change: (inout PluginHostOptions) -> Void = { _ in }
    ) async throws -> (PluginHost, String) {
        let good = try await workshop.build("good", Self.good)
        let bad = try await workshop.build("bad", code)
        return (await workshop.host([good, bad], change), bad)
    }

    private func expectOnlyGood(_ host: PluginHost, within deadline: Duration) async {
        let clock = ContinuousClock()
        let began = clock.now
        let results = await host.ask(within: deadline)
        #expect(results.map(\.plugin) == ["test.good"])
        #expect(clock.now - began < deadline + .seconds(4))
    }

    @Test(arguments: ["pause();", "for (;;) { }"])
    func `a call that never ends delays nobody beyond the deadline`(_ body: String) async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    \(body)
                }
                """
            )
            let first = await host.instance(bad)?.processID
            await expectOnlyGood(host, within: .milliseconds(100))
            try await host.waitForProcess(of: bad, otherThan: first)
            let error = try await host.state(of: bad).lastError ?? ""
            #expect(error.contains("after its deadline"))
            await host.stop()
        }
    }

    @Test func `a main thread that hangs is noticed by its silence`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                #define CANCEL cancel
                static void cancel(maitred_plugin *p, maitred_call *call) { for (;;) pause(); }
                INVOKE { }
                """
            ) {
                $0.hangLimit = .seconds(60)
                $0.heartbeatLimit = .milliseconds(300)
            }
            let first = await host.instance(bad)?.processID
            await expectOnlyGood(host, within: .milliseconds(50))
            try await host.waitForProcess(of: bad, otherThan: first)
            #expect(try await host.state(of: bad).lastError?.contains("no sign of life") == true)
            await host.stop()
        }
    }

    @Test func `three crashes switch a plugin off, and its last words are kept`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    fputs("an index out of range\\n", stderr);
                    *(volatile int *)NULL = 1;
                }
                """
            )
            for crash in 1...3 {
                try await host.waitFor(bad) { $0.status == .running }
                await expectOnlyGood(host, within: .seconds(5))
                if crash < 3 { try await host.waitFor(bad) { $0.restarts == crash } }
            }
            try await host.waitFor(bad) { $0.status.name == "disabled" }
            let error = try #require(try await host.state(of: bad).lastError)
            #expect(error.contains("signal 11") && error.contains("an index out of range"))
            await expectOnlyGood(host, within: .seconds(5))
            await host.stop()
        }
    }

    @Test func `a plugin that refuses to start says why`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                #define START start
                static void start(maitred_plugin *p, maitred_call *call, maitred_slice config) {
                    maitred_slice why = slice("{\\"message\\":\\"no licence\\"}");
                    host->complete(host, call, MAITRED_FAILED, why);
                }
                INVOKE { }
                """
            )
            try await host.waitFor(bad) { $0.status.name == "disabled" }
            #expect(try await host.state(of: bad).lastError == "did not start: no licence")
            await host.stop()
        }
    }

    @Test(arguments: [
        "write(3, \"HTTP/1.1 200 OK and more of it\", 30)",
        "write(3, (char[24]){[0] = 1, [3] = 0x7f, [4] = 4}, 24)",
        "write(3, (char[24]){[4] = 1}, 24)",
        "close(3)",
    ])
    func `garbage on the channel ends the process`(_ act: String) async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    if (\(act)) pause();
                    pause();
                }
                """
            )
            let first = await host.instance(bad)?.processID
            await expectOnlyGood(host, within: .seconds(5))
            try await host.waitForProcess(of: bad, otherThan: first)
            await host.stop()
        }
    }

    @Test func `a call completed twice counts once and is reported`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    answer(call, "{\\"facts\\":{\\"count\\":1}}");
                    answer(call, "{\\"facts\\":{\\"count\\":2}}");
                    answer((maitred_call *)0x1234567, "{}");
                }
                """
            )
            for _ in 0..<20 {
                let results = await host.ask()
                #expect(results.first { $0.plugin == bad }?.facts == ["count": 1])
            }
            try await host.waitFor(bad) { $0.misbehaviours > 0 }
            #expect(try await host.state(of: bad).status == .running)
            await host.stop()
        }
    }

    @Test func `a call completed after it was cancelled is dropped`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                #define CANCEL cancel
                static void cancel(maitred_plugin *p, maitred_call *call) {
                    answer(call, "{\\"facts\\":{\\"late\\":true}}");
                    answer(call, "{\\"facts\\":{\\"later\\":true}}");
                }
                INVOKE { }
                """
            )
            let process = await host.instance(bad)?.processID
            for _ in 0..<3 { await expectOnlyGood(host, within: .milliseconds(30)) }
            try await host.waitFor(bad) { $0.misbehaviours > 0 }
            #expect(await host.instance(bad)?.processID == process)
            await host.stop()
        }
    }

    @Test func `an answer that is too large fails its call only`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    static uint8_t huge[32 << 20];
                    host->complete(host, call, MAITRED_OK, (maitred_slice){huge, sizeof huge});
                }
                """
            )
            await expectOnlyGood(host, within: .seconds(5))
            let state = try await host.state(of: bad)
            #expect(state.status == .running && state.failures == 1)
            #expect(state.lastError == "the answer is too large")
            await host.stop()
        }
    }

    @Test(arguments: ["{}", "{\\\"facts\\\":{\\\"a\\\":[1]}}", "not json"])
    func `an answer that makes no sense fails its call only`(_ json: String) async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    answer(call, "\(json)");
                }
                """
            )
            await expectOnlyGood(host, within: .seconds(5))
            #expect(try await host.state(of: bad).lastError?.contains("makes no sense") == true)
            await host.stop()
        }
    }

    @Test func `a flood of frames ends the process that sends it`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    uint8_t frame[24] = {[4] = 6};
                    while (write(3, frame, sizeof frame) > 0) { }
                }
                """
            )
            let first = await host.instance(bad)?.processID
            await expectOnlyGood(host, within: .seconds(5))
            try await host.waitForProcess(of: bad, otherThan: first)
            let error = try await host.state(of: bad).lastError ?? ""
            // On a machine that is busy it is too slow to flood, and ends for not answering.
            #expect(error.contains("in a second") || error.contains("its deadline"), "\(error)")
            await host.stop()
        }
    }

    @Test func `a flood of log lines is cut, and the plugin goes on`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    maitred_slice line = slice("{\\"message\\":\\"x\\"}");
                    for (int i = 0; i < 100000; i++) host->log(host, 3, line);
                    answer(call, "{\\"facts\\":{\\"noisy\\":true}}");
                }
                """
            )
            #expect(await host.ask().count == 2)
            #expect(try await host.state(of: bad).restarts == 0)
            await host.stop()
        }
    }

    @Test func `memory is limited`() async throws {
        try await PluginWorkshop.with { workshop in
            let (host, bad) = try await pair(
                workshop,
                """
                INVOKE {
                    int mb = 0;
                    for (char *block; mb < 4096 && (block = malloc(1 << 20)); mb++) {
                        memset(block, 1, 1 << 20);
                    }
                    char json[64];
                    snprintf(json, sizeof json, "{\\"facts\\":{\\"mb\\":%d}}", mb);
                    answer(call, json);
                }
                """
            )
            let results = await host.ask()
            let megabytes = try #require(
                results.first { $0.plugin == bad }?.facts["mb"]?.intValue
            )
            #expect((48...256).contains(megabytes))
            await host.stop()
        }
    }
}
