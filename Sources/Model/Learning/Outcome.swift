/// What came of a decision of the assistant, as the log shows it.
package struct Outcome: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// The answer was what was wanted.
        case accepted
        /// The answer was not what was wanted.
        case refused
        /// Somebody says which intent it was.
        case meant(String)
        /// Somebody says that it was none of the intents.
        case noneOfThem
        /// The conversation ended without a word about it.
        case silent
        /// The assistant did not know what to say: a person was asked.
        case unanswered
    }

    /// Who shows it.
    package enum Witness: String, Sendable { case customer, agent, program }

    package var verdict: Verdict
    package var witness: Witness
    /// The rule by which it was found, such as `reopened`.
    package var rule: String
    package var decision: Decision
    /// What the customer had written since they were last answered.
    package var text: String
    /// The number of the event that shows it.
    package var sequence: Int

    package init(
        verdict: Verdict,
        witness: Witness,
        rule: String,
        decision: Decision,
        text: String,
        sequence: Int
    ) {
        self.verdict = verdict
        self.witness = witness
        self.rule = rule
        self.decision = decision
        self.text = text
        self.sequence = sequence
    }

    /// Kinds of events that may show an outcome; see ``Event/kind``.
    package static let kinds: Set<String> = [
        "decided", "changed", "rated", "judged", "tagged",
    ]

    /// The tag by which an agent says what a conversation is about: `intent:` and a name, or `none`.
    package static let labelPrefix = "intent:"
    package static let noneLabel = "none"
}

extension Outcome {
    /// Everything that a conversation's history shows, in order.
    ///
    /// An outcome follows from the events up to its own: a longer history adds outcomes and changes
    /// none. The rules, for each of the customer's turns that the assistant has decided on:
    ///
    /// - `rated`: four or five stars for a conversation without a person accept what was answered;
    ///   one or two refuse the last answer.
    /// - `thumbs`: the customer says of an answer whether it helped: accepted or refused; one second
    ///   thought counts.
    /// - `ended`: the customer ends the conversation right after an answer: accepted.
    /// - `asked_for_person`: they ask for a person right after an answer: refused.
    /// - `repeated`: they ask the same thing again right after its answer: refused.
    /// - `reopened`: they come back after the end, and it is the same matter or one for a person: what
    ///   was answered last is refused.
    /// - `chosen`: asked which of several things they mean, they pick one: that is what it was.
    /// - `labelled`: an agent says what it is about: that is what it was. Told when the conversation next
    ///   changes hands or ends, so that it can be taken back; after the end at once.
    /// - `suggestion_used`, `suggestion_edited`: the person who took over sent the text suggested for an
    ///   intent: that is what it was.
    /// - `not_understood`, `not_sure`: the assistant handed over because it did not know: unanswered,
    ///   and looked at for what customers want that nobody has taught it.
    /// - `idle`: nobody says anything more: silent, from which nothing is learned.
    package static func outcomes(in history: [NumberedEvent]) -> [Outcome] {
        var rules = OutcomeRules()
        for event in history { rules.read(event) }
        return rules.found
    }
}

/// The state of reading one history.
private struct OutcomeRules {
    private struct Turn {
        var decision: Decision
        var text: String
        var verdict: Outcome.Verdict?
        /// Its words are a quick reply's title: nothing to learn words from.
        var isChoice: Bool
        /// A workflow that began with it has gone on: what happens later is not about the beginning.
        var hasGoneOn = false
        var isAnswered: Bool { decision.action == .answer }
    }

    private(set) var found: [Outcome] = []
    /// The customer's messages that nobody has answered yet.
    private var open: [(sequence: Int, message: Message)] = []
    /// Of the episode: since the start, or since it was reopened.
    private var turns: [Turn] = []
    /// A person has spoken in this episode.
    private var hasPerson = false
    /// What was answered last before the end, while it is not known why the customer came back.
    private var reopened: Turn?
    private var sequence = 0

    mutating func read(_ event: NumberedEvent) {
        sequence = event.sequence
        switch event.event {
        case .message(let message): read(message)
        case .decided(let decision): read(decision)
        case .changed(let change): read(change)
        case .rated(let rating): read(rating)
        case .judged(let judgement): read(judgement)
        case .tagged(let tagging): read(tagging)
        default: break
        }
    }

    private mutating func read(_ message: Message) {
        switch message.author {
        case .customer: open.append((sequence, message))
        case .agent:
            open = []
            hasPerson = true
            guard let suggestion = message.suggestion, let last = matter,
                turns[last].verdict == nil
            else { return }
            let rule = suggestion.isEdited ? "suggestion_edited" : "suggestion_used"
            said = said ?? Label(turn: last, verdict: .meant(suggestion.intent), rule: rule)
        case .bot, .system: break
        }
    }

    /// What a person has said of a turn and may still take back: told when the conversation next
    /// changes.
    private struct Label {
        var turn: Int
        var verdict: Outcome.Verdict
        var rule: String
    }

    private var said: Label?
    private var isResolved = false

    /// The turn that says what it is about: a wish for a person says nothing of the matter.
    private var matter: Int? {
        turns.lastIndex { !$0.isChoice && $0.decision.rule != "asked_for_person" }
    }

