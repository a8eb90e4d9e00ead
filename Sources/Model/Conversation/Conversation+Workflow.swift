extension Conversation {
    /// How many runs of workflows are kept at hand, for the briefing.
    static let workflowLimit = 5

    /// The workflow that is under way; nil when none is.
    package var progress: Progress? {
        workflows.last.flatMap { $0.state == .running ? $0 : nil }
    }

    /// The last decision about what the customer wants: an answer to a workflow's question says nothing
    /// of it.
    package var matter: Decision? {
        decisions.last(where: \.isOfMatter)
    }

    /// What the customer wrote after the question that a workflow waits on: only that can answer it.
    package var repliesToQuestion: [Message] {
        recent.filter {
            $0.sequence > max(answeredUpTo, progressedAt)
                && $0.message.author.kind == "customer"
        }.map(\.message)
    }

    /// Takes over how far a workflow has come: a newer state of the same run replaces the older one.
    mutating func applyProgress(_ progress: Progress) {
        progressedAt = head
        if let last = workflows.last, last.id == progress.id {
            workflows[workflows.count - 1] = progress
        } else {
            workflows.append(progress)
            if workflows.count > Self.workflowLimit { workflows.removeFirst() }
        }
    }

    /// A workflow is the assistant's: where events pass the conversation to somebody else it ends first.
    func endingWorkflow(_ verdict: Verdict, at time: Timestamp) -> Verdict {
        guard case .events(var events) = verdict else { return verdict }
        var running = progress
        for (place, event) in events.enumerated() {
            switch event {
            // It may end, or another begin, in these very events.
            case .progressed(let moved): running = moved.state == .running ? moved : nil
            case .changed(let change) where change.owner != .bot:
                guard var ended = running?.stopped(at: time) else { return verdict }
                if change.status != .resolved { ended.state = .handedOff }
                events.insert(.progressed(ended), at: place)
                return .events(events)
            default: break
            }
        }
        return verdict
    }

    /// Goes on after an action, unless somebody else has taken over meanwhile.
    ///
    /// What came of it is told whatever the customer wrote meanwhile: that is read next, and not as an
    /// answer to a question it came before.
    func proceed(
        _ step: Command.Proceeding,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard owner == .bot, epoch == step.epoch, let progress, progress.wait == .action,
            progress.key == step.after
        else { throw .superseded }
        let moved = Event.progressed(step.progress)
        switch step.effect {
        case .say(let message): return [moved, .message(message)]
        case .handOff(let reason, let skill, let notice):
            return [moved] + handOff(reason, skill: skill, notice, by: .system, at: time)
        case .silent: return [moved]
        }
    }
}

extension Decision {
    /// Whether it says what the customer wants, and not what they answered.
    package var isOfMatter: Bool { action != .step && !rule.hasPrefix("workflow") }
}
