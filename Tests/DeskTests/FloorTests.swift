import Desk
import MaitredTesting
import Model
import Testing

/// Who is asked, and what happens to offers.
@Suite(.timeLimit(.minutes(1)))
struct FloorTests {
    @Test func `whoever goes away gives offers back and may be asked again`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.queued(world.customer())
        await ann.offer(of: id)
        let bea = await world.console(of: world.bea)
        world.desk.setPresence(.away, of: world.ann)
        await ann.offerGone(id, "withdrawn")
        await bea.offer(of: id)
        #expect(await world.desk.look(at: id)?.passedOver.isEmpty == true)
    }

    @Test func `a lost console counts as present for half a minute, then as gone`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let bea = await world.console(of: world.bea)
        world.desk.leaveTeam(ann, world.ann.id)
        _ = await world.desk.floor.snapshot()
        world.clock.advance(by: .seconds(20))
        #expect(world.desk.floor.isAnybodyOnline)
        _ = await world.passing(.seconds(1)) {
            await bea.first { delivery in
                if case .presence(let agent, .offline, _) = delivery { return agent.name == "Ann" }
                return false
            }
        }
    }

    @Test func `two who arrive at once do not both go to somebody with room for one`()
        async throws
    {
        for _ in 0..<10 {
            let world = try await DeskWorld()
            var cara = world.ann
            cara.capacity = 1
            let console = await world.console(of: cara)
            async let first = world.queued(world.customer())
            async let second = world.queued(world.customer())
            let ids = try await [first, second]
            await console.offer()
            // The floor has heard of both commits, and each conversation of what the floor wanted.
            for id in ids {
                _ = await world.desk.floor.snapshot()
                _ = await world.desk.look(at: id)
            }
            #expect(Set(console.offered).count == 1)
            let seat = await world.desk.floor.snapshot().seats.first { $0.agent.id == cara.id }
            #expect(seat?.load == 1)
        }
    }

    @Test func `an offer that could not be stored is made once it can be`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let id = try await world.queued(customer)
        world.log.fail(with: .unavailable("disk full"))
        let ann = await world.console(of: world.ann)
        _ = await world.desk.floor.snapshot()
        _ = await world.desk.look(at: id)
        #expect(ann.offered.isEmpty)
        world.log.fail(with: nil)
        _ = await world.passing { await ann.offer(of: id) }
    }

    @Test func `an expiry that could not be stored is made up for`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.queued(world.customer())
        await ann.offer(of: id)
        world.log.fail(with: .unavailable("disk full"))
        world.clock.advance(by: .seconds(31))
        while world.log.failed == 0 { await Task.yield() }
        world.log.fail(with: nil)
        await world.passing { await ann.offerGone(id, "expired") }
    }

    @Test func `an offer outlives the process, for the one person it was made to`() async throws {
        let log = MemoryLog()
        let before = try await DeskWorld(log: log)
        let ann = await before.console(of: before.ann)
        let id = try await before.queued(before.customer())
        await ann.offer(of: id)

        let after = try await DeskWorld(log: log, site: before.site)
        let bea = await after.console(of: after.bea)
        let back = await after.console(of: before.ann)
        await back.offer(of: id)
        _ = try await after.desk.submit(.accept(before.ann.person), to: id).get()
        await back.change(to: .open)
        #expect(bea.offered.isEmpty)
        let offers = try await log.history(of: id).filter { $0.kind == "offered" }
        #expect(offers.count == 1)
    }

    @Test func `who passes somebody on to the team is not the first to be asked`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.accepted(world.customer(), by: world.ann, ann)
        let bea = await world.console(of: world.bea)
        _ = try await world.desk.submit(
            .requeue(by: world.ann.person, skill: nil, note: nil),
            to: id
        ).get()
        await bea.offer(of: id)
    }

    @Test func `another skill wanted in the queue is heeded`() async throws {
        let world = try await DeskWorld()
        let id = try await world.queued(world.customer())
        _ = try await world.desk.submit(
            .requeue(by: world.ann.person, skill: "technical", note: nil),
            to: id
        ).get()
        let bea = await world.console(of: world.bea)
        let offer = await bea.offer(of: id)
        #expect(offer?.offer.why.contains("skill: technical") == true)
    }

    @Test func `a snoozed conversation costs no capacity and wakes in time`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.accepted(world.customer(), by: world.ann, ann)
        let until = world.clock.now + .seconds(3600)
        _ = try await world.desk.submit(
            .setStatus(by: world.ann.person, .snoozed, until: until),
            to: id
        ).get()
        let seat = await world.desk.floor.snapshot().seats.first { $0.agent.id == world.ann.id }
        #expect(seat?.load == 0)
        world.clock.advance(by: .seconds(3600))
        await ann.event { event in
            if case .changed(let change) = event { return change.reason?.code == "woke" }
            return false
        }
    }

    @Test func `a console that comes back after a restart learns what changed`()
        async throws
    {
        let log = MemoryLog()
        let before = try await DeskWorld(TestWorkspace.small, log: log)
        let ann = await before.console(of: before.ann)
        let customer = before.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        let seen = try await log.position()
        before.desk.leaveTeam(ann, before.ann.id)
        _ = try await before.desk.submit(.endByCustomer, to: id, for: customer.contact.id).get()

        let after = try await DeskWorld(TestWorkspace.small, log: log, site: before.site)
        let back = Listener()
        after.desk.joinTeam(back, before.ann, feed: seen)
        await back.first { delivery in
            if case .row(let row, let position) = delivery {
                return row.content.id == id && row.content.status == .resolved && position > seen
            }
            return false
        }
    }
}
