import Desk
import JSONCoding
import Model
import PluginHost
import Synchronization
import Testing

/// Actions happen once, whatever fails on the way.
struct ActionRecoveryTests {
    private let state = MemoryState()
    private let desk = PlayedDesk()
    private let clock = StoppedClock()

    private func host(
        _ workshop: PluginWorkshop,
        desk: PlayedDesk? = nil
    ) async throws -> PluginHost {
        let id = try await ActionPlugin.build(workshop)
        let services = PluginWorkshop.services(state, clock: clock, desk: desk ?? self.desk)
        return await workshop.host([id], services: services)
    }

    /// A run as a crash of the server leaves it behind.
    private func leaveBehind(_ mode: String? = nil, state: ActionRun.State = .running) -> ActionRun
    {
        var input: JSON.Object = [:]
        input["mode"] = mode.map(JSON.string)
        return self.state.begin(
            ActionRun(
                id: "run_left-behind",
                request: "agt_1 r-1",
                plugin: ActionPlugin.id,
                action: "till.look",
                conversation: desk.conversation,
                input: .object(input),
                by: ["kind": "agent"],
                state: state,
                began: clock.now
            )
        )
    }

    @Test func `a run is kept before the plugin is called`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            async let result = host.order("till.look", ["mode": "hold"], in: desk.conversation)
            try await host.waitUntilSaid(by: ActionPlugin.id, 1)
            let open = try #require(state.openRuns().first)
            #expect(await host.said(by: ActionPlugin.id) == [open.id])
            #expect(open.state == .running && desk.acts.isEmpty)
            _ = try await host.call(ActionPlugin.id, "release", [:], deadline: .seconds(5))
            #expect(try await result.get().state == .done)
            #expect(state.openRuns().isEmpty)
            await host.stop()
        }
    }

    @Test func `the same request is the same run, one after another and all at once`() async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let first = try await host.order("till.look", in: desk.conversation).get()
            let again = try await host.order("till.look", in: desk.conversation).get()
            #expect(again == first || again.id == first.id)
            let ids = try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await host.order("till.look", in: desk.conversation, request: "r-2")
                            .get().id
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1 && ids != [first.id])
            #expect(await host.said(by: ActionPlugin.id).count == 2)
            #expect(desk.acts.count == 2)
            await host.stop()
        }
    }

    @Test func `another actor's request of the same name is another run`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let one = try await host.order("till.look").get()
            let two = try await host.order("till.look", by: ActionPlugin.supervisor).get()
            #expect(one.id != two.id)
            await host.stop()
        }
    }

    @Test func `asked again while its end is being written, it is not done again`() async throws {
        let gate = Gate()
        let desk = PlayedDesk(beforeRecord: { await gate.wait() })
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, desk: desk)
            async let first = host.order("till.look", in: desk.conversation)
            await gate.whenReached()
            async let second = host.order("till.look", in: desk.conversation)
            async let resumed: Void = host.resumeRuns()
            // Time enough for the plugin to be called, if it were.
            for _ in 0..<50 {
                _ = try await host.call(ActionPlugin.id, "ping", [:], deadline: .seconds(5))
            }
            gate.open()
            await resumed
            #expect(try await first.get().id == second.get().id)
            #expect(await host.said(by: ActionPlugin.id).count == 1)
            #expect(desk.acts.count == 1)
            await host.stop()
        }
    }

    @Test func `a failure that may pass is tried again with the same key`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let run = try await host.order(
                "till.look",
                ["mode": "flaky"],
                in: desk.conversation
            ).get()
            #expect(run.state == .done)
            #expect(await host.said(by: ActionPlugin.id) == [run.id, run.id, run.id])
            #expect(desk.acts.map(\.state) == ["done"])
            await host.stop()
        }
    }

    @Test func `a plugin that dies in the middle is asked again with the same key`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let run = try await host.order(
                "till.look",
                ["mode": "crash"],
                in: desk.conversation
            ).get()
            #expect(run.state == .done && run.result["summary"] == "Done after a crash.")
            #expect(await host.said(by: ActionPlugin.id) == [run.id, run.id])
            #expect(desk.acts.map(\.run) == [run.id])
            await host.stop()
        }
    }

    @Test func `what a crash of the server has left behind is finished, once`() async throws {
        try await PluginWorkshop.with { workshop in
            let left = leaveBehind()
            let host = try await host(workshop)
            await host.resumeRuns()
            await host.resumeRuns()
            #expect(await host.said(by: ActionPlugin.id) == [left.id])
            #expect(state.run(left.id)?.state == .done)
            #expect(desk.acts.map(\.run) == [left.id])
            await host.stop()
        }
    }

    @Test func `what has an end is left alone`() async throws {
        try await PluginWorkshop.with { workshop in
            _ = leaveBehind(state: .failed)
            let host = try await host(workshop)
            await host.resumeRuns()
            #expect(await host.said(by: ActionPlugin.id).isEmpty && desk.acts.isEmpty)
            await host.stop()
        }
    }

    @Test func `a run waits for its plugin to be there again`() async throws {
        try await PluginWorkshop.with { workshop in
            let left = leaveBehind()
            let host = try await host(workshop)
            try await host.disable(ActionPlugin.id)
            await host.resumeRuns()
            #expect(state.run(left.id)?.state == .running)
            try await host.enable(ActionPlugin.id, agreed: true)
            await host.resumeRuns()
            #expect(state.run(left.id)?.state == .done)
            await host.stop()
        }
    }

    @Test func `a run that finds no end is given up after an hour, and that is told`() async throws
    {
        try await PluginWorkshop.with { workshop in
            let left = leaveBehind()
            clock.advance(by: .seconds(3601))
            let host = try await host(workshop)
            await host.resumeRuns()
            let run = try #require(state.run(left.id))
            #expect(run.state == .failed && run.result["code"] == "plugin_unavailable")
            #expect(desk.acts.map(\.state) == ["failed"])
            #expect(await host.said(by: ActionPlugin.id).isEmpty)
            await host.stop()
        }
    }

    @Test func `what the plugin refuses is over, and the same request does not try again`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            for _ in 0..<2 {
                let run = try await host.order(
                    "till.look",
                    ["mode": "refuse"],
                    in: desk.conversation
                ).get()
                #expect(run.state == .failed)
                #expect(run.result == ["code": "plugin_failed", "message": "no such charge"])
            }
            await host.resumeRuns()
            #expect(await host.said(by: ActionPlugin.id).count == 1)
            #expect(desk.acts.map(\.summary) == ["no such charge"])
            await host.stop()
        }
    }
}

/// Holds up whoever comes until it is opened.
private final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var isReached = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watching: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { waiter in
            let (goOn, watching) = state.withLock { state in
                state.isReached = true
                if !state.isOpen { state.waiting.append(waiter) }
                defer { state.watching = [] }
                return (state.isOpen, state.watching)
            }
            for watcher in watching { watcher.resume() }
            if goOn { waiter.resume() }
        }
    }

    /// Returns once somebody is held up.
    func whenReached() async {
        await withCheckedContinuation { watcher in
            let isReached = state.withLock { state in
                if !state.isReached { state.watching.append(watcher) }
                return state.isReached
            }
            if isReached { watcher.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }
}
