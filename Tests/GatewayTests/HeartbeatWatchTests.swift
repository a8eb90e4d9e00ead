import Gateway
import Model
import Testing
import Transport

/// When lost heartbeats are worth a warning.
struct HeartbeatWatchTests {
    /// Looks every half second, as the server does; returns the watch after the last.
    private func watch(
        losing lost: Int,
        of open: Int,
        seconds: ClosedRange<Int>,
        _ watch: HeartbeatWatch = HeartbeatWatch()
    ) -> HeartbeatWatch {
        var watch = watch
        for half in (seconds.lowerBound * 2)...(seconds.upperBound * 2) {
            var counters = TransportCounters()
            counters.webSockets = open
            counters.heartbeatsLost = lost
            watch.note(counters, at: SteadyTime(milliseconds: Int64(half) * 500))
        }
        return watch
    }

    @Test func `does not warn of what was lost before it began to look`() {
        let watch = watch(losing: 500, of: 10, seconds: 1...10)
        #expect(watch.lost == 0 && !watch.areMany)
    }

    @Test(arguments: [(9, 20, false), (10, 20, true), (10, 100, false), (11, 100, true)])
    func `warns of ten that are more than a tenth`(_ lost: Int, _ open: Int, _ areMany: Bool) {
        let before = watch(losing: 0, of: open, seconds: 0...10)
        let after = watch(losing: lost, of: open, seconds: 11...12, before)
        #expect(after.lost == lost && after.areMany == areMany)
    }

    @Test func `forgets after five minutes`() {
        let before = watch(losing: 0, of: 20, seconds: 0...10)
        let during = watch(losing: 15, of: 20, seconds: 11...280, before)
        #expect(during.areMany)
        let after = watch(losing: 15, of: 20, seconds: 281...320, during)
        #expect(after.lost == 0 && !after.areMany)
    }
}
