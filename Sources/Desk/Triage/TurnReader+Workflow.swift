import JSONCoding
import Knowledge
import Model
import Triage
import Workflows

/// Workflows in a turn: when one begins, and what the customer's words mean to one that has asked.
extension TurnReader {
    /// What to do about a turn.
    enum Plan {
        case choice(Policy.Choice)
        /// The words go on in a workflow, or are not understood there.
        case move(Move, rule: String)
        /// "Never mind."
        case stopped(Progress)
        /// Answered beside the workflow, whose question is asked once more.
        case aside(Policy.Choice, Move)
        /// Something else begins, and the workflow is given up.
        case instead(Policy.Choice, of: Progress)
    }

    /// Hand-offs that say no more than that the words are not known: in a workflow they are taken for
    /// an answer that was not understood.
    private static let unknownRules = unsureRules.union(["repeated", "no_intents", "no_words"])

    func plan(_ text: String, _ reading: Reading, _ last: Message) -> Plan {
        guard let progress = conversation.progress, progress.wait == .answer else {
            return .choice(choose(text, reading, chosen: last.choice))
        }
        let replies = conversation.repliesToQuestion
        let words = replies.map(\.text).joined(separator: "\n")
        // These few words are nothing else, however cross they sound, and need no question.
        if last.choice == nil, YesNo.isDropped(text) { return .stopped(progress) }
        guard let workflow = current(of: progress) else {
            let reason = Reason("workflow", "“\(progress.title)” was changed meanwhile.")
            return .choice(.handOff(rule: "workflow_changed", reason: reason, skill: nil))
        }
        let interpreter = interpreter(workflow)
        // A wish for a person and distress go before every process.
        let isPlain =
            conversation.unanswered.count == 1
            && interpreter.isPlainAnswer(progress, words, choice: last.choice)
        if !isPlain {
            let person = policy.needOfPerson(
                reading,
                in: conversation,
                chosen: last.choice,
                isAsked: true
            )
            if let person { return .choice(person) }
        }
        if !replies.isEmpty {
            if let move = interpreter.answer(progress, words, choice: last.choice) {
                return .move(move, rule: "workflow_answer")
            }
        }
        let isIntent = last.choice.map { engine.workspace.intent($0) != nil } ?? false
        let choice = choose(text, reading, chosen: isIntent ? last.choice : nil)
        switch choice {
        case .answer(let intent, _):
            guard let other = engine.workspace.workflow(ofIntent: intent) else {
                return .aside(choice, interpreter.remind(progress))
            }
            if other.name != workflow.name { return .instead(choice, of: progress) }
        case .handOff(let rule, _, _) where !Self.unknownRules.contains(rule):
            return .choice(choice)
        case .answerAll(let intents):
            if intents.allSatisfy({ engine.workspace.workflow(ofIntent: $0) == nil }) {
                return .aside(choice, interpreter.remind(progress))
            }
        case .clarify, .handOff: break
        }
        // What was written before the question is no answer to it, good or bad.
        return replies.isEmpty
            ? .move(interpreter.remind(progress), rule: "workflow_asked")
            : .move(interpreter.misunderstood(progress), rule: "workflow_unclear")
    }

    func effect(
        of plan: Plan,
        _ text: String,
        _ decision: inout Decision,
        _ progress: inout [Progress]
    ) -> Command.Conclusion.Effect {
        switch plan {
        case .choice(let choice): return effect(of: choice, text, &decision, &progress)
        case .move(let made, let rule):
            let move = spoken(made)
            progress = [move.progress]
            decision.intent = engine.workspace.workflow(move.progress.workflow)?.intents.first
            decision.action = move.handOff == nil ? .step : .handOff
            decision.rule = rule
            return effect(of: move, after: nil, nil, phrases(decision.language))
        case .stopped(let progressNow):
            let stopped = progressNow.stopped(at: now)
            progress = [stopped]
            decision.action = .step
            decision.rule = "workflow_dropped"
            return .say(message(composed(Move(stopped), phrases(decision.language)), nil))
        case .aside(let choice, let move):
            let effect = effect(of: choice, text, &decision, &progress)
            guard case .say(let answer) = effect else { return effect }
            progress.append(move.progress)
            return .say(answer.adding(composed(move, phrases(decision.language))))
        case .instead(let choice, let other):
            progress = [other.stopped(at: now)]
            return effect(of: choice, text, &decision, &progress)
        }
    }

    /// Begins a workflow, or has a person do it where customers have to be known and this one is not.
    func begin(
        _ workflow: Workflow,
        _ text: String,
        after answer: ComposedAnswer?,
        _ decision: inout Decision,
        _ progress: inout [Progress]
    ) -> Command.Conclusion.Effect {
        let phrases = phrases(decision.language)
        guard !workflow.isForIdentified || contact?.isIdentified ?? false else {
            let reason = Reason(
                "not_identified",
                "“\(workflow.title)” is for signed-in customers, and this one is not."
            )
            return handOff(rule: "not_identified", reason, nil, &decision, phrases)
        }
        let id = WorkflowRunID.make(at: now).description
        let move = spoken(interpreter(workflow).begin(id: id, words: text))
        progress.append(move.progress)
        if move.handOff != nil { decision.action = .handOff }
        // Whether a question helped is no question.
        return effect(of: move, after: answer, answer.map { _ in decision.id }, phrases)
    }

