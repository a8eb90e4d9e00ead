import Desk
import MaitredTesting
import Model
import Testing

/// What is owed while somebody sets the clock.
@Suite(.timeLimit(.minutes(1)))
struct ClockTests {
    static let steps: [Duration] = [.seconds(-3600), .seconds(3600)]

    @Test(arguments: steps)
    func `words that wait for more are answered after the quiet window all the same`(
        _ step: Duration
    ) async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("how do I export my data").conversation
        world.clock.set(by: step)
        _ = await world.desk.look(at: id)
        #expect(customer.device.messages(from: "bot").isEmpty)
        world.clock.advance(by: TurnClock.window)
        await customer.device.message(from: "bot")
    }

    @Test(arguments: steps)
    func `an offer stands for its period, no shorter and no longer`(_ step: Duration) async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.queued(world.customer())
        await ann.offer(of: id)
        world.clock.set(by: step)
        world.clock.advance(by: .seconds(29))
        #expect(await world.desk.look(at: id)?.offer != nil)
        world.clock.advance(by: .seconds(2))
        await ann.offerGone(id, "expired")
    }

    @Test(arguments: steps)
    func `a silent conversation ends a day after the last word`(_ step: Duration) async throws {
        let world = try await DeskWorld(TestWorkspace.small)
        let customer = world.customer()
        let id = try await customer.say("How do I export my data?").conversation
        await customer.device.message(from: "bot")
        world.clock.set(by: step)
        world.clock.advance(by: .seconds(24 * 3600 - 60))
        #expect(await world.desk.look(at: id)?.isResolved == false)
        world.clock.advance(by: .seconds(120))
        await customer.device.change(to: .resolved)
    }

    @Test func `a snooze ends at its time of day`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.accepted(world.customer(), by: world.ann, ann)
        let until = world.clock.now + .seconds(7200)
        let snooze = Command.setStatus(by: world.ann.person, .snoozed, until: until)
        _ = try await world.desk.submit(snooze, to: id).get()
        let asleep = await world.desk.look(at: id)
        world.clock.set(by: .seconds(7200))
        _ = await world.passing {
            await ann.event { event in
                if case .changed(let change) = event { return change.reason?.code == "woke" }
                return false
            }
        }
        #expect(asleep?.status == .snoozed)
    }

    @Test func `what is stored of deadlines moves with the clock`() async throws {
        let world = try await DeskWorld()
        let ann = await world.console(of: world.ann)
        let id = try await world.queued(world.customer())
        await ann.offer(of: id)
        let before = try await world.log.obligations().map(\.1)
        world.clock.set(by: .seconds(-3600))
        let after = await world.passing { [log = world.log] in
            while true {
                let owed = (try? await log.obligations().map(\.1)) ?? []
                if owed != before { return owed }
                await Task.yield()
            }
        }
        #expect(after.first?.due == before.first.map { $0.due + .seconds(-3600) })
    }

    @Test func `a clock that is put right little by little was not set`() {
        let clock = ManualClock()
        var steps = ClockStep(clock)
        for _ in 0..<10 {
            clock.advance(by: .seconds(1))
            clock.set(by: .milliseconds(900))
            #expect(steps.look(at: clock) == nil)
        }
        clock.set(by: .seconds(-5))
        #expect(steps.look(at: clock) == .seconds(-5))
        #expect(steps.look(at: clock) == nil)
    }
}
