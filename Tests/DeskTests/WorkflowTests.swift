import Desk
import JSONCoding
import Knowledge
import MaitredTesting
import Model
import Synchronization
import Testing
import Workflows

/// Processes in a live conversation.
@Suite(.timeLimit(.minutes(1)))
struct WorkflowTests {
    @Test func `a process asks, acts, confirms, and tells what came of it`() async throws {
        let till = Till([.done(["state": "packed"]), .done(["summary": "Order #1001 is gone."])])
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order.").conversation
        #expect(await customer.device.message(from: "bot")?.text == "Which order is it?")
        try await customer.say("#1001.", in: id)
        let sure = await customer.device.message(from: "bot", number: 2)
        #expect(sure?.text == "Cancel #1001?")
        #expect(sure?.choices.map(\.title) == ["Yes", "No"])
        try await customer.say("Yes please.", in: id)
        let told = await customer.device.message(from: "bot", number: 3)
        #expect(told?.text == "Order #1001 is gone.")
        #expect(till.asked.map(\.call.action) == ["shop.look", "shop.cancel"])
        #expect(Set(till.asked.map(\.key)).count == 2)
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.workflows.map(\.state) == [.done])
        #expect(conversation?.owner == .bot)
    }

    @Test func `what a rule forbids is not done, and the rule speaks`() async throws {
        let till = Till([.done(["state": "shipped"])])
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        try await customer.say("I want to cancel my order #1001.")
        #expect(await customer.device.message(from: "bot")?.text == "It is on its way.")
        #expect(till.asked.map(\.call.action) == ["shop.look"])
    }

    @Test func `a wish for a person ends a process, and the person sees how far it was`()
        async throws
    {
        let world = try await DeskWorld(
            Self.workspace,
            integrations: Till([.done(["state": "packed"])])
        )
        let ann = await world.console(of: world.ann)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        #expect(await customer.device.message(from: "bot")?.text == "Cancel #1001?")
        try await customer.say("Let me talk to a person.", in: id)
        let offer = await ann.offer()
        #expect(offer?.briefing.collected["order"] == "#1001")
        #expect(offer?.briefing.tried.contains { $0.what.contains("Cancel an order") } == true)
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.workflows.last?.state == .handedOff)
        #expect(conversation?.reason?.code == "asked_for_person")
    }

    @Test func `another question is answered beside it, and the process asks again`() async throws {
        let world = try await DeskWorld(Self.workspace, integrations: Till([]))
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order.").conversation
        await customer.device.message(from: "bot")
        try await customer.say("How do I export my data?", in: id)
        let both = await customer.device.message(from: "bot", number: 2)
        #expect(both?.text.contains("Export") == true)
        #expect(both?.text.hasSuffix("Which order is it?") == true)
    }

    @Test func `never mind gives it up`() async throws {
        let world = try await DeskWorld(Self.workspace, integrations: Till([]))
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order.").conversation
        await customer.device.message(from: "bot")
        try await customer.say("Never mind!", in: id)
        #expect(
            await customer.device.message(from: "bot", number: 2)?.text
                == Phrases.in("en").stopped
        )
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.progress == nil)
        #expect(conversation?.owner == .bot)
    }

    @Test func `what only a person may do is handed over with everything filled in`() async throws {
        let till = Till([.done(["state": "packed"]), .forPerson("It is for a person to do.")])
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await customer.device.message(from: "bot")
        try await customer.say("Yes.", in: id)
        await customer.device.message(from: "system")
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.status == .queued)
        #expect(conversation?.workflows.last?.state == .handedOff)
        let left = conversation?.workflows.last?.call
        #expect(left == .init(action: "shop.cancel", input: ["order": "#1001"]))
    }

    @Test func `a yes that was written before the question is no yes to it`() async throws {
        let till = Till([.done(["state": "packed"])], holds: true)
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await till.isAsked()
        // The order is being looked up; nobody has asked whether to cancel.
        try await customer.say("Yes.", in: id)
        till.release()
        #expect(await customer.device.message(from: "bot")?.text == "Cancel #1001?")
        #expect(await customer.device.message(from: "bot", number: 2)?.text == "Cancel #1001?")
        #expect(till.asked.map(\.call.action) == ["shop.look"])
    }

    @Test func `who wants a person while one action is under way is not given the next`()
        async throws
    {
        let till = Till([.done(["state": "open"]), .done(["summary": "Not this."])], holds: true)
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await till.isAsked()
        try await customer.say("Wait, let me talk to a person.", in: id)
        till.release()
        await customer.device.message(from: "system")
        #expect(till.asked.map(\.call.action) == ["shop.look"])
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.status == .queued)
    }

    @Test func `what a later process waits for is done once an earlier action has ended`()
        async throws
    {
        let till = Till([.done(["state": "packed"]), .done(["state": "packed"])], holds: true)
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await till.isAsked()
        let ann = world.ann.person
        _ = try await world.desk.submit(.takeOver(ann), to: id).get()
        _ = try await world.desk.submit(.returnToBot(by: ann, instruction: nil), to: id).get()
        try await customer.say("I want to cancel my order #1002.", in: id)
        while await world.desk.look(at: id)?.progress?.slots["order"] != "#1002" {
            await Task.yield()
        }
        till.release()
        #expect(await customer.device.message(from: "bot")?.text == "Cancel #1002?")
    }

    @Test func `nobody is asked to agree to what is not known`() async throws {
        let till = Till([.done(["state": "odd"])])
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await customer.device.message(from: "system")
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.workflows.last?.state == .handedOff)
        #expect(conversation?.reason?.text.contains("look.fee") == true)
    }

    @Test func `a person who takes over while an action is under way is not talked over`()
        async throws
    {
        let till = Till([.done(["state": "packed"])], holds: true)
        let world = try await DeskWorld(Self.workspace, integrations: till)
        let customer = world.customer()
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await till.isAsked()
        _ = try await world.desk.submit(.takeOver(world.ann.person), to: id).get()
        till.release()
        await customer.device.botStopsTyping()
        let conversation = await world.desk.look(at: id)
        #expect(customer.device.messages(from: "bot").isEmpty)
        #expect(conversation?.workflows.last?.state == .handedOff)
    }

    @Test func `an action that was under way when the process ended is taken up with its key`()
        async throws
    {
        let log = MemoryLog()
        let stuck = Till([.done(["state": "packed"])], holds: true)
        var world: DeskWorld? = try await DeskWorld(Self.workspace, integrations: stuck, log: log)
        let site = try #require(world?.site)
        let customer = try #require(world?.customer())
        let id = try await customer.say("I want to cancel my order #1001.").conversation
        await stuck.isAsked()
        world = nil
        let till = Till([.done(["state": "packed"])])
        let next = try await DeskWorld(Self.workspace, integrations: till, log: log, site: site)
        await till.isAsked()
        #expect(till.asked.map(\.key) == stuck.asked.map(\.key))
        while await next.desk.look(at: id)?.progress?.step != "sure" { await Task.yield() }
        stuck.release()
    }

    private static let workspace = Workspace(
        intents: TestWorkspace.small.intents + [
            IntentDefinition(
                name: "cancel",
                title: "Cancel my order",
                examples: [
                    "I want to cancel my order", "cancel the order", "please cancel my order",
                    "can I cancel an order", "stop my order", "cancel order",
                    "I ordered by mistake",
                    "call off my order", "I do not want the order any more",
                    "cancel what I ordered",
                ],
                answer: .handOff(skill: nil)
            )
        ],
        workflows: [
            WorkflowDocument(
                name: "cancel",
                text: """
                    title: Cancel an order
                    intents: [cancel]
                    identified: false
                    steps:
                      order: {ask: Which order is it?, code: "#0000"}
                      look: {do: shop.look, with: {order: "{{order}}"}}
                      may:
                        check:
                          - {when: look.state == shipped, then: away}
                          - {when: look.state == open, then: cancel}
                          - {when: look.state == odd, then: fee}
                        otherwise: sure
                      sure: {confirm: "Cancel {{order}}?"}
                      cancel: {do: shop.cancel, with: {order: "{{order}}"}}
                      done: {end: "{{cancel.summary}}"}
                      away: {end: It is on its way.}
                      fee: {confirm: "Cancel it for {{look.fee}}?"}
                    """
            )
        ].compactMap { $0 }
    )
}

/// A shop's actions, which end as the test says, one after another.
private final class Till: QuietIntegrations {
    private struct State {
        var asked: [WorkflowOrder] = []
        var results: [ActionResult]
        var isHeld: Bool
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watching: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ results: [ActionResult], holds: Bool = false) {
        state = Mutex(State(results: results, isHeld: holds))
    }

    var asked: [WorkflowOrder] { state.withLock(\.asked) }

    func perform(_ order: WorkflowOrder) async -> ActionResult? {
        let watching = state.withLock { state in
            state.asked.append(order)
            defer { state.watching = [] }
            return state.watching
        }
        for continuation in watching { continuation.resume() }
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHeld { state.waiting.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
        return state.withLock { $0.results.isEmpty ? nil : $0.results.removeFirst() }
    }

    /// Returns once an action was asked for.
    func isAsked() async {
        await withCheckedContinuation { continuation in
            let isAsked = state.withLock { state in
                if state.asked.isEmpty { state.watching.append(continuation) }
                return !state.asked.isEmpty
            }
            if isAsked { continuation.resume() }
        }
    }

    /// Lets actions end from now on.
    func release() {
        let waiting = state.withLock { state in
            state.isHeld = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
