import Desk
import JSONCoding
import Model
import PluginHost
import Synchronization
import Testing

/// Actions: who may have what done, and what is asked first.
struct ActionTests {
    private func host(
        _ workshop: PluginWorkshop,
        _ state: MemoryState = MemoryState(),
        clock: any WallClock = SystemClock(),
        policies: JSON.Object = [:]
    ) async throws -> PluginHost {
        let id = try await ActionPlugin.build(workshop)
        state.keep(
            PluginRecord(
                id: id,
                isEnabled: true,
                config: [:],
                secrets: nil,
                document: [
                    "granted": ["kv_bytes": 1000, "read": ["contact.email"]],
                    "policies": .object(policies),
                ]
            )
        )
        return await workshop.host(
            [],
            services: PluginWorkshop.services(state, clock: clock, desk: PlayedDesk())
        )
    }

    @Test func `what is done is told in the conversation and kept`() async throws {
        try await PluginWorkshop.with { workshop in
            let id = try await ActionPlugin.build(workshop)
            let desk = PlayedDesk()
            let state = MemoryState()
            let services = PluginWorkshop.services(state, desk: desk)
            let host = await workshop.host([id], services: services)
            let run = try await host.order(
                "till.refund",
                ["charge": "ch_1", "amount": 1200],
                in: desk.conversation
            ).get()
            #expect(run.state == .done && run.result["id"] == "re_1")
            let act = try #require(desk.acts.first)
            #expect(desk.acts.count == 1 && act.run == run.id && act.state == "done")
            #expect(act.title == "Refund a charge" && act.summary == "Done.")
            #expect(act.input == ["charge": "ch_1", "amount": 1200])
            #expect(act.by["name"] == "Grace")
            #expect(state.run(run.id)?.state == .done)
            await host.stop()
        }
    }

