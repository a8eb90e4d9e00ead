import JSONCoding
import PluginHost
import Testing

/// Questions of plugins to the server: who may ask, how many at once, and when they end.
struct QuestionTests {
    @Test(arguments: [
        "http/1 send", "kv/1 get", "schedule/1 set", "conversations/1 get", "contacts/1 get",
        "events/1 read", "oauth/1 state", "llm/1 complete", "http/2 send", "nonsense/1 x",
    ])
    func `a service that the manifest does not ask for is not there`(question: String)
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(workshop, permissions: [:])
            let host = await workshop.host([id])
            #expect(try await host.ask(question).status == ServiceAnswer.absent)
            await host.stop()
        }
    }

    @Test(arguments: ["maitred.kv/1 get", "maitred.http/1 send", "kv get", "x", ""])
    func `a question written by hand is denied and counted as misbehaviour`(method: String)
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let id = try await workshop.build(
                "forger",
                """
                INVOKE {
                    const char *method_asked = "\(method)";
                    uint8_t frame[24] = {
                        [0] = strlen(method_asked), [4] = 7, [6] = strlen(method_asked),
                        [16] = 99};
                    if (write(3, frame, sizeof frame) != sizeof frame) abort();
                    if (write(3, method_asked, strlen(method_asked)) < 0) abort();
                    answer(call, "{\\"facts\\":{\\"asked\\":true}}");
                }
                """
            )
            let state = MemoryState()
            let host = await workshop.host([id], services: PluginWorkshop.services(state))
            #expect(await host.ask().count == 1)
            try await host.waitFor(id) { $0.misbehaviours == 1 }
            #expect(await host.ask().count == 1)
            try await host.waitFor(id) { $0.misbehaviours == 2 }
            #expect(try await host.state(of: id).status == .running)
            await host.stop()
        }
    }

    /// Asks a server that never answers, as often as it is told, and answers the call with how many
    /// were taken; says what becomes of each question.
    private static let patient = #"""
        static void over(void *context, int32_t status, maitred_slice out) {
            char line[40];
            snprintf(line, sizeof line, "question ended with %d", status);
            say(line);
        }
        INVOKE {
            char *url = member(in, "url");
            char question[200], json[60];
            snprintf(question, sizeof question, "{\"method\":\"GET\",\"url\":\"%s\"}", url);
            int taken = 0, busy = 0, count = atoi(member(in, "count"));
            for (int i = 0; i < count; i++) {
                int32_t status = ask(call, MAITRED_HTTP_SERVICE, "send", question, over, NULL);
                if (status == MAITRED_OK) taken++;
                if (status == MAITRED_BUSY) busy++;
            }
            snprintf(json, sizeof json, "{\"taken\":%d,\"busy\":%d}", taken, busy);
            if (strcmp(method, "leave") == 0) answer(call, json);
        }
        """#

    private func patient(
        _ workshop: PluginWorkshop,
        _ server: PlayedServer
    ) async throws -> PluginHost {
        let manifest = PluginWorkshop.manifest(
            "patient",
            with: ["permissions": ["http": [.string(server.url("/*"))]]]
        )
        let id = try await workshop.build("patient", manifest: manifest, Self.patient)
        return await workshop.host([]) { $0.settings = [id: .init(allowsPrivateNetwork: true)] }
    }

    @Test func `questions end with the call they serve, when it is answered`() async throws {
        let server = PlayedServer { _ in .silence }
        try await PluginWorkshop.with { workshop in
            let host = try await patient(workshop, server)
            let answer = try await host.call(
                "test.patient",
                "leave",
                ["url": .string(server.url("/")), "count": "3"],
                deadline: .seconds(10)
            )
            #expect(answer["taken"] == 3)
            try await host.waitUntilSaid(by: "test.patient", 3)
            let said = await host.said(by: "test.patient")
            #expect(said == Array(repeating: "question ended with 5", count: 3))
            await host.stop()
        }
    }

    @Test func `questions end with the call they serve, when its time is up`() async throws {
        let server = PlayedServer { _ in .silence }
        try await PluginWorkshop.with { workshop in
            let host = try await patient(workshop, server)
            await #expect(throws: PluginError.timedOut) {
                try await host.call(
                    "test.patient",
                    "stay",
                    ["url": .string(server.url("/")), "count": "2"],
                    deadline: .milliseconds(100)
                )
            }
            try await host.waitUntilSaid(by: "test.patient", 2)
            await host.stop()
        }
    }

    @Test func `more than 256 open questions are refused where they are asked`() async throws {
        try await PluginWorkshop.with { workshop in
            let manifest = PluginWorkshop.manifest(
                "eager",
                with: ["permissions": ["kv_bytes": 10]]
            )
            let id = try await workshop.build(
                "eager",
                manifest: manifest,
                #"""
                static _Atomic int open_count;
                static void over(void *context, int32_t status, maitred_slice out) { open_count--; }
                /* In a service callback nothing else is answered: all questions stay open. */
                static void all(void *context, int32_t status, maitred_slice out) {
                    int taken = 0, busy = 0;
                    for (int i = 0; i < 300; i++) {
                        int32_t status =
                            ask(NULL, MAITRED_KV_SERVICE, "list", "{}", over, NULL);
                        if (status == MAITRED_OK) taken++;
                        if (status == MAITRED_BUSY) busy++;
                    }
                    char json[60];
                    snprintf(json, sizeof json, "{\"taken\":%d,\"busy\":%d}", taken, busy);
                    open_count += taken;
                    answer(context, json);
                }
                INVOKE {
                    while (open_count > 0) usleep(500);
                    ask(call, MAITRED_KV_SERVICE, "list", "{}", all, call);
                }
                """#
            )
            let host = await workshop.host([id])
            for _ in 0..<3 {
                let answer = try await host.call(id, "test", [:], deadline: .seconds(10))
                #expect(answer == ["taken": 256, "busy": 44])
            }
            #expect(try await host.state(of: id).misbehaviours == 0)
            await host.stop()
        }
    }

    @Test func `a question larger than the limit is refused where it is asked`() async throws {
        try await PluginWorkshop.with { workshop in
            let manifest = PluginWorkshop.manifest(
                "wordy",
                with: ["permissions": ["kv_bytes": 10]]
            )
            let id = try await workshop.build(
                "wordy",
                manifest: manifest,
                #"""
                static void over(void *context, int32_t status, maitred_slice out) { abort(); }
                INVOKE {
                    static char large[MAITRED_REQUEST_LIMIT + 1];
                    memset(large, ' ', sizeof large - 1);
                    int32_t status = ask(call, MAITRED_KV_SERVICE, "list", large, over, NULL);
                    answer(call, status == MAITRED_TOO_LARGE ? "{\"refused\":true}" : "{}");
                }
                """#
            )
            let host = await workshop.host([id])
            let answer = try await host.call(id, "test", [:], deadline: .seconds(10))
            #expect(answer == ["refused": true])
            await host.stop()
        }
    }

    @Test(arguments: ["not json", "[1", "{\\\"key\\\":\\\"\\xff\\\"}", "[[[[[[[[[[[[[[[[[[]"])
    func `a question that is not JSON is answered as invalid`(_ text: String) async throws {
        try await PluginWorkshop.with { workshop in
            let manifest = PluginWorkshop.manifest(
                "mumbler",
                with: ["permissions": ["kv_bytes": 10]]
            )
            let id = try await workshop.build(
                "mumbler",
                manifest: manifest,
                """
                static void over(void *context, int32_t status, maitred_slice out) {
                    answer(context, status == MAITRED_INVALID ? "{\\"invalid\\":true}" : "{}");
                }
                INVOKE {
                    ask(call, MAITRED_KV_SERVICE, "get", "\(text)", over, call);
                }
                """
            )
            let host = await workshop.host([id])
            let answer = try await host.call(id, "test", [:], deadline: .seconds(10))
            #expect(answer == ["invalid": true])
            await host.stop()
        }
    }
}
