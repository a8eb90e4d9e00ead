import Desk
import MaitredTesting
import Model
import Testing

struct ConversationFlowTests {
    @Test func `a sure answer follows a finished question at once`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        try await customer.say("How do I export my data?")
        let event = await customer.device.event { event in
            if case .message(let message) = event { return message.author.kind == "bot" }
            return false
        }
        guard case .message(let message) = event else { return }
        #expect(message.text.contains("Export"))
        #expect(message.decision != nil)
    }

    @Test
    func `an unfinished message waits for the quiet window, and newer words are read with it`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("how do I").conversation
        world.clock.advance(by: .milliseconds(800))
        try await customer.say("export my data", in: id)
        world.clock.advance(by: TurnClock.window)
        await customer.device.event { event in
            if case .message(let message) = event { return message.author.kind == "bot" }
            return false
        }
        let answers = customer.device.events.count { event in
            if case .message(let message) = event.event { return message.author.kind == "bot" }
            return false
        }
        #expect(answers == 1)
    }

    @Test func `without intents everything hands off, and the customer is told`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        try await customer.say("Anybody there?")
        await customer.device.event { event in
            if case .changed(let change) = event { return change.status == .queued }
            return false
        }
        await customer.device.event { event in
            if case .message(let message) = event { return message.author == .system }
            return false
        }
    }

    @Test func `what is sensitive goes to somebody with the skill, with a briefing`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let ann = await world.console(of: world.ann)
        let bea = await world.console(of: world.bea)
        let customer = world.customer(name: "Mira")
        try await customer.say("I want my money back for the last payment.")
        let delivery = await ann.first { delivery in
            if case .offer = delivery { return true }
            return false
        }
        guard case .offer(_, let offer, let briefing) = delivery else { return }
        #expect(offer.why.contains("skill: billing"))
        #expect(briefing.wants.first?.intent == "refund")
        #expect(briefing.summary.contains("Mira"))
        let offered = bea.heard.contains { delivery in
            if case .offer = delivery { return true }
            return false
        }
        #expect(!offered)
    }

    @Test func `an accepted conversation is replayed to the agent from its first event`()
        async throws
    {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let customer = world.customer()
        let id = try await customer.say("Help me please.").conversation
        await ann.first { delivery in
            if case .offer = delivery { return true }
            return false
        }
        _ = try await world.desk.submit(.accept(world.ann.person), to: id).get()
        await ann.event { event in
            if case .changed(let change) = event { return change.status == .open }
            return false
        }
        #expect(ann.events.map(\.sequence) == Array(1...ann.events.count))
    }

    @Test func `an offer that nobody takes goes to the next person`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let customer = world.customer()
        try await customer.say("Help me please.")
        await ann.first { delivery in
            if case .offer = delivery { return true }
            return false
        }
        let bea = await world.console(of: world.bea)
        world.clock.advance(by: .seconds(31))
        await bea.first { delivery in
            if case .offer = delivery { return true }
            return false
        }
        await ann.first { delivery in
            if case .offerGone(_, "expired") = delivery { return true }
            return false
        }
    }

    @Test func `a repeated start leads to the first conversation`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let first = try await customer.say("Hello", clientID: "the-same-one")
        let again = try await customer.say("Hello", clientID: "the-same-one")
        #expect(first.conversation == again.conversation)
        #expect(first.sequence == again.sequence)
        #expect(first.message == again.message)
    }

    @Test func `somebody else's conversation is not found`() async throws {
        let world = try await DeskWorld()
        let id = try await world.customer().say("Mine").conversation
        let other = world.customer()
        await #expect(throws: DeskFailure.self) { try await other.say("Yours?", in: id) }
    }

    @Test func `a crash between the acknowledgement and the answer ends in the answer`()
        async throws
    {
        let log = MemoryLog()
        let before = try await DeskWorld(TestWorkspace.small, log: log)
        let customer = before.customer()
        // The quiet window keeps the answer back: this process "ends" before it.
        let id = try await customer.say("how do I export my data").conversation
        let after = try await DeskWorld(TestWorkspace.small, log: log, site: before.site)
        let device = Listener()
        after.desk.subscribe(device, .customer, to: id, for: nil, after: 0)
        after.clock.advance(by: .seconds(5))
        await device.event { event in
            if case .message(let message) = event { return message.author.kind == "bot" }
            return false
        }
    }

    @Test func `what cannot be stored is refused and said to nobody`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let id = try await customer.say("First.").conversation
        await customer.device.event { event in
            if case .message(let message) = event { return message.author == .system }
            return false
        }
        let heard = customer.device.events.count
        world.log.fail(with: .unavailable("disk full"))
        await #expect(throws: DeskFailure.self) { try await customer.say("Second.", in: id) }
        #expect(customer.device.events.count == heard)
        world.log.fail(with: nil)
        try await customer.say("Second.", in: id)
        #expect(customer.device.texts.last == "Second.")
    }

    @Test func `a device that comes back hears what it missed and nothing twice`() async throws {
        let world = try await DeskWorld()
        let customer = world.customer()
        let id = try await customer.say("One.").conversation
        await customer.device.event { event in
            if case .message(let message) = event { return message.author == .system }
            return false
        }
        let seen = customer.device.events.last?.sequence ?? 0
        try await customer.say("Two.", in: id)
        let second = Listener()
        world.desk.subscribe(second, .customer, to: id, for: customer.contact.id, after: seen)
        world.desk.subscribe(second, .customer, to: id, for: customer.contact.id, after: seen)
        try await customer.say("Three.", in: id)
        #expect(second.texts == ["Two.", "Three."])
    }

    @Test func `queued customers are told their place`() async throws {
        let world = try await DeskWorld()
        let first = world.customer()
        let second = world.customer()
        try await first.say("One.")
        await first.device.event { event in
            if case .changed(let change) = event { return change.status == .queued }
            return false
        }
        world.clock.advance(by: .seconds(1))
        try await second.say("Two.")
        await second.device.event { event in
            if case .changed(let change) = event { return change.status == .queued }
            return false
        }
        world.clock.advance(by: .seconds(1))
        await second.device.first { delivery in
            if case .queuePosition(_, 2, _) = delivery { return true }
            return false
        }
    }
}
