import Desk
import JSONCoding
import MaitredTesting
import Model
import Synchronization
import Testing

/// What happens while a turn is being read.
@Suite(.timeLimit(.minutes(1)))
struct TurnTests {
    @Test func `the assistant is silent when a person took over meanwhile`()
        async throws
    {
        let gate = Gate()
        let world = try await DeskWorld(TestWorkspace.small, integrations: gate)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await gate.asked()
        _ = try await world.desk.submit(.takeOver(world.ann.person), to: id).get()
        gate.open([])
        await customer.device.botStopsTyping()
        // Everything posted by then has been handled once this look is answered.
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.decisions.isEmpty == true)
        #expect(customer.device.messages(from: "bot").isEmpty)
    }

    @Test func `newer words make a turn void and are read with the older ones`() async throws {
        let gate = Gate()
        let world = try await DeskWorld(TestWorkspace.small, integrations: gate)
        let customer = world.customer()
        let id = try await customer.say("How do I export?").conversation
        await gate.asked()
        let second = try await customer.say("My data, I mean.", in: id)
        gate.open([])
        let answer = await customer.device.message(from: "bot")
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.lastDecision?.seen ?? 0 >= second.sequence)
        #expect(conversation?.lastDecision?.id == answer?.decision)
        #expect(customer.device.messages(from: "bot").count == 1)
    }

    @Test func `facts that come in time stand before the decision and in the briefing`()
        async throws
    {
        let gate = Gate()
        let world = try await DeskWorld(TestWorkspace.small, integrations: gate)
        let ann = await world.console(of: world.ann)
        let customer = world.customer()
        try await customer.say("I want my money back.")
        await gate.asked()
        gate.open([Enrichment(source: "crm", title: "Customer", facts: ["plan": "pro"])])
        let offer = await ann.offer()
        #expect(offer?.briefing.facts.first?.facts["plan"] == "pro")
        let id = try #require(ann.offered.first)
        let kinds = try await world.log.history(of: id).map(\.kind)
        let facts = try #require(kinds.firstIndex(of: "facts"))
        let decided = try #require(kinds.firstIndex(of: "decided"))
        #expect(facts < decided)
    }

    @Test func `of pages gone through while integrations think, the last is asked about`()
        async throws
    {
        let gate = Gate()
        let world = try await DeskWorld(TestWorkspace.small, integrations: gate)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await gate.asked()
        for number in 1...12 {
            let page = PageContext(number: number, path: "/page/\(number)", session: "a")
            _ = try await world.desk.submit(.see(page), to: id, for: customer.contact.id).get()
        }
        gate.open([])
        await customer.device.message(from: "bot")
        #expect(gate.pages == [nil, "/page/12"])
    }

    @Test func `a typing customer is waited for, but not for ever`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("how do I export my data").conversation
        world.desk.typing(
            .customer(customer.contact.id, name: nil),
            true,
            in: id,
            for: customer.contact.id,
            from: customer.device
        ) { _ in }
        _ = await world.desk.look(at: id)
        world.clock.advance(by: TurnClock.window + .seconds(1))
        _ = await world.desk.look(at: id)
        #expect(customer.device.messages(from: "bot").isEmpty)
        world.clock.advance(by: TurnClock.typingLease)
        await customer.device.message(from: "bot")
    }

    @Test func `the log is told of an answer shortly before the quiet window ends`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("how do I export my data").conversation
        world.clock.advance(by: TurnClock.window - .milliseconds(3))
        _ = await world.desk.look(at: id)
        #expect(world.log.announced == 0)
        world.clock.advance(by: .milliseconds(2))
        while world.log.announced == 0 { await Task.yield() }
        #expect(customer.device.messages(from: "bot").isEmpty)
        world.clock.advance(by: .milliseconds(1))
        await customer.device.message(from: "bot")
    }

    @Test
    func `words that tell no language are answered in the one spoken before or the browser's`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        try await customer.say("1001.", in: id)
        await customer.device.change(to: .queued)
        #expect(await world.desk.look(at: id)?.lastDecision?.language == "en")

        let other = world.customer()
        let pages = [PageContext(number: 1, path: "/", locale: "de-CH", session: "a")]
        let post = Command.Post(
            id: .make(at: world.clock.now),
            clientID: "first-words-of-a-number",
            text: "1001."
        )
        world.desk.begin(site: world.site.id, contact: other.contact.id, pages: pages, post) { _ in
        }
        let notice = await other.device.message(from: "system")
        #expect(notice?.text == Phrases.in("de").nobodyThere)
    }

    @Test func `an answer that could not be stored is given once it can be`() async throws {
        let gate = Gate()
        let world = try await DeskWorld(TestWorkspace.small, integrations: gate)
        let customer = world.customer()
        try await customer.say("How do I export my data?")
        await gate.asked()
        world.log.fail(with: .unavailable("disk full"))
        gate.open([])
        await customer.device.botStopsTyping()
        #expect(customer.device.messages(from: "bot").isEmpty)
        world.log.fail(with: nil)
        let answer = await world.passing { await customer.device.message(from: "bot") }
        #expect(answer?.text.contains("Export") == true)
        #expect(customer.device.messages(from: "bot").count == 1)
    }
}

/// Integrations that answer when the test lets them.
private final class Gate: QuietIntegrations {
    private struct State {
        var isAsked = false
        /// The path of each page that was asked about.
        var pages: [String?] = []
        var asking: [CheckedContinuation<Void, Never>] = []
        var answer: [Enrichment]?
        var waiting: [CheckedContinuation<[Enrichment], Never>] = []
    }

    private let state = Mutex(State())

    func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment] {
        let asking = state.withLock { state in
            state.isAsked = true
            state.pages.append(opening.page?.path)
            defer { state.asking = [] }
            return state.asking
        }
        for continuation in asking { continuation.resume() }
        return await withCheckedContinuation { continuation in
            let answer = state.withLock { state in
                if state.answer == nil { state.waiting.append(continuation) }
                return state.answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    var pages: [String?] { state.withLock(\.pages) }

    /// Returns once the desk has asked.
    func asked() async {
        await withCheckedContinuation { continuation in
            let isAsked = state.withLock { state in
                if !state.isAsked { state.asking.append(continuation) }
                return state.isAsked
            }
            if isAsked { continuation.resume() }
        }
    }

    func open(_ answer: [Enrichment]) {
        let waiting = state.withLock { state in
            state.answer = answer
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: answer) }
    }
}
