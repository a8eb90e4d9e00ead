import Desk
import MaitredTesting
import Model
import Testing

/// A turn that is complete and quickly read is stored together with its answer.
@Suite(.timeLimit(.minutes(1)))
struct AnswerAtOnceTests {
    private static let question = "How do I export my data?"
    private static let together = ["message", "decided", "message"]

    @Test func `a question is stored together with its answer, and heard in their order`()
        async throws
    {
        let world = try await world()
        let customer = world.customer()
        let id = try await asksAtOnce(customer, in: world)
        let conversation = try #require(await world.desk.look(at: id))
        let heard = customer.device.events(of: id)
        #expect(heard.map(\.sequence) == heard.map(\.sequence).sorted())
        #expect(heard.suffix(2).map(\.event.kind) == ["message", "message"])
        #expect(conversation.lastDecision?.seen == conversation.lastCustomerMessage)
        #expect(conversation.unanswered.isEmpty)
    }

    @Test func `the acknowledgement is of the customer's message, not of its answer`()
        async throws
    {
        let world = try await world()
        let customer = world.customer()
        let id = try await asksAtOnce(customer, in: world)
        let conversation = try #require(await world.desk.look(at: id))
        let again = try await customer.say(Self.question, in: id, clientID: "the same")
        #expect(again.sequence == conversation.lastCustomerMessage)
    }

    @Test func `neither is there when both could not be stored, and both when asked again`()
        async throws
    {
        let world = try await world()
        let customer = world.customer()
        var id = try await asksAtOnce(customer, in: world)
        repeat {
            id = try await customer.opens(in: world)
            world.log.fail(with: .unavailable("disk full"))
            _ = try? await customer.say(Self.question, in: id, clientID: "the same")
            world.log.fail(with: nil)
        } while world.log.attempts.last != Self.together
        let before = await world.desk.look(at: id)
        #expect(before?.unanswered.isEmpty == true)
        #expect(before?.lastDecision == nil)
        try await customer.say(Self.question, in: id, clientID: "the same")
        await customer.device.answer(in: id)
        #expect(await world.desk.look(at: id)?.decisions.count == 1)
    }

    @Test func `an answer that somebody wants to see first is no part of the message's commit`()
        async throws
    {
        let world = try await world(Reviewers())
        let customer = world.customer()
        for _ in 0..<5 {
            let id = try await customer.opens(in: world)
            try await customer.say(Self.question, in: id)
            let answer = await customer.device.answer(in: id)
            #expect(answer?.text == "Reviewed.")
        }
        #expect(!world.log.attempts.contains(Self.together))
    }

    @Test func `where turns take long they are read beside the commit`() async throws {
        let world = try await world(quickReading: .zero)
        let customer = world.customer()
        for _ in 0..<5 {
            let id = try await customer.opens(in: world)
            try await customer.say(Self.question, in: id)
            await customer.device.answer(in: id)
        }
        #expect(!world.log.attempts.contains(Self.together))
    }

    @Test func `a long text is read beside the commit`() async throws {
        let world = try await world()
        let customer = world.customer()
        try await asksAtOnce(customer, in: world)
        for _ in 0..<5 {
            let id = try await customer.opens(in: world)
            try await customer.say(
                Self.question + String(repeating: " ", count: 400) + "Please.",
                in: id
            )
            await customer.device.answer(in: id)
            #expect(!world.log.attempts.suffix(2).contains(Self.together))
        }
    }

    @Test func `a wish for a person is stored together with the hand-off`() async throws {
        let world = try await world()
        let customer = world.customer()
        let console = await world.console(of: world.ann)
        try await asksAtOnce(customer, in: world)
        var id = try await customer.opens(in: world)
        let handOff = ["message", "decided", "changed", "message"]
        while true {
            try await customer.say("I want to talk to a human.", in: id)
            await console.offer(of: id)
            if world.log.attempts.contains(handOff) { break }
            _ = try await world.desk.submit(.endByCustomer, to: id, for: customer.contact.id).get()
            id = try await customer.opens(in: world)
        }
        #expect(await world.desk.look(at: id)?.lastDecision?.rule == "asked_for_person")
    }

    @Test func `a conversation that comes back lets its devices in before it is answered`()
        async throws
    {
        let world = try await world()
        let customer = world.customer()
        for _ in 0..<5 {
            let id = try await asksAtOnce(customer, in: world)
            _ = try await world.desk.submit(.endByCustomer, to: id, for: customer.contact.id).get()
            try await customer.say("I want to talk to a human.", in: id)
            while await world.desk.look(at: id)?.lastDecision?.rule != "asked_for_person" {
                await Task.yield()
            }
        }
        #expect(!world.log.attempts.contains { $0.first == "changed" && $0.contains("decided") })
    }

    // MARK: -

    private func world(
        _ integrations: any Integrations = Known(),
        quickReading: Duration = .seconds(1)
    ) async throws -> DeskWorld {
        var options = DeskOptions()
        options.quickReading = quickReading
        return try await DeskWorld(
            TestWorkspace.small,
            integrations: integrations,
            options: options
        )
    }

    /// Asks in new conversations until the answer went with the question: the first turn of all tells how
    /// long turns take, and a desk that is busy does not read in passing.
    @discardableResult
    private func asksAtOnce(
        _ customer: DeskWorld.Customer,
        in world: DeskWorld
    ) async throws -> ConversationID {
        while true {
            let id = try await customer.opens(in: world)
            try await customer.say(Self.question, in: id, clientID: "the same")
            await customer.device.answer(in: id)
            if world.log.attempts.contains(Self.together) { return id }
        }
    }
}

/// Reads every answer before it is given.
private struct Reviewers: QuietIntegrations {
    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment] {
        await Known().enrich(opening, within: deadline)
    }

    func filters(_ moment: MessageToFilter.Moment) -> Bool { moment == .outbound }

    func filter(_ message: MessageToFilter) async -> FilterVerdict { .replace("Reviewed.") }
}

extension Listener {
    /// What was heard of a conversation.
    fileprivate func events(of id: ConversationID) -> [NumberedEvent] {
        heard.compactMap { delivery in
            guard case .event(id, let publication) = delivery else { return nil }
            return publication.content
        }
    }

    /// Waits for the assistant's answer in a conversation.
    @discardableResult
    fileprivate func answer(in id: ConversationID) async -> Message? {
        let delivery = await first { delivery in
            guard case .event(id, let publication) = delivery,
                case .message(let message) = publication.content.event
            else { return false }
            return message.author.kind == "bot"
        }
        guard case .event(_, let publication) = delivery,
            case .message(let message) = publication.content.event
        else { return nil }
        return message
    }
}
