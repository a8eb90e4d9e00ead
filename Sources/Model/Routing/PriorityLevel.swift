/// How soon somebody should see to a conversation, in steps: what people are told, and what the queue goes by.
///
/// A score is known to many digits and means few of them: within a level nobody passes those who have
/// waited longer.
package enum PriorityLevel: String, Sendable, CaseIterable, Comparable {
    case urgent, high, normal, low

    /// `score`: from 0 to 1; nil where nobody has read what is wanted, which counts as ordinary.
    package init(score: Double?) {
        guard let score else {
            self = .normal
            return
        }
        self =
            switch score {
            case 0.5...: .urgent
            case 0.2...: .high
            case 0.03...: .normal
            default: .low
            }
    }

    /// The more pressing first.
    package static func < (one: PriorityLevel, other: PriorityLevel) -> Bool {
        one.rank < other.rank
    }

    private var rank: Int {
        switch self {
        case .urgent: 0
        case .high: 1
        case .normal: 2
        case .low: 3
        }
    }
}
