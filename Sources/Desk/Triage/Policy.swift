import Knowledge
import Model
import Triage

/// What to do about a turn, in order of certainty: a pure rule over what is known.
///
/// An explicit wish for a person and strong distress always hand off, before anything else is
/// weighed. Then the guards against loops. Then certainty: answer, clarify, hand off.
package struct Policy: Sendable {
    package enum Choice: Sendable, Equatable {
        case answer(intent: String, rule: String)
        /// Several requests in one turn, each of them sure enough to be answered.
        case answerAll(intents: [String])
        case clarify(intents: [String])
        case handOff(rule: String, reason: Reason, skill: String?)
    }

    /// Automated messages in a row before a person is asked to look.
    package static let replyBudget = 12
    /// The likeliest intents together must hold this much probability for a question to be worth it.
    package static let clarifyFloor = 0.5
    package static let clarifyChoices = 3

    /// The calibrated confidence that an answer needs.
    package var threshold: Double
    package var intents: [String: IntentDefinition]

    package init(threshold: Double, intents: [String: IntentDefinition]) {
        self.threshold = threshold
        self.intents = intents
    }

    /// `chosen`: the intent of a quick reply that the customer picked.
    package func choose(
        _ reading: Reading,
        in conversation: Conversation,
        chosen: String?
    ) -> Choice {
        if chosen == IntentDefinition.human || reading.wantsPerson {
            return handOff("asked_for_person", "The customer asked for a person.")
        }
        if let distress = reading.distress {
            return handOff("distress", "The customer needs a person: \(distress.kind.rawValue).")
        }
        if conversation.automatedReplies >= Self.replyBudget {
            return handOff(
                "reply_budget",
                "The assistant has answered \(Self.replyBudget) times in a row."
            )
        }
        if intents.isEmpty {
            return handOff("no_intents", "The assistant has not been taught any intents.")
        }
        if let chosen, let intent = intents[chosen] {
            return act(on: intent, rule: "customer_chose", in: conversation)
        }
        guard let top = reading.ranking.first, let intent = intents[top.intent] else {
            return handOff("not_understood", "The assistant does not know what this is about.")
        }
        if Double(reading.confidence) >= threshold {
            return act(on: intent, rule: "confident", in: conversation)
        }
        if let choices = clarification(reading, in: conversation) {
            return .clarify(intents: choices)
        }
        let sure = Int((reading.confidence * 100).rounded())
        let needed = Int((threshold * 100).rounded())
        return handOff(
            "not_sure",
            "Not sure enough: \(sure) of the \(needed) needed.",
            skill: reading.outOfScope < 0.5 ? intent.handOffSkill : nil
        )
    }

    /// What to do about several requests in one turn, read one by one.
    ///
    /// All are answered or none: half an answer leaves a customer to guess which half.
    package func choose(
        among readings: [Reading],
        in conversation: Conversation
    ) -> Choice {
        let choices = readings.map { choose($0, in: conversation, chosen: nil) }
        var intents: [String] = []
        for case .answer(let intent, _) in choices { intents.append(intent) }
        if intents.count == readings.count { return .answerAll(intents: intents) }
        let wanted = readings.compactMap(\.ranking.first?.intent)
        let titles = wanted.map { "“\(self.intents[$0]?.title ?? $0)”" }
        return handOff(
            "several",
            "Several things in one message: \(titles.joined(separator: ", ")).",
            skill: wanted.lazy.compactMap { self.intents[$0]?.handOffSkill }.first
        )
    }

    /// Whether a turn may be taken apart: nothing about the whole of it decides already.
    package func mayDivide(_ reading: Reading, in conversation: Conversation) -> Bool {
        !reading.wantsPerson && reading.distress == nil && !intents.isEmpty
            && conversation.automatedReplies < Self.replyBudget
    }

    private func act(
        on intent: IntentDefinition,
        rule: String,
        in conversation: Conversation
    ) -> Choice {
        if intent.isSensitive {
            return handOff(
                "sensitive",
                "“\(intent.title)” is for a person to decide.",
                skill: intent.handOffSkill
            )
        }
        guard intent.mode == .act else {
            return handOff(
                "not_allowed",
                "“\(intent.title)” is not answered automatically.",
                skill: intent.handOffSkill
            )
        }
        if case .handOff = intent.answer {
            return handOff(
                "by_definition",
                "“\(intent.title)” goes to a person.",
                skill: intent.handOffSkill
            )
        }
        // The same answer twice did not help the first time.
        if let last = conversation.lastDecision, last.action == .answer,
            last.intent == intent.name, !intent.isSmallTalk
        {
            return handOff(
                "repeated",
                "The answer for “\(intent.title)” did not help.",
                skill: intent.handOffSkill
            )
        }
        return .answer(intent: intent.name, rule: rule)
    }

    private func clarification(
        _ reading: Reading,
        in conversation: Conversation
    ) -> [String]? {
        guard conversation.lastDecision?.action != .clarify, reading.outOfScope < 0.5 else {
            return nil
        }
        let likely = reading.ranking.prefix(Self.clarifyChoices)
            .filter { intents[$0.intent].map { !$0.isSmallTalk } ?? false }
        let weight = likely.reduce(0) { $0 + Double($1.probability) }
        guard likely.count >= 2, weight >= Self.clarifyFloor else { return nil }
        return likely.map(\.intent)
    }

    private func handOff(_ rule: String, _ text: String, skill: String? = nil) -> Choice {
        .handOff(rule: rule, reason: Reason(rule, text), skill: skill)
    }
}
