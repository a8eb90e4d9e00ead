import CBench
import Foundation
import JSONCoding

/// Measures how soon the assistant's answer is committed and there: P13.
///
/// One customer asks one question in each of many conversations, so that no guard against loops
/// steps in. After a sentence that looks finished the desk waits for nothing more; after another it
/// waits for a quiet window, which is no speed of the server's: both are measured, the second also
/// without it.
struct AnswerSpeed {
    private let options: BenchOptions
    private let server: MaitredServer
    private let store: ReferenceServer
    private let reference: LoadClient
    private var acknowledged = LoadSamples()
    private var finished = Samples()
    private var unfinished = Samples()
    /// B's acknowledgement after as long a rest as the quiet window is.
    private var rested = Samples()

    /// The desk's wait for more of a sentence, `TurnClock.window`, in seconds.
    private static let window = 1.2
    private static let answer = #""from":{"kind":"bot""#

    init(program: String, options: BenchOptions) throws {
        self.options = options
        server = try MaitredServer(program: program, intents: MadeUpIntents.csv)
        store = try ReferenceServer(.b)
        reference = try store.makeClient(conversations: 1)
    }

    mutating func measure(_ report: inout Report) throws {
        for _ in 0..<options.turns {
            acknowledged.add(
                try reference.measure(connections: 1, seconds: options.quick ? 0.5 : 1)
            )
            // Another customer each time: they remember all their conversations.
            let customer = try server.makeClient()
            try server.openIdle(1, on: customer)
            finished.add(
                try ask("How do I cancel my subscription?", times: questions, on: customer)
            )
            unfinished.add(
                try ask("How do I cancel my subscription", times: slowQuestions, on: customer)
            )
            rested.add(try storeAfterRest(times: slowQuestions))
        }
        add(to: &report)
    }

    private var questions: Int { options.quick ? 50 : 200 }
    private var slowQuestions: Int { options.quick ? 2 : 5 }

    /// Returns the median of the microseconds until the answer came.
    private func ask(_ text: String, times: Int, on customer: LoadClient) throws -> Double {
        var samples = Samples()
        for _ in 0..<times {
            let started = try customer.ask(0, "conv.start", id: "start")
            guard let conversation = started["c"]?.stringValue else {
                throw BenchError.unexpectedAnswer(to: "conv.start", started.text)
            }
            let frame = """
                {"t":"msg.send","id":"ask","c":"\(conversation)",\
                "d":{"cid":"\(UUID().uuidString)","text":"\(text)"}}
                """
            samples.add(try customer.exchange(0, frame, expecting: Self.answer) * 1e6)
        }
        return samples.median
    }

    /// Returns the median of the microseconds until B, which has had nothing to do, has acknowledged.
    private func storeAfterRest(times: Int) throws -> Double {
        var samples = Samples()
        for _ in 0..<times {
            reference.serve(seconds: Self.window)
            let frame = """
                {"t":"msg.send","id":"ask","c":"cnv_\(String(repeating: "0", count: 26))",\
                "d":{"cid":"\(UUID().uuidString)","text":"\(Message.text)"}}
                """
            samples.add(try reference.exchange(0, frame, expecting: #""t":"ack""#) * 1e6)
        }
        return samples.median
    }

    private func add(to report: inout Report) {
        let beyond = unfinished.median - Self.window * 1e6
        report.add("B store and deliver, 1", acknowledged)
        report.add("B store and deliver, 1, rested", [("p50 us", rested.median)])
        report.add("answer to a finished sentence", [("p50 us", finished.median)])
        report.add(
            "answer to an unfinished one",
            [("p50 us", unfinished.median), ("beyond the quiet window us", beyond)]
        )
        report.add(
            "P13",
            "the assistant's answer, p50, finished sentence",
            ours: finished.median,
            reference: acknowledged.p50.median,
            unit: "us"
        )
        report.add(
            "P13-window",
            "the same beyond the quiet window of an unfinished one",
            ours: beyond,
            reference: acknowledged.p50.median,
            unit: "us"
        )
    }
}