    private mutating func read(_ decision: Decision) {
        let read = open.filter { $0.sequence <= decision.seen }
        open.removeAll { $0.sequence <= decision.seen }
        // An answer to a workflow's question says what was asked for, not what somebody wants.
        if decision.action == .step {
            if let last = turns.indices.last { turns[last].hasGoneOn = true }
            return
        }
        if let last = turns.indices.last, turns[last].verdict == nil {
            judge(last, by: decision, choice: read.last?.message.choice)
        }
        if let before = reopened {
            reopened = nil
            if decision.action == .handOff || decision.intent == before.decision.intent {
                report(before, .refused, .customer, "reopened")
            }
        }
        turns.append(
            Turn(
                decision: decision,
                text: read.map(\.message.text).joined(separator: "\n"),
                isChoice: read.last?.message.choice != nil
            )
        )
        if decision.action == .handOff, ["not_understood", "not_sure"].contains(decision.rule) {
            report(turns[turns.count - 1], .unanswered, .customer, decision.rule)
        }
    }

    /// What the next decision says of the one before it.
    private mutating func judge(_ turn: Int, by decision: Decision, choice: String?) {
        if turns[turn].decision.action == .clarify, let choice, decision.rule != "asked_for_person"
        {
            settle(turn, .meant(choice), .customer, "chosen")
        } else if turns[turn].isAnswered, !turns[turn].hasGoneOn,
            ["repeated", "asked_for_person"].contains(decision.rule)
        {
            settle(turn, .refused, .customer, decision.rule)
        }
    }

    private mutating func read(_ change: Event.Change) {
        isResolved = change.status == .resolved
        tell()
        switch (change.status, change.reason?.code) {
        case (.queued, "asked_for_person"?):
            if case .customer = change.by { settleLastAnswer(.refused, "asked_for_person") }
        case (.resolved, let code):
            guard !hasPerson else { return }
            if code == "customer_ended" { settleLastAnswer(.accepted, "ended") }
            for turn in turns.indices where turns[turn].verdict == nil && turns[turn].isAnswered {
                settle(turn, .silent, .customer, code == "idle" ? "idle" : "overtaken")
            }
        case (.bot, "reopened"?):
            if !hasPerson, let last = turns.last(where: \.isAnswered), last.verdict != .refused {
                reopened = last
            }
            turns = []
            open = []
            hasPerson = false
            said = nil
        default: break
        }
    }

    private mutating func read(_ rating: Event.Rating) {
        guard !hasPerson else { return }
        if rating.score <= 2 {
            guard let last = turns.lastIndex(where: \.isAnswered), turns[last].verdict != .refused
            else { return }
            settle(last, .refused, .customer, "rated")
        } else if rating.score >= 4 {
            for turn in turns.indices where turns[turn].isAnswered {
                guard turns[turn].verdict == nil || turns[turn].verdict == .silent else { continue }
                settle(turn, .accepted, .customer, "rated")
            }
        }
    }

    private mutating func read(_ judgement: Event.Judgement) {
        guard let turn = turns.lastIndex(where: { $0.decision.id == judgement.decision }),
            turns[turn].isAnswered
        else { return }
        // A second thought counts; turning it over and over does not.
        let earlier = found.count { $0.rule == "thumbs" && $0.decision.id == judgement.decision }
        guard earlier < 2 else { return }
        settle(turn, judgement.isHelpful ? .accepted : .refused, .customer, "thumbs")
    }

    private mutating func read(_ tagging: Event.Tagging) {
        guard case .agent = tagging.by, let last = matter else { return }
        if tagging.remove.contains(where: { $0.hasPrefix(Outcome.labelPrefix) }) { said = nil }
        if let label = tagging.add.last(where: { $0.hasPrefix(Outcome.labelPrefix) }) {
            let name = String(label.dropFirst(Outcome.labelPrefix.count))
            let verdict: Outcome.Verdict = name == Outcome.noneLabel ? .noneOfThem : .meant(name)
            said = Label(turn: last, verdict: verdict, rule: "labelled")
        }
        if isResolved { tell() }
    }

    private mutating func tell() {
        guard let label = said else { return }
        said = nil
        settle(label.turn, label.verdict, .agent, label.rule)
    }

    /// The last turn, if it was answered and nothing is known of it.
    private mutating func settleLastAnswer(_ verdict: Outcome.Verdict, _ rule: String) {
        guard let last = turns.indices.last, turns[last].isAnswered, turns[last].verdict == nil,
            verdict != .refused || !turns[last].hasGoneOn
        else { return }
        settle(last, verdict, .customer, rule)
    }

    private mutating func settle(
        _ turn: Int,
        _ verdict: Outcome.Verdict,
        _ witness: Outcome.Witness,
        _ rule: String
    ) {
        guard turns[turn].verdict != verdict else { return }
        turns[turn].verdict = verdict
        report(turns[turn], verdict, witness, rule)
    }

    private mutating func report(
        _ turn: Turn,
        _ verdict: Outcome.Verdict,
        _ witness: Outcome.Witness,
        _ rule: String
    ) {
        // Of a quick reply nothing can be learned about words.
        guard !turn.isChoice else { return }
        found.append(
            Outcome(
                verdict: verdict,
                witness: witness,
                rule: rule,
                decision: turn.decision,
                text: turn.text,
                sequence: sequence
            )
        )
    }
}
