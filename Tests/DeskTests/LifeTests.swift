import Desk
import MaitredTesting
import Model
import Testing

/// Conversations coming into memory and leaving it, and who hears what of them.
@Suite(.timeLimit(.minutes(1)))
struct LifeTests {
    @Test func `a conversation that nobody listens to leaves memory and comes back for a message`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        world.desk.audience.leave(customer.device, as: customer.contact.id)
        world.desk.unsubscribe(customer.device, from: id)
        await world.emptied()

        let device = Listener()
        world.desk.audience.join(device, as: customer.contact.id)
        world.desk.subscribe(device, .customer, to: id, for: customer.contact.id, after: 0)
        try await customer.say("I want my money back.", in: id)
        await device.change(to: .queued)
        let numbers = device.events.map(\.sequence)
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func `a conversation with a device stays`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let id = try await world.queued(customer)
        world.clock.advance(by: .seconds(400))
        _ = await world.desk.look(at: id)
        world.clock.advance(by: .seconds(31))
        try await customer.say("Still here.", in: id)
        #expect(customer.device.texts.last == "Still here.")
    }

    @Test func `a desk that is stopped lets go of every conversation`() async throws {
        let world = try await DeskWorld()
        _ = try await world.queued(world.customer())
        #expect(world.desk.liveCount == 1)
        world.desk.stop()
        #expect(world.desk.liveCount == 0)
    }

    @Test func `a device that left while it was let in keeps nothing in memory`()
        async throws
    {
        let world = try await DeskWorld()
        let customer = world.customer()
        let id = try await world.queued(customer)
        world.desk.audience.leave(customer.device, as: customer.contact.id)
        world.desk.unsubscribe(customer.device, from: id)
        // A console's subscription that arrives after the console has gone.
        world.desk.subscribe(Listener(), .team, to: id, for: nil, after: 0)
        await world.emptied()
    }

    @Test func `a silent conversation of the assistant ends by itself`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        try await customer.say("How do I export my data?")
        await customer.device.message(from: "bot")
        world.clock.advance(by: .seconds(24 * 3600))
        let change = await customer.device.change(to: .resolved)
        #expect(change?.reason?.code == "idle")
    }

    @Test func `words put the end off`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        world.clock.advance(by: .seconds(23 * 3600))
        try await customer.say("Thanks.", in: id)
        world.clock.advance(by: .seconds(2 * 3600))
        _ = await world.desk.look(at: id)
        #expect(await world.desk.look(at: id)?.isResolved == false)
    }

    @Test func `a reopened conversation reaches devices that connected after its end`() async throws
    {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        _ = try await world.desk.submit(.endByCustomer, to: id, for: customer.contact.id).get()
        let phone = Listener()
        world.desk.audience.join(phone, as: customer.contact.id)
        try await customer.say("One more thing.", in: id)
        await phone.event { event in
            if case .message(let message) = event { return message.text == "One more thing." }
            return false
        }
        #expect(phone.events.first?.sequence == 1)
    }

    @Test func `a conversation begun on one device appears on the others`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let phone = Listener()
        try await customer.say("Hello")
        world.desk.audience.join(phone, as: customer.contact.id)
        try await customer.say("And another one")
        await phone.event { event in
            if case .message(let message) = event { return message.text == "And another one" }
            return false
        }
    }

    @Test func `signs of somebody else are not passed on`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let id = try await world.queued(customer)
        let stranger = world.customer()
        world.desk.typing(
            .customer(stranger.contact.id, name: nil),
            true,
            in: id,
            for: stranger.contact.id,
            from: stranger.device
        ) { _ in }
        world.desk.read(
            by: .customer(stranger.contact.id, name: nil),
            upTo: 1,
            in: id,
            for: stranger.contact.id,
            from: stranger.device
        ) { _ in }
        _ = await world.desk.look(at: id)
        let signs = customer.device.heard.contains { delivery in
            switch delivery {
            case .typing(_, .customer, _), .read: true
            default: false
            }
        }
        #expect(!signs)
    }
}

extension DeskWorld {
    /// Returns once no conversation is in memory.
    fileprivate func emptied() async {
        await passing(.seconds(40)) { [desk] in
            while desk.liveCount > 0 { await Task.yield() }
        }
    }
}
