import Desk
import Knowledge
import MaitredTesting
import Model
import Testing

/// When the assistant steps aside.
@Suite(.timeLimit(.minutes(1)))
struct HandOffTests {
    private func reason(of text: String) async throws -> String? {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        try await customer.say(text)
        return await customer.device.change(to: .queued)?.reason?.code
    }

    @Test func `a wish for a person in words is granted, however sure the answer`() async throws {
        let code = try await reason(of: "I want to talk to a human about how I export my data.")
        #expect(code == "asked_for_person")
    }

    @Test func `distress goes to a person at once`() async throws {
        let code = try await reason(of: "I will take you to court, my lawyer will contact you.")
        #expect(code == "distress")
    }

    @Test func `the same question again means that the answer did not help`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        try await customer.say("How do I export my data?", in: id)
        let change = await customer.device.change(to: .queued)
        #expect(change?.reason?.code == "repeated")
        #expect(customer.device.messages(from: "bot").count == 1)
    }

    @Test func `a mood that falls turn by turn brings a person in`() async throws {
        var intents = TestWorkspace.small.intents
        intents[1].isSensitive = false
        intents[1].answer = .template("Open billing and choose Refund.")
        let world = try await DeskWorld(Workspace(intents: intents))
        let customer = world.customer()
        var id: ConversationID?
        for text in [
            "How do I export my bad, broken data?", "The refund is awful, how do I get it?",
        ] {
            let said = try await customer.say(text, in: id)
            id = said.conversation
            await customer.device.answer(after: said.sequence)
        }
        try await customer.say("Export is horrible, terrible and awful, how do I do it?", in: id)
        let change = await customer.device.change(to: .queued)
        #expect(["mood_falls", "distress"].contains(change?.reason?.code))
    }

    @Test func `after a dozen automated replies somebody looks`() async throws {
        var intents = TestWorkspace.small.intents
        intents[1].isSensitive = false
        intents[1].answer = .template("Open billing and choose Refund.")
        let world = try await DeskWorld(Workspace(intents: intents))
        let customer = world.customer()
        let questions = ["How do I export my data?", "Can I get a refund?"]
        var id: ConversationID?
        for turn in 0..<Policy.replyBudget {
            let said = try await customer.say(questions[turn % 2], in: id)
            id = said.conversation
            await customer.device.answer(after: said.sequence)
        }
        try await customer.say(questions[0], in: id)
        let change = await customer.device.change(to: .queued)
        #expect(change?.reason?.code == "reply_budget")
        #expect(customer.device.messages(from: "bot").count == Policy.replyBudget)
    }

    @Test
    func `what nobody answered is answered by the assistant on return`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small)
        let ann = await world.console(of: world.ann)
        let customer = world.customer()
        let id = try await world.accepted(customer, by: world.ann, ann)
        try await customer.say("How do I export my data?", in: id)
        #expect(customer.device.messages(from: "bot").isEmpty)
        _ = try await world.desk.submit(
            .returnToBot(by: world.ann.person, instruction: nil),
            to: id
        ).get()
        #expect(await customer.device.message(from: "bot")?.text.contains("Export") == true)
    }
}
