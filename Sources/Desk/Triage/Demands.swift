import JSONCoding
import Knowledge
import Model
import Triage

/// How sure the assistant must be of an answer, and why.
package struct Demand: Hashable, Sendable {
    /// The share of such answers that are to be right.
    package var precision: Double
    /// The confidence that this asks of the core; above 1 for never.
    package var threshold: Double
    /// Why more is asked for than usual.
    package var caution: [String] = []
}

/// Finds what is demanded of an answer: of the shares set for workspace, intent, site and tier the
/// strictest, and fewer errors for each reason to be careful.
package struct Demands: Sendable {
    /// The shares that thresholds are found for; others are rounded up to one of them.
    private static let steps = [
        0.5, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995,
        0.999,
    ]

    private let automation: Automation
    private let thresholds: [Double]

    /// Costs some milliseconds: sixteen thresholds are looked up once.
    package init(_ automation: Automation, core: Core) {
        self.automation = automation
        thresholds = Self.steps.map { Double(core.threshold(forPrecision: $0)) }
    }

    /// Demands nothing that can be met.
    package init() {
        automation = Automation()
        thresholds = Self.steps.map { _ in 1.01 }
    }

    /// What is asked for where nothing special is known.
    package var usual: Demand { demand(automation.precision, caution: []) }

    /// What is asked of an answer for an intent.
    ///
    /// - Parameters:
    ///   - intent: What would be answered; nil for what holds for any.
    ///   - conversation: With site and facts.
    ///   - isAnybodyOnline: Whether a person could step in.
    /// - Returns: The share asked for, and the confidence that stands for it.
    package func demand(
        for intent: IntentDefinition?,
        in conversation: Conversation,
        isAnybodyOnline: Bool
    ) -> Demand {
        let facts = conversation.facts.values.sorted { $0.source < $1.source }.map(\.facts)
        func fact(_ name: String) -> JSON? { facts.lazy.compactMap { $0[name] }.first }
        var precision = intent?.precision ?? automation.precision
        if let site = automation.sites[conversation.site.description] {
            precision = max(precision, site)
        }
        if let tier = fact(automation.tierFact)?.stringValue, let asked = automation.tiers[tier] {
            precision = max(precision, asked)
        }
        var caution: [Caution] = []
        if let high = automation.highValue, let worth = Self.number(fact(automation.valueFact)),
            worth >= high
        {
            caution.append(.highValue)
        }
        if intent?.isMoney == true { caution.append(.money) }
        if !isAnybodyOnline { caution.append(.nobodyOnDuty) }
        return demand(precision, caution: caution)
    }

    /// Why to be careful, and what share of the errors is still allowed then.
    private enum Caution: String {
        case highValue = "high_value"
        case money
        case nobodyOnDuty = "nobody_on_duty"

        /// A wrong answer at night is read by somebody in the morning; money is gone.
        var errors: Double { self == .nobodyOnDuty ? 2 / 3 : 1 / 2 }
    }

    private func demand(_ precision: Double, caution: [Caution]) -> Demand {
        let asked = 1 - caution.reduce(1 - precision) { $0 * $1.errors }
        // Dividing must not miss its step by rounding.
        let step = Self.steps.firstIndex { $0 >= asked - 1e-9 } ?? Self.steps.count - 1
        return Demand(
            precision: asked,
            threshold: thresholds[step],
            caution: caution.map(\.rawValue)
        )
    }

    private static func number(_ json: JSON?) -> Double? {
        json?.doubleValue ?? json?.stringValue.flatMap { Double($0) }
    }
}
