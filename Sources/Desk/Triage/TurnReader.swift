import JSONCoding
import Knowledge
import Model
import Triage
import Workflows

/// Reads one turn of a customer and concludes what to do: evidence, decision and reply together.
package struct TurnReader: Sendable {
    package var engine: TriageDesk.Engine
    package var conversation: Conversation
    package var contact: Contact?
    package var botName: String
    package var isAnybodyOnline: Bool
    package var now: Timestamp

    package init(
        engine: TriageDesk.Engine,
        conversation: Conversation,
        contact: Contact? = nil,
        botName: String,
        isAnybodyOnline: Bool,
        now: Timestamp
    ) {
        self.engine = engine
        self.conversation = conversation
        self.contact = contact
        self.botName = botName
        self.isAnybodyOnline = isAnybodyOnline
        self.now = now
    }

    /// The conclusion; nil when no message of the customer waits for an answer.
    package func conclude() -> Command.Conclusion? {
        let turn = conversation.unanswered
        guard let last = turn.last else { return nil }
        let text = turn.map(\.text).joined(separator: "\n")
        var clock = StageClock()
        let prepared = engine.core.prepare(text, context: contextFeatures)
        let reading = engine.core.read(prepared)
        clock.lap("read")
        let plan = plan(text, reading, last)
        clock.lap("policy")
        var decision = decision(reading, prepared)
        // What they picked is what it is about, whoever answers.
        if let chosen = last.choice, engine.workspace.intent(chosen) != nil {
            decision.intent = chosen
        }
        clock.lap("explain")
        decision.microseconds = clock.total
        decision.stages = clock.stages
        var progress: [Progress] = []
        let effect = effect(of: plan, text, &decision, &progress)
        return Command.Conclusion(
            epoch: conversation.epoch,
            decision: decision,
            progress: progress,
            effect: effect
        )
    }

    /// What it reads with, to be held against what there is later.
    var circumstances: Desk.Circumstances {
        Desk.Circumstances(engine: engine.generation, isAnybodyOnline: isAnybodyOnline)
    }

    var policy: Policy {
        var policy = engine.policy
        policy.isAnybodyOnline = isAnybodyOnline
        return policy
    }

    func choose(_ text: String, _ reading: Reading, chosen: String?) -> Policy.Choice {
        let policy = policy
        if text.allSatisfy(\.isWhitespace) { return policy.chooseWithoutWords() }
        if chosen == nil, policy.mayDivide(reading, in: conversation) {
            let requests = engine.core.requests(
                in: text,
                context: contextFeatures,
                whole: reading
            )
            if requests.count > 1 {
                return policy.choose(among: requests.map(\.reading), in: conversation)
            }
        }
        return policy.choose(reading, in: conversation, chosen: chosen)
    }

    // MARK: - Second opinion

    /// Rules by which a turn goes to a person only because the assistant does not know.
    static let unsureRules: Set<String> = ["not_sure", "not_understood"]
    /// So many are asked about at most.
    private static let candidateLimit = 3

    /// A question about some intents in place of a hand-off; the conclusion itself when none of them may
    /// be answered here, or the customer was asked just before.
    func asking(
        about names: [String],
        instead conclusion: Command.Conclusion
    ) -> Command.Conclusion {
        let known = names.filter { name in
            engine.workspace.intent(name)?.mode == .act
        }.prefix(Self.candidateLimit)
        guard !known.isEmpty, conversation.lastDecision?.action != .clarify else {
            return conclusion
        }
        var conclusion = conclusion
        let language = conclusion.decision.language
        let phrases = phrases(language)
        conclusion.decision.action = .clarify
        conclusion.decision.rule = "second_opinion"
        conclusion.effect = .say(
            question(Array(known), conclusion.decision, phrases, language)
        )
        return conclusion
    }

    // MARK: - Evidence

    /// Page, facts and what was talked of before as features, each a word of its own.
    private var contextFeatures: [String] {
        var features: [String] = []
        if let page = conversation.context?.page { features.append("page=\(page)") }
        for sheet in conversation.facts.values.sorted(by: { $0.source < $1.source }) {
            for member in sheet.facts.members {
                guard case .string(let value) = member.value, value.utf8.count <= 40 else {
                    continue
                }
                features.append("\(member.key)=\(value)")
            }
        }
        // What was talked of before: "and how much is it" means what that was about.
        if let before = conversation.lastDecision?.intent { features.append("before=\(before)") }
        return Array(features.suffix(24))
    }

    private func decision(_ reading: Reading, _ prepared: Core.Prepared) -> Decision {
        var decision = Decision(
            id: .make(at: now),
            action: .silent,
            rule: "",
            seen: conversation.lastCustomerMessage,
            at: now
        )
        decision.intent = reading.ranking.first?.intent
        decision.confidence = Double(reading.confidence)
        let demand = policy.demand(for: decision.intent, in: conversation)
        decision.threshold = demand.threshold
        decision.target = demand.precision
        decision.caution = demand.caution
        decision.context = contextFeatures
        if let evidence = reading.evidence {
            decision.score = Double(evidence.score)
            decision.lead = Double(evidence.lead)
        }
        decision.outOfScope = Double(reading.outOfScope)
        decision.mood = Double(reading.mood.score)
        decision.urgency = Double(reading.urgency.score)
        decision.urgencyReasons = reading.urgency.reasons.map(\.rawValue)
        decision.language = language(of: reading)
        decision.ranking = reading.ranking.map {
            Decision.Ranked(
                intent: $0.intent,
                title: title($0.intent),
                probability: Double($0.probability)
            )
        }
        if let nearest = reading.nearest {
            decision.nearestExample = nearest.text
            decision.nearestIntent = nearest.intent
            decision.nearestSimilarity = Double(nearest.similarity)
        }
        if let explanation = engine.core.explain(prepared) { explain(explanation, &decision) }
        decision.versions = engine.versions
        return decision
    }

    /// The turn's language; a number or a name tells none: then the one of the turns before, else the
    /// browser's.
    private func language(of reading: Reading) -> String {
        let undetermined = Language.undetermined.code
        let before = conversation.lastDecision?.language
        let browser = conversation.context?.locale?.lowercased().prefix { $0 != "-" && $0 != "_" }
        return [reading.language.code, before, browser.map(String.init)].compactMap(\.self)
            .first { $0 != undetermined && !$0.isEmpty } ?? undetermined
    }

    /// The words and facts that speak most for or against the likeliest intent, strongest first; with
    /// the rest they add up to the margin.
    private func explain(_ explanation: Explanation, _ decision: inout Decision) {
        decision.against = explanation.against
        decision.margin = Double(explanation.margin)
        decision.evidence = explanation.contributions.filter { !$0.text.isEmpty }
            .sorted { abs($0.weight) > abs($1.weight) }.prefix(8)
            .map { Decision.Evidence(text: $0.text, weight: Double($0.weight)) }
        decision.rest = decision.margin - decision.evidence.reduce(0) { $0 + $1.weight }
    }

    private func title(_ intent: String) -> String {
        engine.workspace.intent(intent)?.title ?? intent
    }

    // MARK: - Effect

    /// What is done about a choice of the policy.
    ///
    /// - Parameters:
    ///   - choice: What the policy chose.
    ///   - text: The customer's words, which may hold what a workflow asks for.
    ///   - decision: Is told the rule and the action.
    ///   - progress: Is given the workflow that begins, if one does.
    /// - Returns: What happens to the conversation.
    func effect(
        of choice: Policy.Choice,
        _ text: String,
        _ decision: inout Decision,
        _ progress: inout [Progress]
    ) -> Command.Conclusion.Effect {
        let language = decision.language
        let phrases = phrases(language)
        switch choice {
        case .answer(let name, let rule):
            decision.intent = name
            if let workflow = engine.workspace.workflow(ofIntent: name) {
                decision.action = .answer
                decision.rule = rule
                return begin(workflow, text, after: nil, &decision, &progress)
            }
            guard let intent = engine.workspace.intent(name),
                let answer = engine.workspace.answer(to: intent, facts: facts, language: language)
            else {
                let reason = Reason("no_answer", "Nobody has written an answer for “\(name)” yet.")
                return handOff(rule: "no_answer", reason, nil, &decision, phrases)
            }
            decision.action = .answer
            decision.rule = rule
            return .say(message(answer, decision.id))
        case .answerAll(let names):
            let process = names.lazy.compactMap { engine.workspace.workflow(ofIntent: $0) }.first
            let plain = names.filter { engine.workspace.workflow(ofIntent: $0) == nil }
            let answers = plain.compactMap { name in
                engine.workspace.intent(name).flatMap {
                    engine.workspace.answer(to: $0, facts: facts, language: language)
                }
            }
            guard answers.count == plain.count else {
                let reason = Reason("no_answer", "Nobody has written answers for all of it yet.")
                return handOff(rule: "no_answer", reason, nil, &decision, phrases)
            }
            decision.action = .answer
            decision.intent = names.first
            decision.rule = "several"
            let answer = ComposedAnswer(joining: answers)
            if let process { return begin(process, text, after: answer, &decision, &progress) }
            return .say(message(answer, decision.id))
        case .clarify(let intents):
            decision.action = .clarify
            decision.rule = "ambiguous"
            return .say(question(intents, decision, phrases, language))
        case .handOff(let rule, let reason, let skill):
            return handOff(rule: rule, reason, skill, &decision, phrases)
        }
    }

    var facts: FactScope {
        FactScope(
            sources: conversation.facts.values.sorted { $0.source < $1.source }.map {
                FactScope.Source(name: $0.source, facts: $0.facts)
            },
            name: contact?.name,
            email: contact?.email,
            page: conversation.context
        )
    }

    func message(_ answer: ComposedAnswer, _ decision: DecisionID?) -> Message {
        var message = Message(
            id: .make(at: now),
            author: .bot(name: botName),
            text: answer.text,
            at: now
        )
        message.blocks = answer.blocks
        message.sources = answer.sources
        message.choices = answer.choices
        message.decision = decision
        return message
    }

    private func question(
        _ intents: [String],
        _ decision: Decision,
        _ phrases: Phrases,
        _ language: String?
    ) -> Message {
        var message = Message(
            id: .make(at: now),
            author: .bot(name: botName),
            text: phrases.clarify,
            at: now
        )
        message.choices =
            intents.map { name in
                let intent = engine.workspace.intent(name)
                return Choice(id: name, title: intent?.title(in: language) ?? name)
            }
            + [Choice(id: IntentDefinition.human, title: phrases.somethingElse)]
        message.decision = decision.id
        return message
    }

    func handOff(
        rule: String,
        _ reason: Reason,
        _ skill: String?,
        _ decision: inout Decision,
        _ phrases: Phrases
    ) -> Command.Conclusion.Effect {
        decision.action = .handOff
        decision.rule = rule
        return .handOff(reason, skill: skill, notice: notice(phrases))
    }

    func notice(_ phrases: Phrases) -> Command.Notice {
        let text = isAnybodyOnline ? phrases.handOff : phrases.nobodyThere
        return Command.Notice(id: .make(at: now), text: text)
    }

    /// In the customer's language: as they write, else as their browser says.
    func phrases(_ language: String?) -> Phrases {
        Phrases.in(language ?? conversation.context?.locale)
    }
}

/// Takes the time of each stage of a turn, in microseconds.
private struct StageClock {
    private(set) var stages: JSON.Object = [:]
    private(set) var total = 0
    private var last = ContinuousClock.now

    mutating func lap(_ name: String) {
        let now = ContinuousClock.now
        let spent = Int((now - last) / .microseconds(1))
        stages[name] = .int(Int64(spent))
        total += spent
        last = now
    }
}
