import Desk
import Foundation
import JSONCoding
import Knowledge
import MaitredTesting
import Model
import Testing
import Triage

/// What the desk learns from what comes of its answers.
@Suite(.timeLimit(.minutes(1)))
struct LearningTests {
    private func entry(
        _ text: String,
        _ verdict: Outcome.Verdict,
        of core: Core,
        answered: Bool = true,
        stranger: String? = nil
    ) -> LearningEntry {
        LearningEntry(
            verdict,
            of: text,
            reading: core.read(text),
            wasAnswered: answered,
            witness: stranger == nil ? .agent : .customer,
            stranger: stranger,
            rule: "test",
            at: Timestamp(milliseconds: 0)
        )
    }

    private func teach(_ entries: [LearningEntry], to world: DeskWorld) async throws {
        try await world.log.keep(entries, readUpTo: nil)
        try await world.desk.triage.learn()
    }

    private var core: (DeskWorld) -> Core { { $0.desk.triage.current.core } }

    private static func folder() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "learning-\(UUID().uuidString)")
    }

    @Test func `an agent's label teaches the assistant a new intent`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let ann = await world.console(of: world.ann)
        let customer = world.customer(name: "Rosalind Quine")
        let said = try await customer.say("Please gift wrap it for rosalind, tel 0170 555 12 34.")
        _ = await ann.offer()
        let reader = OutcomeReader(desk: world.desk, book: world.log)
        _ = try await world.desk.submit(
            .tag(by: world.ann.person, add: ["intent:gift_wrap"], remove: []),
            to: said.conversation
        ).get()
        try await reader.catchUp()
        #expect(!core(world).intents.contains("gift_wrap"))
        _ = try await world.desk.submit(.takeOver(world.ann.person), to: said.conversation).get()
        try await reader.catchUp()
        #expect(core(world).intents.contains("gift_wrap"))
        let reading = core(world).read("gift wrap please")
        #expect(reading.ranking.first?.intent == "gift_wrap")
        // Whose it was stays out of the example.
        #expect(reading.nearest?.text == "Please gift wrap it for name, tel number.")
        #expect(world.desk.triage.current.versions["outcomes"]?.intValue ?? 0 > 0)
    }

    @Test func `the log is read once, whatever happens in between`() async throws {
        let log = MemoryLog()
        let world = try await DeskWorld(TestWorkspace.small, log: log)
        _ = await world.console(of: world.ann)
        let customer = world.customer()
        let said = try await customer.say("How do I export my data?")
        await customer.device.message(from: "bot")
        _ = try await world.desk.submit(
            .rate(score: 5, comment: nil),
            to: said.conversation
        ).get()
        let reader = OutcomeReader(desk: world.desk, book: log)
        try await reader.catchUp()
        try await reader.catchUp()
        #expect(try await log.entries(after: 0, limit: 10).map(\.rule) == ["rated"])
        let again = try await DeskWorld(TestWorkspace.small, log: log, site: world.site)
        try await OutcomeReader(desk: again.desk, book: log).catchUp()
        #expect(try await log.entries(after: 0, limit: 10).count == 1)
    }

    @Test func `an answer can be judged, and only an answer`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        _ = await world.console(of: world.ann)
        let customer = world.customer()
        let said = try await customer.say("How do I export my data?")
        let answer = try #require(await customer.device.message(from: "bot"))
        let id = said.conversation
        func judge(_ message: String?, _ isHelpful: Bool) async -> Bool {
            let command = Command.judge(message: message ?? "", isHelpful: isHelpful)
            guard case .success = await world.desk.submit(command, to: id) else { return false }
            return true
        }
        #expect(await judge(answer.id.description, true))
        #expect(await judge(answer.id.description, true))
        #expect(await judge(answer.id.description, false))
        #expect(await !judge(said.message?.description, true))
        #expect(await !judge("msg_unknown", true))
        let events = try await world.log.history(of: id)
        #expect(events.map(\.kind).filter { $0 == "judged" }.count == 2)
        try await OutcomeReader(desk: world.desk, book: world.log).catchUp()
        let rules = try await world.log.entries(after: 0, limit: 10).map(\.rule)
        #expect(rules == ["thumbs", "thumbs"])
    }

    @Test func `after a restart the assistant reads as it did before`() async throws {
        let (log, folder) = (MemoryLog(), Self.folder())
        defer { try? FileManager.default.removeItem(at: folder) }
        let world = try await DeskWorld(TestWorkspace.small, log: log, cache: folder)
        var entries: [LearningEntry] = []
        for number in 0..<60 {
            let intent = ["export", "refund", "gifts"][number % 3]
            entries.append(
                entry("thing \(number) of kind \(intent)", .meant(intent), of: core(world))
            )
        }
        try await teach(Array(entries.prefix(35)), to: world)
        await world.desk.triage.close()
        try await teach(Array(entries.suffix(25)), to: world)
        // The file knows 35 of them, the book the rest.
        let again = try await DeskWorld(TestWorkspace.small, log: log, cache: folder)
        #expect(again.desk.triage.current.versions == world.desk.triage.current.versions)
        for entry in entries {
            #expect(core(again).read(entry.text) == core(world).read(entry.text))
        }
        // Without the file it takes longer and comes to the same.
        let afresh = try await DeskWorld(TestWorkspace.small, log: log)
        #expect(core(afresh).read("thing of kind") == core(world).read("thing of kind"))
    }

    @Test func `a rollback forgets what was learned after it, and nothing else`() async throws {
        let (log, folder) = (MemoryLog(), Self.folder())
        defer { try? FileManager.default.removeItem(at: folder) }
        let world = try await DeskWorld(TestWorkspace.small, log: log, cache: folder)
        try await teach([entry("wrap it", .meant("gifts"), of: core(world))], to: world)
        let before = core(world).read("wrap it in paper")
        try await teach([entry("wrap it up", .meant("refund"), of: core(world))], to: world)
        #expect(core(world).read("wrap it in paper") != before)
        try await world.desk.triage.rollBack(to: 1, at: world.clock.now)
        #expect(core(world).read("wrap it in paper") == before)
        try await teach([entry("send it", .meant("parcels"), of: core(world))], to: world)
        #expect(core(world).intents.suffix(2) == ["gifts", "parcels"])
    }

    @Test func `a decision can be computed again after more has been learned`() async throws {
        let (log, folder) = (MemoryLog(), Self.folder())
        defer { try? FileManager.default.removeItem(at: folder) }
        let world = try await DeskWorld(TestWorkspace.small, log: log, cache: folder)
        try await teach([entry("wrap it", .meant("gifts"), of: core(world))], to: world)
        _ = await world.console(of: world.ann)
        let customer = world.customer()
        let said = try await customer.say("How do I export my data?")
        await customer.device.message(from: "bot")
        let decision = try #require(await world.desk.look(at: said.conversation)?.lastDecision)
        for number in 0..<20 {
            let lesson = entry("export \(number)", .meant("refund"), of: core(world))
            try await teach([lesson], to: world)
        }
        let text = "How do I export my data?"
        #expect(Double(core(world).read(text).confidence) != decision.confidence)
        let past = try #require(try await world.desk.triage.core(asOf: decision))
        let reading = past.read(text, context: decision.context)
        #expect(Double(reading.confidence) == decision.confidence)
        #expect(reading.ranking.map(\.intent) == decision.ranking.map(\.intent))
        #expect(
            reading.ranking.map { Double($0.probability) } == decision.ranking.map(\.probability)
        )
        let sum = decision.evidence.reduce(0) { $0 + $1.weight } + decision.rest
        #expect(abs(sum - decision.margin) < 1e-4)
    }

    @Test func `answers that are often wrong are held back, and an event says why`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let wrong = (0..<10).map { number in
            entry("export my data \(number)", .noneOfThem, of: core(world))
        }
        try await teach(wrong, to: world)
        let changes = try await world.log.standingChanges(limit: 10)
        #expect(changes.map(\.intent) == ["export"])
        #expect(changes.first?.standing == .held)
        #expect(changes.first?.because.contains("were right") == true)
        let customer = world.customer()
        try await customer.say("I want to export my projects.")
        let change = await customer.device.change(to: .queued)
        #expect(["held_back", "not_sure", "not_understood"].contains(change?.reason?.code))
    }

    @Test func `an intent in shadow answers once it has been right often enough`() async throws {
        var intents = TestWorkspace.small.intents
        intents[0].mode = .shadow
        intents[0].ramps = true
        let world = try await DeskWorld(Workspace(intents: intents))
        let policy = { world.desk.triage.current.policy }
        #expect(policy().mode(of: intents[0]) == .shadow)
        for number in 0..<60 {
            let right = entry("export my data \(number)", .meant("export"), of: core(world))
            try await teach([right], to: world)
        }
        #expect(policy().mode(of: intents[0]) == .act)
        let last = try await world.log.standingChanges(limit: 1).first
        #expect(last?.standing == .proven)
    }

    /// A thousand contacts, made up on one day, all say that an answer was wrong, or right.
    @Test(arguments: [Outcome.Verdict.refused, .accepted])
    func `a thousand invented contacts change nothing`(
        verdict: Outcome.Verdict
    ) async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let honest = (0..<40).map { number in
            entry("export my data \(number)", .accepted, of: core(world))
        }
        try await teach(honest, to: world)
        let text = "how do I export my data"
        let before = core(world).read(text)
        let mob = (0..<1000).map { number in
            entry(text, verdict, of: core(world), stranger: "ctc_\(number)")
        }
        try await teach(mob, to: world)
        #expect(core(world).read(text).ranking == before.ranking)
        #expect(abs(core(world).read(text).confidence - before.confidence) < 0.05)
        #expect(world.desk.triage.current.policy.standings["export"] != .held)
    }

    @Test func `a choice that nobody offered is only words`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let said = try await customer.say("How do I export?")
        let post = Command.Post(
            id: .make(at: world.clock.now),
            clientID: "made-up-choice",
            text: "Anything.",
            choice: "refund"
        )
        _ = try await world.desk.submit(.post(post), to: said.conversation).get()
        let events = try await world.log.history(of: said.conversation)
        for case .message(let message) in events { #expect(message.choice == nil) }
    }

    @Test func `customers cannot make up intents`() async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        var made = entry("anything", .meant("made_up"), of: core(world))
        made.witness = .customer
        try await teach([made, entry("other", .meant("No Name"), of: core(world))], to: world)
        #expect(core(world).intents == ["export", "refund"])
    }

    @Test func `texts lose what would name somebody`() {
        let contact = Contact(
            id: .make(at: Timestamp(milliseconds: 0)),
            site: .make(at: Timestamp(milliseconds: 0)),
            name: "Zoë van Rijn",
            email: "zoe.rijn@example.com",
            createdAt: Timestamp(milliseconds: 0)
        )
        let scrubber = Scrubber(contact)
        for (text, scrubbed) in [
            ("I am Zoë, write to me@x.example.org", "I am name, write to email"),
            ("card 4111 1111 1111 1111 was charged", "card number was charged"),
            ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN number please"),
            ("see https://x.example/a?b=c now", "see link now"),
            ("call +49 (170) 555-1234", "call number"),
            ("error 500 on page 12", "error 500 on page 12"),
            ("order 20931 of RIJN", "order number of name"),
        ] { #expect(scrubber.scrub(text) == scrubbed) }
    }
}

