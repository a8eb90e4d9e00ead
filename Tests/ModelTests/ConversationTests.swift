import Model
import Testing

struct ConversationTests {
    let ann = ConversationWorld.ann
    let bea = ConversationWorld.bea

    @Test func `a bot's answer is refused once a newer message of the customer exists`() throws {
        var world = ConversationWorld()
        try world.post("I was charged")
        let answer = world.answer()
        try world.post("twice, I mean")
        #expect(throws: Refusal.superseded) { try world.run(.conclude(answer)) }
        #expect(world.state.unanswered.count == 2)
    }

    @Test func `a bot's answer is refused once a person took over`() throws {
        var world = ConversationWorld()
        try world.post("Help")
        let answer = world.answer()
        try world.run(.takeOver(ann))
        #expect(throws: Refusal.superseded) { try world.run(.conclude(answer)) }
    }

    @Test func `an answer settles the turn that it read`() throws {
        var world = ConversationWorld()
        try world.post("How do I export?")
        #expect(world.state.obligations(idleAfter: .seconds(60)).contains { $0.kind == .turn })
        try world.run(.conclude(world.answer()))
        #expect(!world.state.obligations(idleAfter: .seconds(60)).contains { $0.kind == .turn })
    }

    @Test func `a repeated client id is answered with the first receipt, whatever came since`()
        throws
    {
        var world = ConversationWorld()
        try world.post("Hello", clientID: "first-one")
        let sequence = world.state.head
        try world.run(.takeOver(ann))
        try world.run(.setStatus(by: ann, .resolved, until: nil))
        world.now = world.now + .seconds(100 * 3600)
        let again = Command.Post(id: .make(at: world.now), clientID: "first-one", text: "Hello")
        #expect(try world.run(.post(again))?.sequence == sequence)
    }

    @Test func `asking for a person queues at once and tells the customer`() throws {
        var world = ConversationWorld()
        try world.post("Hi")
        try world.run(.requestPerson(notice: world.notice()))
        #expect(world.state.status == .queued)
        #expect(world.state.owner == .queue)
        #expect(world.state.epoch == 2)
        #expect(world.state.lastMessage?.author == .system)
        let head = world.state.head
        try world.run(.requestPerson(notice: world.notice()))
        #expect(world.state.head == head)
    }

    @Test func `only the person to whom it is offered can accept`() throws {
        var world = ConversationWorld()
        try world.run(.requestPerson(notice: world.notice()))
        let expires = world.now + .seconds(30)
        try world.run(.offer(to: ann, expires: expires, why: []))
        #expect(throws: Refusal.self) { try world.run(.accept(bea)) }
        #expect(throws: Refusal.self) { try world.run(.offer(to: bea, expires: expires, why: [])) }
        try world.run(.accept(ann))
        #expect(world.state.owner == .agent(ann.id))
        #expect(world.state.offer == nil)
    }

    @Test func `an offer that ran out goes to somebody else`() throws {
        var world = ConversationWorld()
        try world.run(.requestPerson(notice: world.notice()))
        try world.run(.offer(to: ann, expires: world.now + .seconds(30), why: []))
        #expect(throws: Refusal.notDue) { try world.run(.expireOffer(due: world.now)) }
        world.now = world.now + .seconds(31)
        try world.run(.expireOffer(due: world.now))
        #expect(world.state.passedOver == [ann.id])
        #expect(throws: Refusal.self) { try world.run(.accept(ann)) }
    }

    @Test func `a reply is stale when another agent's message is later than what was seen`() throws
    {
        var world = ConversationWorld()
        try world.post("Hi")
        try world.run(.takeOver(ann))
        let seen = world.state.head
        try world.reply("Hello, Ann here", by: ann)
        let annsReply = world.state.head
        try world.run(.takeOver(bea))
        #expect(throws: Refusal.staleView(latest: annsReply)) {
            try world.reply("Hello", by: bea, seen: seen)
        }
        try world.reply("Bea here", by: bea, seen: annsReply)
    }

    @Test func `a customer's newer message does not make a person's reply stale`() throws {
        var world = ConversationWorld()
        try world.post("Hi")
        try world.run(.takeOver(ann))
        let seen = world.state.head
        try world.post("Are you there?")
        try world.reply("Yes", by: ann, seen: seen)
    }

    @Test func `somebody who does not own a conversation cannot reply`() throws {
        var world = ConversationWorld()
        try world.run(.takeOver(ann))
        #expect(throws: Refusal.self) { try world.reply("Hi", by: bea) }
        try world.run(
            .note(
                Command.Reply(
                    id: .make(at: world.now),
                    clientID: "note-one",
                    by: bea,
                    text: "VIP",
                    seen: 0
                )
            )
        )
    }

    @Test(arguments: [(71, true), (73, false)])
    func `a resolved conversation reopens within three days`(hours: Int, reopens: Bool) throws {
        var world = ConversationWorld()
        try world.run(.takeOver(ann))
        try world.run(.setStatus(by: ann, .resolved, until: nil))
        world.now = world.now + .seconds(hours * 3600)
        if reopens {
            try world.post("One more thing")
            #expect(world.state.owner == .bot)
        } else {
            #expect(throws: Refusal.gone) { try world.post("One more thing") }
        }
    }

    @Test func `a silent conversation of the bot ends, one of a person does not`() throws {
        var world = ConversationWorld()
        try world.post("Hi")
        #expect(throws: Refusal.notDue) {
            try world.run(.idle(after: .seconds(60), due: world.now))
        }
        world.now = world.now + .seconds(61)
        try world.run(.idle(after: .seconds(60), due: world.now))
        #expect(world.state.status == .resolved)
        try world.post("Back again")
        try world.run(.takeOver(ann))
        world.now = world.now + .seconds(600)
        #expect(throws: Refusal.notDue) {
            try world.run(.idle(after: .seconds(60), due: world.now))
        }
    }

    @Test func `context of an older frame never overwrites a newer one`() throws {
        var world = ConversationWorld()
        try world.run(.see(PageContext(number: 2, path: "/billing", session: "a")))
        try world.run(.see(PageContext(number: 1, path: "/home", session: "a")))
        #expect(world.state.context?.path == "/billing")
        try world.run(.see(PageContext(number: 1, path: "/team", session: "b")))
        #expect(world.state.context?.path == "/team")
        #expect(world.state.trail.map(\.path) == ["/billing", "/team"])
    }

    @Test func `a rating counts once`() throws {
        var world = ConversationWorld()
        try world.run(.rate(score: 5, comment: "Great"))
        try world.run(.rate(score: 5, comment: "Great"))
        #expect(throws: Refusal.self) { try world.run(.rate(score: 1, comment: nil)) }
    }
}
