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
        priority: Double = 0,
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
        #expect(
            dispatch.order.map(\.conversation)
                == [urgent, old, new].map(\.conversation)
        )
        #expect(dispatch.position(of: new.conversation)?.position == 3)
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