/// How sure an answer must be.
struct DemandTests {
    private func conversation(_ facts: JSON.Object) -> Conversation {
        let now = Timestamp(milliseconds: 0)
        var conversation = Conversation(
            id: .make(at: now),
            site: .make(at: now),
            contact: .make(at: now),
            at: now
        )
        conversation.apply(
            .facts(Event.FactSheet(source: "crm", title: "CRM", facts: facts, at: now))
        )
        return conversation
    }

    @Test func `of what is asked the strictest holds, and each caution allows fewer errors`() {
        var automation = Automation()
        automation.precision = 0.9
        automation.tiers = ["gold": 0.96]
        automation.highValue = 1000
        let demands = Demands(automation, core: Trainer.train([]))
        var intent = TestWorkspace.small.intents[0]
        func demand(_ facts: JSON.Object, _ isAnybodyOnline: Bool = true) -> Demand {
            demands.demand(
                for: intent,
                in: conversation(facts),
                isAnybodyOnline: isAnybodyOnline
            )
        }
        #expect(demand([:]).precision == 0.9)
        #expect(demand(["tier": "gold"]).precision == 0.96)
        #expect(demand(["value": 5000]).precision == 0.95)
        #expect(demand(["value": "5000"]).caution == ["high_value"])
        #expect(demand([:], false).caution == ["nobody_on_duty"])
        intent.isMoney = true
        intent.precision = 0.98
        #expect(
            abs(demand(["tier": "gold", "value": 5000], false).precision - (1 - 0.02 / 6)) < 1e-9
        )
    }
}
