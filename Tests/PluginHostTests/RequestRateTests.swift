import JSONCoding
import PluginHost
import Testing

/// How often a plugin may ask another server.
@Suite(.timeLimit(.minutes(1)))
struct RequestRateTests {
    private let start = ContinuousClock().now

    @Test func `a second's worth goes at once, then one after another`() {
        var rate = RequestRate()
        let end = start + .seconds(60)
        let turns = (0..<6).map { _ in rate.turn(at: "a", rate: 4, now: start, before: end) }
        let waits: [Duration] = [
            .zero, .zero, .zero, .zero, .milliseconds(250), .milliseconds(500),
        ]
        #expect(turns == waits.map { .at(start + $0) })
    }

    @Test func `what was not used comes back, and no more than a second's worth`() {
        var rate = RequestRate()
        let end = start + .seconds(600)
        for _ in 0..<4 { _ = rate.turn(at: "a", rate: 4, now: start, before: end) }
        let half = start + .milliseconds(500)
        #expect(rate.turn(at: "a", rate: 4, now: half, before: end) == .at(half))
        #expect(rate.turn(at: "a", rate: 4, now: half, before: end) == .at(half))
        let third = RequestRate.Turn.at(half + .milliseconds(250))
        #expect(rate.turn(at: "a", rate: 4, now: half, before: end) == third)
        let later = start + .seconds(300)
        let turns = (0..<5).map { _ in rate.turn(at: "a", rate: 4, now: later, before: end) }
        #expect(turns.filter { $0 == .at(later) }.count == 4)
    }

    @Test func `a turn that comes too late is not taken, and is told`() {
        var rate = RequestRate()
        let end = start + .milliseconds(100)
        #expect(rate.turn(at: "a", rate: 1, now: start, before: end) == .at(start))
        let next = start + .seconds(1)
        for _ in 0..<5 {
            #expect(rate.turn(at: "a", rate: 1, now: start, before: end) == .tooLate(next))
        }
        let patient = start + .seconds(2)
        #expect(rate.turn(at: "a", rate: 1, now: start, before: patient) == .at(next))
    }

    @Test func `each place has turns of its own, however many there are`() {
        var rate = RequestRate()
        let end = start + .milliseconds(1)
        for number in 0..<1000 {
            let turn = rate.turn(at: "place \(number)", rate: 1, now: start, before: end)
            #expect(turn == .at(start))
        }
        // None of those that have something to pay was forgotten.
        let again = rate.turn(at: "place 0", rate: 1, now: start, before: end)
        #expect(again == .tooLate(start + .seconds(1)))
    }

    @Test func `a plugin that asks too fast waits, or is told when to come again`() async throws {
        let slow = PlayedServer { _ in .ok("slow") }
        let other = PlayedServer { _ in .ok("other") }
        try await PluginWorkshop.with { workshop in
            let id = try await ServicePlugin.build(
                workshop,
                permissions: [
                    "http": [.string(slow.url("/*")), .string(other.url("/*"))],
                    "http_per_second": 1,
                ]
            )
            let host = await workshop.host([]) {
                $0.settings = [id: .init(config: [:], allowsPrivateNetwork: true)]
            }
            func get(_ url: String, _ more: JSON.Object = [:]) async throws -> ServiceAnswer {
                var request: JSON.Object = ["method": "GET", "url": .string(url)]
                request.merge(more)
                return try await host.ask("http/1 send", request)
            }
            #expect(try await get(slow.url("/")).out["body"] == "slow")
            let refused = try await get(slow.url("/"), ["timeout_ms": 1])
            #expect(refused.status == ServiceAnswer.temporary)
            #expect(refused.message == "this server is asked at most 1 a second; ask again in 1 s")
            #expect(refused.out["retry_after"] == "1")
            #expect(slow.requests.count == 1)
            #expect(try await get(other.url("/")).out["body"] == "other")
            #expect(try await get(slow.url("/")).out["body"] == "slow")
            #expect(slow.requests.count == 2)
            await host.stop()
        }
    }
}
