import Desk
import Knowledge
import MaitredTesting
import Model
import Synchronization
import Testing

/// Turns are read before they are due: what comes of it counts only if nothing has changed by then.
@Suite(.timeLimit(.minutes(1)))
struct ReadAheadTests {
    @Test func `an answer is as of the end of the window, not of when it was thought of`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small, integrations: Known())
        let customer = world.customer()
        let id = try await customer.opens(in: world)
        let question = try await customer.say("how do I export my data", in: id)
        _ = await world.desk.look(at: id)
        world.clock.advance(by: TurnClock.window)
        let answer = try #require(await customer.device.message(from: "bot"))
        #expect(answer.at == world.clock.now)
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.lastDecision?.at == world.clock.now)
        #expect(conversation?.lastDecision?.seen == question.sequence)
    }

    @Test func `an answer that was changed while the window was open is given as it is now`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small, integrations: Known())
        let customer = world.customer()
        let id = try await customer.opens(in: world)
        try await customer.say("how do I export my data", in: id)
        _ = await world.desk.look(at: id)
        let changed = TestWorkspace.small.intents.map { intent in
            var intent = intent
            intent.answer = .template("Ask Grace.")
            return intent
        }
        await world.desk.triage.take(Workspace(intents: changed))
        world.clock.advance(by: TurnClock.window)
        let answer = await customer.device.message(from: "bot")
        #expect(answer?.text == "Ask Grace.")
    }

    @Test func `words that could not be kept are not answered in place of those that were`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small, integrations: Known())
        let customer = world.customer()
        let id = try await customer.opens(in: world)
        world.log.fail(with: .unavailable("disk full"))
        await #expect(throws: DeskFailure.self) {
            try await customer.say("How do I export my data?", in: id)
        }
        world.log.fail(with: nil)
        try await customer.say("I want to talk to a human.", in: id)
        await customer.device.change(to: .queued)
        let conversation = await world.desk.look(at: id)
        #expect(conversation?.lastDecision?.action == .handOff)
        #expect(conversation?.decisions.count == 1)
    }

    /// What happens while a turn is being read, or a moment before or after: tests cannot hold a reading.
    enum Meanwhile: CaseIterable {
        case lostMessage, introduction, reload
    }

    @Test(arguments: Meanwhile.allCases)
    func `a turn is answered whatever becomes of the reading that was begun`(
        meanwhile: Meanwhile
    ) async throws {
        for _ in 0..<20 {
            let world = try await DeskWorld(TestWorkspace.small, integrations: Known())
            let customer = world.customer()
            let id = try await customer.opens(in: world)
            try await customer.say("How do I export my data?", in: id)
            switch meanwhile {
            case .lostMessage:
                world.log.fail(with: .unavailable("disk full"))
                _ = try? await customer.say("Please.", in: id)
                world.log.fail(with: nil)
            case .introduction: world.desk.introduce(customer.contact, to: id)
            case .reload: world.desk.reload(id)
            }
            let answer = await world.passing {
                while true {
                    let conversation = await world.desk.look(at: id)
                    if let decision = conversation?.lastDecision { return decision }
                    await Task.yield()
                }
            }
            #expect(answer.action == .answer)
        }
    }

    @Test func `letters of many threads are handled one at a time, each thread's in their order`()
        async throws
    {
        let world = try await DeskWorld(TestWorkspace.small, integrations: Known())
        let customer = world.customer()
        let id = try await customer.opens(in: world)
        let count = 300
        let sources = (0..<6).map { _ in Listener() }
        let people = sources.map { _ in Author.agent(.make(at: world.clock.now), name: "Ann") }
        let heads = Heads()
        await withTaskGroup(of: Void.self) { group in
            for (person, source) in zip(people, sources) {
                group.addTask {
                    for number in 0..<count {
                        world.desk.typing(
                            person,
                            number.isMultiple(of: 2),
                            in: id,
                            for: nil,
                            from: source
                        ) { result in heads.add((try? result.get().sequence) ?? 0) }
                    }
                }
            }
        }
        let conversation = await world.desk.look(at: id)
        #expect(heads.all == Array(repeating: conversation?.head ?? 0, count: 6 * count))
        for person in people {
            let signs = customer.device.heard.compactMap { delivery -> Bool? in
                guard case .typing(_, person, let isOn) = delivery else { return nil }
                return isOn
            }
            #expect(signs == (0..<count).map { $0.isMultiple(of: 2) })
        }
    }
}

/// What requests were answered with.
private final class Heads: Sendable {
    private let heads = Mutex<[Int]>([])

    var all: [Int] { heads.withLock { $0 } }

    func add(_ head: Int) { heads.withLock { $0.append(head) } }
}
