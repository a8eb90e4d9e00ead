import PluginHost
import Testing

struct SupervisionTests {
    private let patient = Supervision.Rules(limit: 100)

    @Test func `waits twice as long after each end, up to the longest delay`() {
        var supervision = Supervision(patient)
        let delays = (0..<8).map { second in
            supervision.ended(at: .seconds(second), jitter: 0)
        }
        let expected: [Duration] = [
            .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16),
            .seconds(30), .seconds(30),
        ]
        #expect(delays == expected.map { .restart(after: $0) })
    }

    @Test func `takes up to a quarter off as jitter`() {
        var supervision = Supervision(patient)
        #expect(
            supervision.ended(at: .zero, jitter: 1) == .restart(after: .milliseconds(375))
        )
    }

    @Test func `gives up at the third end within ten minutes`() {
        var supervision = Supervision(Supervision.Rules())
        #expect(supervision.ended(at: .zero, jitter: 0) != .disable)
        #expect(supervision.ended(at: .seconds(300), jitter: 0) != .disable)
        #expect(supervision.ended(at: .seconds(599), jitter: 0) == .disable)
    }

    @Test func `forgets ends that are ten minutes past`() {
        var supervision = Supervision(Supervision.Rules())
        for end in 0..<20 {
            let verdict = supervision.ended(at: .seconds(301 * end), jitter: 0)
            #expect(verdict != .disable)
        }
    }
}
