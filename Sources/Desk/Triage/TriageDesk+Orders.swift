import JSONCoding
import Model
import Triage

/// Why the triage core did not carry an order out, for whoever gave it.
package struct TriageOrderFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

extension TriageDesk {
    /// Carries out what operators ask of the core: an object whose `do` names it.
    package func carryOut(_ order: JSON) async throws -> JSON {
        let now = SystemClock().now
        switch order["do"]?.stringValue {
        case "triage.explain":
            return explain(order["text"]?.stringValue ?? "", page: order["page"]?.stringValue)
        case "triage.check":
            return check(try SuiteLine.lines(ofCSV: order["csv"]?.stringValue ?? ""), at: now)
        case "triage.unknowns": return try await unknowns()
        case "triage.rollback":
            guard let outcome = order["outcome"]?.intValue, outcome >= 0 else {
                throw TriageOrderFault(description: "name an outcome by its number, or 0")
            }
            try await rollBack(to: Int64(outcome), at: now)
            return .object(current.versions)
        default:
            throw TriageOrderFault(
                description: "this server does not know the order \(order["do"]?.text ?? "")"
            )
        }
    }

    /// Whether ``carryOut(_:)`` knows an order.
    package static func knows(_ order: JSON) -> Bool {
        ["triage.explain", "triage.check", "triage.unknowns", "triage.rollback"]
            .contains(order["do"]?.stringValue)
    }
}
