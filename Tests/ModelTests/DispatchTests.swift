import Model
import Testing

struct DispatchTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func agent(_ name: String, skills: [String] = [], capacity: Int = 3) -> Agent {
        Agent(
            id: .make(at: now),
            name: name,
            email: "\(name)@example.com",
            role: .agent,
            skills: skills,
            capacity: capacity
        )
    }

    private func waiting(
        seconds: Int,
        priority: Double? = nil,
        skill: String? = nil,
        passedOver: Set<AgentID> = []
    ) -> Dispatch.Waiting {
        Dispatch.Waiting(
            conversation: .make(at: now),
            since: now + .seconds(-seconds),
            priority: priority,
            skill: skill,
            passedOver: passedOver
        )
    }

    @Test func `the least loaded person is asked`() {
        var dispatch = Dispatch()
        dispatch.seat(agent("busy"), .online, load: 2)
        dispatch.seat(agent("free"), .online, load: 0)
        dispatch.wait(waiting(seconds: 5))
        #expect(dispatch.matches(at: now).map(\.agent.name) == ["free"])
    }

    @Test func `nobody beyond their capacity, away or offline is asked`() {
        var dispatch = Dispatch()
        dispatch.seat(agent("full", capacity: 1), .online, load: 1)
        dispatch.seat(agent("away"), .away, load: 0)
        dispatch.seat(agent("gone"), .offline, load: 0)
        dispatch.wait(waiting(seconds: 5))
        #expect(dispatch.matches(at: now).isEmpty)
    }

    @Test func `the skill decides while somebody with it is there`() {
        var dispatch = Dispatch()
        dispatch.seat(agent("general"), .online, load: 0)
        dispatch.seat(agent("biller", skills: ["billing"]), .online, load: 2)
        dispatch.wait(waiting(seconds: 5, skill: "billing"))
        #expect(dispatch.matches(at: now).map(\.agent.name) == ["biller"])
        dispatch.wait(waiting(seconds: 5, skill: "law"))
        #expect(dispatch.matches(at: now).map(\.agent.name) == ["general"])
    }

    @Test func `urgent ones go first, then those who waited longest`() {
        var dispatch = Dispatch()
        let old = waiting(seconds: 60)
        let new = waiting(seconds: 1)
        let urgent = waiting(seconds: 2, priority: 0.9)
        for entry in [new, old, urgent] { dispatch.wait(entry) }
        #expect(Array(dispatch.order) == [urgent, old, new].map(\.conversation))
        #expect(dispatch.position(of: new.conversation)?.position == 3)
    }

    @Test func `nobody passes those of the same level who have waited longer`() {
        var dispatch = Dispatch()
        let read = waiting(seconds: 1, priority: 0.19)
        let unread = waiting(seconds: 2)
        let old = waiting(seconds: 60, priority: 0.03)
        let idle = waiting(seconds: 90, priority: 0.01)
        for entry in [read, unread, idle, old] { dispatch.wait(entry) }
        #expect(Array(dispatch.order) == [old, unread, read, idle].map(\.conversation))
    }

    @Test func `the queue is in order whoever comes, goes and changes`() {
        var random = SystemRandomNumberGenerator()
        var dispatch = Dispatch()
        var known: [Dispatch.Waiting] = []
        for _ in 0..<2000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where !known.isEmpty:
                let gone = known.remove(at: .random(in: known.indices, using: &random))
                let (first, second) = (
                    dispatch.leave(gone.conversation), dispatch.leave(gone.conversation)
                )
                #expect(first && !second)
            case 1 where !known.isEmpty:
                let index = Int.random(in: known.indices, using: &random)
                known[index].priority = .random(in: 0...1, using: &random)
                known[index].since = now + .seconds(-Int.random(in: 0..<100, using: &random))
                dispatch.wait(known[index])
            default:
                let score = Double.random(in: 0...1, using: &random)
                let entry = waiting(
                    seconds: .random(in: 0..<100, using: &random),
                    priority: Bool.random(using: &random) ? score : nil
                )
                known.append(entry)
                dispatch.wait(entry)
            }
        }
        let expected = known.sorted {
            let levels = (PriorityLevel(score: $0.priority), PriorityLevel(score: $1.priority))
            return (levels.0, $0.since, $0.conversation) < (levels.1, $1.since, $1.conversation)
        }
        #expect(Array(dispatch.order) == expected.map(\.conversation))
        for (index, entry) in expected.enumerated() {
            #expect(dispatch.position(of: entry.conversation)?.position == index + 1)
        }
    }

    @Test func `who passed is asked again only when everybody passed`() {
        let ann = agent("ann")
        let bea = agent("bea")
        var dispatch = Dispatch()
        dispatch.seat(ann, .online, load: 0)
        dispatch.seat(bea, .online, load: 0)
        let entry = waiting(seconds: 5, passedOver: [ann.id])
        dispatch.wait(entry)
        #expect(dispatch.matches(at: now).map(\.agent.name) == ["bea"])
        var again = entry
        again.passedOver = [ann.id, bea.id]
        dispatch.wait(again)
        #expect(dispatch.matches(at: now).count == 1)
    }

    @Test func `who has just said no to the last offer is left in peace for a while`() {
        let ann = agent("ann")
        var dispatch = Dispatch()
        dispatch.seat(ann, .online, load: 0)
        var entry = waiting(seconds: 5, passedOver: [ann.id])
        entry.passedAt = now
        dispatch.wait(entry)
        #expect(dispatch.matches(at: now + .seconds(1)).isEmpty)
        #expect(dispatch.isPausing)
        dispatch.seat(agent("bea"), .online, load: 0)
        #expect(dispatch.matches(at: now + .seconds(2)).map(\.agent.name) == ["bea"])
        dispatch.wait(entry)
        let later = now + Dispatch.pause
        #expect(dispatch.matches(at: later).count == 1)
    }

    @Test func `one round fills everybody up and no further`() {
        var dispatch = Dispatch()
        dispatch.seat(agent("ann", capacity: 2), .online, load: 0)
        dispatch.seat(agent("bea", capacity: 1), .online, load: 0)
        for second in 0..<5 { dispatch.wait(waiting(seconds: second)) }
        #expect(dispatch.matches(at: now).count == 3)
        #expect(dispatch.matches(at: now).isEmpty)
    }
}
