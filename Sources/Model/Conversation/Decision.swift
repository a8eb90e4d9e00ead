import JSONCoding

/// What the triage core made of a turn, and why: kept for ever, shown to agents, computable again.
package struct Decision: Hashable, Sendable {
    package enum Action: String, Sendable {
        case answer, clarify
        /// The words were read as an answer to a workflow's question.
        case step
        case handOff = "hand_off"
        case silent
    }

    package struct Ranked: Hashable, Sendable {
        package var intent: String
        package var title: String
        package var probability: Double

        package init(intent: String, title: String, probability: Double) {
            self.intent = intent
            self.title = title
            self.probability = probability
        }
    }

    package struct Evidence: Hashable, Sendable {
        package var text: String
        package var weight: Double

        package init(text: String, weight: Double) {
            self.text = text
            self.weight = weight
        }
    }

    package var id: DecisionID
    package var action: Action
    /// The rule of the policy that fired, such as `confident` or `asked_for_person`.
    package var rule: String
    /// The last event of the customer that was read; a later one makes the decision void.
    package var seen: Int
    package var intent: String?
    package var confidence: Double = 0
    package var threshold: Double = 0
    package var outOfScope: Double = 0
    /// From −4 (furious) to 4 (delighted).
    package var mood: Double = 0
    /// From 0 to 1, with the reasons.
    package var urgency: Double = 0
    package var urgencyReasons: [String] = []
    package var language: String?
    package var ranking: [Ranked] = []
    package var evidence: [Evidence] = []
    package var nearestExample: String?
    package var nearestIntent: String?
    package var nearestSimilarity: Double = 0
    /// z₁: the likeliest intent's own score.
    package var score: Double = 0
    /// z₁ − z₂: how far ahead of the next one it is.
    package var lead: Double = 0
    /// What it was held against, and the margin that the evidence adds up to.
    package var against: String?
    package var margin: Double = 0
    /// What the evidence that is not listed adds.
    package var rest: Double = 0
    /// Page, facts and earlier turns as they were read.
    package var context: [String] = []
    /// The share of right answers that was asked for.
    package var target: Double = 0
    /// Why more was asked for than usual.
    package var caution: [String] = []
    /// Microseconds of each stage.
    package var stages: JSON.Object = [:]
    package var versions: JSON.Object = [:]
    package var microseconds: Int = 0
    package var at: Timestamp

    package init(id: DecisionID, action: Action, rule: String, seen: Int, at: Timestamp) {
        self.id = id
        self.action = action
        self.rule = rule
        self.seen = seen
        self.at = at
    }
}

/// Why something happened to a conversation: a code for programs and a sentence for people.
package struct Reason: Hashable, Sendable {
    package var code: String
    package var text: String

    package init(_ code: String, _ text: String) {
        self.code = code
        self.text = text
    }
}