    /// How a workflow goes on after an action.
    package func proceeding(
        _ progress: Progress,
        _ result: ActionResult
    ) -> Command.Proceeding {
        let phrases = phrases(conversation.lastDecision?.language)
        var next = progress
        let effect: Command.Conclusion.Effect
        if let workflow = current(of: progress) {
            let move = unopposed(spoken(interpreter(workflow).acted(progress, result)))
            next = move.progress
            effect = self.effect(of: move, after: nil, nil, phrases)
        } else {
            next.state = .handedOff
            next.wait = nil
            next.call = nil
            let reason = Reason("workflow", "“\(progress.title)” was changed meanwhile.")
            effect = .handOff(reason, skill: nil, notice: notice(phrases))
        }
        return Command.Proceeding(
            epoch: conversation.epoch,
            after: progress.key,
            progress: next,
            effect: effect
        )
    }

    // MARK: - What stops a move

    /// The move, or a hand-off where its question names what is not known: nobody can agree to that.
    private func spoken(_ move: Move) -> Move {
        guard move.progress.wait == .answer else { return move }
        let scope = scope(move.progress.slots)
        let missing = move.texts.flatMap { text in
            (try? TemplateCheck(text))?.missing(in: scope) ?? []
        }
        if let name = missing.first {
            return move.handedOff("“\(name)” is not known, which the next question names.")
        }
        return texts(move).isEmpty ? move.handedOff("The next question has no words.") : move
    }

    /// The move, or a hand-off where another action would follow although the customer has written
    /// meanwhile that they want no more of it, or a person.
    private func unopposed(_ move: Move) -> Move {
        guard move.progress.wait == .action else { return move }
        let turn = conversation.unanswered
        guard !turn.isEmpty else { return move }
        let words = turn.map(\.text).joined(separator: "\n")
        let reading = engine.core.read(words, context: [])
        let person = policy.needOfPerson(
            reading,
            in: conversation,
            chosen: turn.last?.choice,
            isAsked: true
        )
        guard person != nil || YesNo.isDropped(words) else { return move }
        return move.handedOff(
            "The customer wrote while an action was under way; the next was not begun."
        )
    }

    // MARK: - Parts

    /// The workflow of a run, as long as it is the one that the run was begun with.
    private func current(of progress: Progress) -> Workflow? {
        engine.workspace.workflow(progress.workflow).flatMap {
            $0.version == progress.version ? $0 : nil
        }
    }

    private func interpreter(_ workflow: Workflow) -> Interpreter {
        Interpreter(workflow, at: now) { name, slots in scope(slots)[name] }
    }

    /// What a workflow knows: what it has asked and done goes before what integrations say.
    private func scope(_ slots: JSON.Object) -> FactScope {
        var scope = facts
        scope.sources.insert(FactScope.Source(name: "workflow", facts: slots), at: 0)
        return scope
    }

    private func effect(
        of move: Move,
        after answer: ComposedAnswer?,
        _ decision: DecisionID?,
        _ phrases: Phrases
    ) -> Command.Conclusion.Effect {
        if let handOff = move.handOff {
            let reason = Reason("workflow", "“\(move.progress.title)”: \(handOff.reason)")
            var notice = notice(phrases)
            let said = (answer?.blocks ?? []) + texts(move)
            if !said.isEmpty { notice.text = said.plainText + "\n\n" + notice.text }
            return .handOff(reason, skill: handOff.skill, notice: notice)
        }
        let composed = composed(move, phrases)
        let whole = answer.map { ComposedAnswer(joining: [$0, composed]) } ?? composed
        // An action that comes first is not talked about: what comes of it is.
        return whole.blocks.isEmpty ? .silent : .say(message(whole, decision))
    }

    private func composed(_ move: Move, _ phrases: Phrases) -> ComposedAnswer {
        var blocks = move.isNotUnderstood ? [Block.paragraph([.text(phrases.notUnderstood)])] : []
        blocks += texts(move)
        if blocks.isEmpty, move.progress.state != .running {
            let isDone = move.progress.state == .done
            blocks = [.paragraph([.text(isDone ? phrases.finished : phrases.stopped)])]
        }
        var composed = ComposedAnswer(
            blocks: blocks,
            sources: [],
            choices: move.choices,
            missing: []
        )
        if move.asksYesNo {
            composed.choices = [
                Choice(id: move.progress.choice("yes"), title: phrases.yes),
                Choice(id: move.progress.choice("no"), title: phrases.no),
            ]
        }
        return composed
    }

    private func texts(_ move: Move) -> [Block] {
        let scope = scope(move.progress.slots)
        return move.texts.flatMap { engine.workspace.blocks($0, scope) ?? [] }
    }
}

extension Message {
    /// The message with more below it.
    fileprivate func adding(_ more: ComposedAnswer) -> Message {
        var message = self
        message.blocks += more.blocks
        message.text = message.blocks.plainText
        message.choices = more.choices.isEmpty ? message.choices : more.choices
        return message
    }
}
