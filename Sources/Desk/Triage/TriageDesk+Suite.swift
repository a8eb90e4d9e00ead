import JSONCoding
import Model
import Triage

/// A message with what is expected to happen to it: one line of a suite.
package struct SuiteLine: Sendable, Hashable {
    package var text: String
    package var page: String?
    /// An intent's name, or `answer:` and a name, `person`, `clarify` or `none`.
    package var expect: String

    /// Reads a CSV file with the columns `text`, `expect` and, if it is there, `page`.
    package static func lines(ofCSV text: String) throws(TriageFailure) -> [SuiteLine] {
        let records = try CSVReader.records(in: Array(text.utf8))
        guard let header = records.first, let words = header.firstIndex(of: "text"),
            let expect = header.firstIndex(of: "expect")
        else { throw .malformedCSV(line: 1, "a suite has the columns text and expect") }
        let page = header.firstIndex(of: "page")
        return records.dropFirst().map { record in
            SuiteLine(
                text: record[words],
                page: page.map { record[$0] }.flatMap { $0.isEmpty ? nil : $0 },
                expect: record[expect]
            )
        }
    }
}

extension TriageDesk {
    /// Reads every line of a suite, and says which did not go as expected.
    ///
    /// An intent's name asks that it is read as the likeliest; `answer:NAME` that it is also answered;
    /// `person` that somebody is asked, `clarify` that the customer is, and `none` that nothing is
    /// answered.
    package func check(_ suite: [SuiteLine], at now: Timestamp) -> JSON {
        var failures: [JSON] = []
        for (number, line) in suite.enumerated() {
            var ticket = Ticket(text: line.text)
            ticket.page = line.page.map { PageContext(number: 0, path: "", page: $0) }
            let decision = read(ticket, at: now).decision
            if Self.meets(decision, line.expect) { continue }
            failures.append([
                "line": .int(Int64(number + 2)), "text": .string(line.text),
                "expected": .string(line.expect),
                "got": .string("\(decision.action.rawValue):\(decision.intent ?? "")"),
                "rule": .string(decision.rule), "confidence": .double(decision.confidence),
                "threshold": .double(decision.threshold),
            ])
        }
        return [
            "messages": .int(Int64(suite.count)),
            "passed": .int(Int64(suite.count - failures.count)),
            "failed": .array(failures),
        ]
    }

    private static func meets(_ decision: Decision, _ expect: String) -> Bool {
        switch expect {
        case "person": decision.action == .handOff
        case "clarify": decision.action == .clarify
        case "none": decision.action != .answer
        case _ where expect.hasPrefix("answer:"):
            decision.action == .answer && decision.intent == String(expect.dropFirst(7))
        default: decision.intent == expect
        }
    }
}
