import Knowledge
import Model
import Triage

/// How soon somebody should see to it: how pressing it is, times how much hangs on it.
package struct Priority: Hashable, Sendable {
    /// 0…1.
    package var urgency: Double
    /// 0…1.
    package var impact: Double
    /// Why, strongest first.
    package var because: [String]

    package var score: Double { urgency * impact }

    /// A matter-of-fact question about an ordinary thing is normal.
    package var level: PriorityLevel { PriorityLevel(score: score) }

    init(_ reading: Reading, _ intent: IntentDefinition?) {
        urgency = Double(reading.urgency.score)
        impact = intent?.impact ?? 0.5
        because = reading.urgency.reasons.map(\.rawValue)
        if let intent, impact != 0.5 { because.append("impact of \(intent.name)") }
        switch reading.distress?.kind {
        case .crisis?, .safety?:
            impact = 1
            because.append("somebody's safety")
        case .legal?: impact = max(impact, 0.8)
        default: break
        }
    }
}