    @Test func `an input is checked, and all its faults are told together`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let input: JSON.Object = [
                "charge": "ch_12345678", "amount": 0, "mode": "rash", "currency": "eur",
            ]
            guard case .failure(.invalid(let faults)) = await host.order("till.refund", input)
            else {
                Issue.record("it was accepted")
                return
            }
            #expect(
                faults == [
                    "input.currency: the plugin has no such setting",
                    "input.charge: longer than 10 characters",
                    "input.amount: not from 1 to \(Int.max)",
                    "input.mode: not one of \"refuse\", \"flaky\", \"hold\", \"crash\"",
                ]
            )
            guard case .failure(.invalid(let missing)) = await host.order("till.refund") else {
                Issue.record("it was accepted")
                return
            }
            #expect(missing == ["input.charge: missing"])
            guard case .failure(.unknown) = await host.order("till.steal") else {
                Issue.record("it was found")
                return
            }
            #expect(await host.said(by: ActionPlugin.id).isEmpty)
            await host.stop()
        }
    }

    @Test func `an amount over the limit needs a yes to exactly that`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let small = await host.order("till.refund", ["charge": "ch_1", "amount": 5000])
            #expect(try small.get().state == .done)

            let large: JSON.Object = ["charge": "ch_1", "amount": 5001]
            let asked = try #require(await host.order("till.refund", large, request: "r-2").asked)
            #expect(asked.question.contains("Refund a charge"))
            #expect(asked.question.contains("5001"))
            let other = await host.order(
                "till.refund",
                ["charge": "ch_1", "amount": 9000],
                request: "r-2",
                confirmed: asked.confirmation
            )
            #expect(other.asked != nil)
            let guessed = await host.order("till.refund", large, request: "r-2", confirmed: "yes")
            #expect(guessed.asked != nil)
            let run = await host.order(
                "till.refund",
                large,
                request: "r-2",
                confirmed: asked.confirmation
            )
            #expect(try run.get().state == .done)
            #expect(await host.said(by: ActionPlugin.id).count == 2)
            await host.stop()
        }
    }

    @Test func `no amount means the whole of it, and is asked about`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let asked = await host.order("till.refund", ["charge": "ch_1"]).asked
            #expect(asked?.question == "Refund a charge, the whole amount?")
            await host.stop()
        }
    }

    @Test(arguments: [1, -50, Int.max, Int.min])
    func `an amount is asked about when no limit is set, whatever it is`(_ amount: Int)
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let asked = await host.order("till.adjust", ["by": .int(Int64(amount))]).asked
            #expect(asked?.question.contains("Adjust") == true)
            await host.stop()
        }
    }

    @Test func `what cannot be undone is always asked about, and each actor for themselves`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let asked = try #require(await host.order("till.erase").asked)
            #expect(asked.question == "Erase everything?")
            let another = await host.order(
                "till.erase",
                by: ActionPlugin.supervisor,
                confirmed: asked.confirmation
            )
            #expect(another.asked != nil)
            #expect(await host.said(by: ActionPlugin.id).isEmpty)
            let run = await host.order("till.erase", confirmed: asked.confirmation)
            #expect(try run.get().state == .done)
            await host.stop()
        }
    }

    @Test func `money is for people, whatever a bot would like`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop)
            let refund = await host.order(
                "till.refund",
                ["charge": "ch_1", "amount": 1],
                by: ActionPlugin.bot
            )
            #expect(refund.isForbidden)
            let erase = await host.order("till.erase", by: ActionPlugin.bot)
            #expect(erase.isForbidden)
            let look = await host.order("till.look", by: ActionPlugin.bot)
            #expect(try look.get().state == .done)
            await host.stop()
        }
    }

    @Test func `the operator's policies count`() async throws {
        try await PluginWorkshop.with { workshop in
            let host = try await host(
                workshop,
                policies: [
                    "till.refund": ["allow": ["supervisor", "bot"], "limit": 100],
                    "till.erase": ["confirm": "never"],
                    "till.look": ["allow": []],
                ]
            )
            let refund: JSON.Object = ["charge": "ch_1", "amount": 100]
            let agent = await host.order("till.refund", refund)
            #expect(agent.isForbidden)
            let supervisor = await host.order("till.refund", refund, by: ActionPlugin.supervisor)
            #expect(try supervisor.get().state == .done)
            let bot = await host.order("till.refund", refund, by: ActionPlugin.bot)
            #expect(try bot.get().state == .done)
            let large = await host.order(
                "till.refund",
                ["charge": "ch_1", "amount": 101],
                by: ActionPlugin.bot,
                request: "r-2"
            )
            #expect(large.asked != nil)
            #expect(try await host.order("till.erase").get().state == .done)
            let look = await host.order("till.look", by: ActionPlugin.supervisor)
            #expect(look.isForbidden)
            await host.stop()
        }
    }

    @Test func `an action is done only so often in a day, failures aside`() async throws {
        try await PluginWorkshop.with { workshop in
            let clock = StoppedClock()
            let host = try await host(
                workshop,
                clock: clock,
                policies: ["till.look": ["per_day": 2]]
            )
            for (request, mode) in [("a", "refuse"), ("b", nil), ("c", nil)] {
                var input: JSON.Object = [:]
                input["mode"] = mode.map(JSON.string)
                let run = try await host.order("till.look", input, request: request).get()
                #expect(run.state == (mode == nil ? .done : .failed))
                clock.advance(by: .seconds(60))
            }
            guard case .failure(.limited(perDay: 2)) = await host.order("till.look", request: "d")
            else {
                Issue.record("it was done a third time")
                return
            }
            #expect(await host.said(by: ActionPlugin.id).count == 3)
            clock.advance(by: .seconds(86_400 - 119))
            #expect(try await host.order("till.look", request: "d").get().state == .done)
            await host.stop()
        }
    }

    @Test func `what was asked before the day's limit was reached is still the same run`()
        async throws
    {
        try await PluginWorkshop.with { workshop in
            let host = try await host(workshop, policies: ["till.look": ["per_day": 1]])
            let first = try await host.order("till.look").get()
            let again = try await host.order("till.look").get()
            #expect(again.id == first.id)
            await host.stop()
        }
    }
}
