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
    /// The mood of three turns, and of the last, at which somebody should look: plainly annoyed.
    package static let lowMood = -1.2
    /// The likeliest intents together must hold this much probability for a question to be worth it.
    package static let clarifyFloor = 0.5
    package static let clarifyChoices = 3

    /// How sure an answer must be.
    package var demands: Demands
    package var intents: [String: IntentDefinition]
    /// What outcomes have shown of intents, where it changes what may be done.
    package var standings: [String: Standing]
    /// The intents that a workflow is the answer to.
    package var workflows: Set<String>
    /// Whether a person could step in.
    package var isAnybodyOnline = true

    package init(
        demands: Demands,
        intents: [String: IntentDefinition],
        standings: [String: Standing] = [:],
        workflows: Set<String> = []
    ) {
        self.demands = demands
        self.intents = intents
        self.standings = standings
        self.workflows = workflows
    }

    /// What is asked of an answer for an intent.
    package func demand(for intent: String?, in conversation: Conversation) -> Demand {
        demands.demand(
            for: intent.flatMap { intents[$0] },
            in: conversation,
            isAnybodyOnline: isAnybodyOnline
        )
    }

    /// What may be done about an intent: what is written of it, and what outcomes have shown.
    package func mode(of intent: IntentDefinition) -> IntentDefinition.Mode {
        standings[intent.name]?.mode(of: intent) ?? intent.mode
    }

    /// `chosen`: the intent of a quick reply that the customer picked.
    package func choose(
        _ reading: Reading,
        in conversation: Conversation,
        chosen: String?
    ) -> Choice {
        if let person = needOfPerson(reading, in: conversation, chosen: chosen) { return person }
        if intents.isEmpty {
            return handOff("no_intents", "The assistant has not been taught any intents.")
        }
        if let chosen, let intent = intents[chosen] {
            return act(on: intent, rule: "customer_chose", in: conversation)
        }
        guard let top = reading.ranking.first, let intent = intents[top.intent] else {
            return handOff("not_understood", "The assistant does not know what this is about.")
        }
        let demand = demand(for: top.intent, in: conversation)
        if Double(reading.confidence) >= demand.threshold {
            return act(on: intent, rule: "confident", in: conversation)
        }
        if let choices = clarification(reading, in: conversation) {
            return .clarify(intents: choices)
        }
        let sure = Int((reading.confidence * 100).rounded())
        let needed = Int((demand.threshold * 100).rounded())
        return handOff(
            "not_sure",
            needed > 100
                ? "The assistant does not know enough yet to answer by itself."
                : "Not sure enough: \(sure) of the \(needed) needed.",
            skill: reading.outOfScope < 0.5 ? intent.handOffSkill : nil
        )
    }

    /// What goes to a person whatever it is about; nil when nothing speaks for it.
    ///
    /// - Parameters:
    ///   - reading: Of the turn.
    ///   - conversation: As it stands.
    ///   - chosen: The intent of a quick reply that the customer picked.
    ///   - isAsked: The assistant has asked for these words: how often it spoke is no loop then.
    /// - Returns: The hand-off.
    package func needOfPerson(
        _ reading: Reading,
        in conversation: Conversation,
        chosen: String?,
        isAsked: Bool = false
    ) -> Choice? {
        if chosen == IntentDefinition.human || reading.wantsPerson {
            return handOff("asked_for_person", "The customer asked for a person.")
        }
        if let distress = reading.distress {
            return handOff("distress", distress.kind.sentence)
        }
        if isLosing(reading, in: conversation) {
            return handOff("mood_falls", "The customer has become more and more unhappy.")
        }
        if !isAsked, conversation.automatedReplies >= Self.replyBudget {
            return handOff(
                "reply_budget",
                "The assistant has answered \(Self.replyBudget) times in a row."
            )
        }
        return nil
    }

    /// What to do about files that come without a word: only a person can look at them.
    package func chooseWithoutWords() -> Choice {
        handOff("no_words", "The customer sent a file without a word about it.")
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
        // Of two processes one would have to wait until the other is through.
        let processes = intents.count { workflows.contains($0) }
        if intents.count == readings.count, processes < 2 { return .answerAll(intents: intents) }
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

    /// Whether the customer's mood has fallen over the last turns to where a machine makes it worse.
    private func isLosing(_ reading: Reading, in conversation: Conversation) -> Bool {
        let before = conversation.decisions.suffix(2).map(\.mood)
        let now = Double(reading.mood.score)
        guard before.count == 2, now <= Self.lowMood, now < before[0] else { return false }
        return (before[0] + before[1] + now) / 3 <= Self.lowMood
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
        guard mode(of: intent) == .act else {
            let isHeld = intent.mode == .act
            return handOff(
                isHeld ? "held_back" : "not_allowed",
                isHeld
                    ? "Answers for “\(intent.title)” have been wrong too often lately."
                    : "“\(intent.title)” is not answered automatically.",
                skill: intent.handOffSkill
            )
        }
        if case .handOff = intent.answer, !workflows.contains(intent.name) {
            return handOff(
                "by_definition",
                "“\(intent.title)” goes to a person.",
                skill: intent.handOffSkill
            )
        }
        // The same answer twice did not help the first time.
        if let last = conversation.lastDecision, last.action == .answer,
            last.intent == intent.name, !intent.isSmallTalk, !workflows.contains(intent.name)
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

extension Distress.Kind {
    /// Why a person is needed, in a sentence for them.
    fileprivate var sentence: String {
        switch self {
        case .crisis: "Somebody's life may be in danger."
        case .safety: "Somebody's safety, health or account may be in danger."
        case .legal: "The customer speaks of lawyers, courts or authorities."
        case .anger: "The customer is angry."
        case .despair: "The customer is afraid or desperate."
        case .failure: "The customer has not been helped again and again."
        }
    }
}
