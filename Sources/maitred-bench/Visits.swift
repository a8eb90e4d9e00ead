import CBench

/// Visitors who came to a server on a schedule, and what became of each.
struct Visits {
    private(set) var list: [bench_visit]

    /// Lets visitors come at these times, in seconds, and waits until each is settled.
    ///
    /// Then everyone asks for their message again: `found` says whether it came.
    init(due: [Double], to server: MaitredServer, on load: LoadClient) throws {
        let isGood = due.withUnsafeBufferPointer { due in
            server.site.withCString { site in
                MaitredServer.origin.withCString { origin in
                    Message.text.withCString { text in
                        var plan = bench_visit_plan()
                        (plan.site, plan.origin, plan.text) = (site, origin, text)
                        plan.due = due.baseAddress
                        plan.count = UInt32(due.count)
                        plan.patience = Self.patience
                        return bench_visit_run(load.handle, &plan)
                    }
                }
            }
        }
        guard isGood else { throw BenchError.messagesLost(load.error) }
        // Places that have changed are told a few times a second.
        load.serve(seconds: Self.quiet)
        bench_visit_check(load.handle, Self.patience)
        list = due.indices.map { bench_visit_result(load.handle, UInt32($0)) }
    }

    /// Seconds after the last visitor in which all must be settled.
    private static let patience = 30.0
    private static let quiet = 1.5
}

extension Visits {
    var settled: Int { list.count { $0.settled >= 0 } }
    var acknowledged: Int { list.count { $0.acknowledged >= 0 } }
    var lost: Int { list.count { $0.acknowledged >= 0 && !$0.found } }
    var turnedAway: Int { list.count { $0.turned_away > 0 } }
    var cutOff: Int { list.count { $0.cut_off > 0 } }

    /// Whoever waits with a place that somebody else has too, or that is beyond the end.
    var falsePlaces: Int {
        let places = list.filter { $0.settled >= 0 && !$0.answered }.map(\.position)
        let honest = Set(places.filter { (1...UInt32(places.count)).contains($0) })
        return places.count - honest.count
    }

    /// Milliseconds from coming until the message was stored, of those who came in this time.
    func latencies(from start: Double, to end: Double) -> [Double] {
        list.filter { start <= $0.due && $0.due < end }
            .map { $0.acknowledged < 0 ? .infinity : ($0.acknowledged - $0.due) * 1000 }
    }

    /// Milliseconds from coming until they knew where they stood.
    func waits(from start: Double, to end: Double) -> [Double] {
        list.filter { start <= $0.due && $0.due < end }
            .map { $0.settled < 0 ? .infinity : ($0.settled - $0.due) * 1000 }
    }
}
