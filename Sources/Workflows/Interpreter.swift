import JSONCoding
import Model

/// Runs a workflow: says what follows from an answer or a result, and does nothing itself.
///
/// Pure: equal inputs lead to equal moves. What is known under a name is asked of `lookup`, which
/// gets the slots of the run; texts are templates that its user fills in.
package struct Interpreter {
    /// Steps in a row that need neither customer nor plugin, and steps of a run at most: beyond, it
    /// goes in circles.
    private static let stepLimit = 40
    private static let runLimit = 200
    /// Bytes of what an action brought, as they are kept.
    private static let resultLimit = 4096

    package let workflow: Workflow
    private let lookup: (_ name: String, _ slots: JSON.Object) -> JSON?
    private let time: Timestamp

    package init(
        _ workflow: Workflow,
        at time: Timestamp,
        lookup: @escaping (_ name: String, _ slots: JSON.Object) -> JSON?
    ) {
        self.workflow = workflow
        self.time = time
        self.lookup = lookup
    }

    /// Begins a run.
    ///
    /// - Parameters:
    ///   - id: Of the run.
    ///   - words: What the customer said that led here: it may hold answers already.
    /// - Returns: The first move.
    package func begin(id: String, words: String) -> Move {
        let progress = Progress(
            id: id,
            workflow: workflow.name,
            title: workflow.title,
            version: workflow.version,
            step: workflow.steps.first?.name ?? "",
            at: time
        )
        guard let first = workflow.steps.first else { return Move(ending: progress, .done) }
        return run(Move(progress), from: first, words: words)
    }

    /// Goes on with what the customer says to the question it stands at.
    ///
    /// - Parameters:
    ///   - progress: Where it stands.
    ///   - words: What they wrote.
    ///   - choice: The id of the choice they picked.
    /// - Returns: The move; nil when that is no answer.
    package func answer(_ progress: Progress, _ words: String, choice: String?) -> Move? {
        guard let step = workflow.step(progress.step) else { return nil }
        let picked = choice.flatMap(progress.value)
        // A button of an earlier question, or of somebody else, says nothing to this one.
        if choice != nil, picked == nil { return nil }
        var move = Move(progress)
        switch step.act {
        case .ask(let question):
            guard let value = question.form.value(in: picked ?? words) else { return nil }
            return fill(&move, step, value)
        case .confirm(_, let no):
            guard let isYes = picked.map({ $0 == "yes" }) ?? YesNo.read(words) else { return nil }
            move.progress.slots[step.name] = .bool(isYes)
            if isYes { return follow(move, step) }
            guard let no else { return Move(ending: move.progress, .stopped) }
            return goTo(no, move)
        case .perform, .decide, .say, .handOff, .end: return nil
        }
    }

    /// Whether the words say nothing but what was asked for: a number, an address, a yes.
    ///
    /// A mood read in such words is none.
    package func isPlainAnswer(_ progress: Progress, _ words: String, choice: String?) -> Bool {
        if let choice { return progress.value(ofChoice: choice) != nil }
        guard let step = workflow.step(progress.step) else { return false }
        // Signs such as € add nothing; any other word might.
        let isOneWord =
            words.split(whereSeparator: \.isWhitespace).count { word in
                word.contains { $0.isLetter || $0.isNumber }
            } == 1
        switch step.act {
        case .ask(let question):
            return question.form.isStrict && (isOneWord || question.form.isWhole)
                && question.form.value(in: words) != nil
        case .confirm: return YesNo.read(words) != nil
        case .perform, .decide, .say, .handOff, .end: return false
        }
    }

    /// Asks again, or has a person go on when that was often enough.
    package func misunderstood(_ progress: Progress) -> Move {
        var move = Move(progress)
        move.progress.attempts += 1
        guard let step = workflow.step(progress.step) else {
            return handOff(move, "The step “\(progress.step)” is not there any more.")
        }
        var (limit, again): (Int, String?) = (2, nil)
        if case .ask(let question) = step.act {
            (limit, again) = (question.attempts, question.again)
        }
        guard move.progress.attempts < limit else {
            return handOff(move, "The answer to “\(step.name)” was not understood.")
        }
        move.isNotUnderstood = again == nil
        return ask(move, step, saying: again)
    }

    /// The question it stands at once more, as if nobody had answered.
    package func remind(_ progress: Progress) -> Move {
        guard let step = workflow.step(progress.step) else {
            return handOff(Move(progress), "The step “\(progress.step)” is not there any more.")
        }
        return ask(Move(progress), step, saying: nil)
    }

    /// Goes on with what came of the action it waits for.
    package func acted(_ progress: Progress, _ result: ActionResult) -> Move {
        var move = Move(progress)
        guard let step = workflow.step(progress.step), case .perform(_, _, let failed) = step.act
        else { return handOff(move, "The step “\(progress.step)” is not there any more.") }
        switch result {
        case .done(let value):
            move.progress.call = nil
            return fill(&move, step, kept(value))
        case .refused(let code, let said):
            let message = String(said.prefix(500))
            guard let failed else { return handOff(move, "“\(step.name)” failed: \(message)") }
            move.progress.call = nil
            move.progress.slots[step.name] = [
                "error": ["code": .string(code), "message": .string(message)]
            ]
            return goTo(failed, move)
        case .forPerson(let why): return handOff(move, why)
        case .open:
            move.progress.call = nil
            return handOff(move, "Whether “\(step.name)” was done is not known yet.")
        }
    }

    // MARK: - Steps

    private func fill(_ move: inout Move, _ step: Workflow.Step, _ value: JSON) -> Move {
        move.progress.slots[step.name] = value
        return follow(move, step)
    }

    private func follow(_ move: Move, _ step: Workflow.Step) -> Move {
        guard let next = workflow.step(after: step) else {
            return Move(ending: move.progress, .done, texts: move.texts)
        }
        return run(move, from: next, words: nil)
    }

    private func goTo(_ name: String, _ move: Move) -> Move {
        guard let step = workflow.step(name) else {
            return handOff(move, "The step “\(name)” is not there.")
        }
        return run(move, from: step, words: nil)
    }

    /// Takes steps until one needs the customer, a plugin or a person, or the end is reached.
    private func run(_ start: Move, from first: Workflow.Step, words: String?) -> Move {
        var move = start
        var step: Workflow.Step? = first
        move.progress.attempts = 0
        move.progress.wait = nil
        for _ in 0..<Self.stepLimit {
            guard let here = step else {
                return Move(ending: move.progress, .done, texts: move.texts)
            }
            move.progress.step = here.name
            move.progress.count += 1
            move.progress.at = time
            if move.progress.count > Self.runLimit { break }
            switch here.act {
            case .say(let text):
                move.texts.append(text)
                step = workflow.step(after: here)
            case .decide(let branches, let otherwise):
                let slots = move.progress.slots
                let branch = branches.first { branch in
                    branch.when.allSatisfy { $0.holds { lookup($0, slots) } }
                }
                let target = branch?.then ?? otherwise
                step = target.map(workflow.step) ?? workflow.step(after: here)
            case .ask(let question):
                guard let value = known(question, move.progress.slots, words) else {
                    return ask(move, here, saying: nil)
                }
                move.progress.slots[here.name] = value
                step = workflow.step(after: here)
            case .confirm: return ask(move, here, saying: nil)
            case .perform(let action, let arguments, _):
                let input = input(arguments, move.progress.slots)
                if input.isTooLarge || move.progress.slots.isTooLarge {
                    return handOff(move, "“\(here.name)” would be given more than it can hold.")
                }
                move.progress.call = Progress.Call(action: action, input: input)
                move.progress.wait = .action
                return move
            case .handOff(let reason, let skill): return handOff(move, reason, skill: skill)
            case .end(let text):
                return Move(
                    ending: move.progress,
                    .done,
                    texts: move.texts + [text].compactMap { $0 }
                )
            }
        }
        return handOff(move, "The workflow goes in circles.")
    }

    /// What answers a question without asking it.
    private func known(
        _ question: Workflow.Question,
        _ slots: JSON.Object,
        _ words: String?
    ) -> JSON? {
        if let name = question.from, let fact = lookup(name, slots) {
            let text = fact.stringValue ?? fact.text
            if let value = question.form.value(in: text) { return value }
        }
        // One mention answers one question.
        return words.flatMap(question.form.mention).flatMap { value in
            slots.members.contains { $0.value == value } ? nil : value
        }
    }

    private func ask(_ start: Move, _ step: Workflow.Step, saying text: String?) -> Move {
        var move = start
        move.progress.wait = .answer
        // Another question each time: a button of the one before does not answer it.
        move.progress.count += 1
        move.progress.at = time
        switch step.act {
        case .ask(let question):
            move.texts.append(text ?? question.text)
            switch question.form {
            case .choice(let options):
                move.choices = options.map {
                    Choice(id: move.progress.choice($0.value), title: $0.title)
                }
            case .yesNo: move.asksYesNo = true
            case .text, .number, .amount, .email, .code: break
            }
        case .confirm(let text, _):
            move.texts.append(text)
            move.asksYesNo = true
        case .perform, .decide, .say, .handOff, .end: break
        }
        return move
    }

    private func handOff(_ start: Move, _ reason: String, skill: String? = nil) -> Move {
        var move = start
        move.progress.state = .handedOff
        move.progress.wait = nil
        move.progress.at = time
        move.handOff = Move.HandOff(reason: reason, skill: skill)
        return move
    }

    private func input(_ arguments: [Workflow.Argument], _ slots: JSON.Object) -> JSON.Object {
        var input: JSON.Object = [:]
        for argument in arguments {
            switch argument.value {
            case .known(let name): input[argument.name] = lookup(name, slots)
            case .text(let text): input[argument.name] = .string(text)
            case .whole(let number): input[argument.name] = .int(Int64(number))
            case .flag(let flag): input[argument.name] = .bool(flag)
            }
        }
        return input
    }

    /// A result, or as much of its plain members as is worth keeping.
    private func kept(_ value: JSON) -> JSON {
        guard value.text.utf8.count > Self.resultLimit else { return value }
        var kept: JSON.Object = [:]
        for member in value.objectValue?.members ?? [] {
            switch member.value {
            case .string(let text) where text.utf8.count > 200: continue
            case .array, .object, .null: continue
            default: kept[member.key] = member.value
            }
            if kept.count == 20 { break }
        }
        return .object(kept)
    }
}

extension JSON.Object {
    /// Whether it is more than a run may carry from step to step.
    fileprivate var isTooLarge: Bool { JSON.object(self).text.utf8.count > 32 * 1024 }
}
