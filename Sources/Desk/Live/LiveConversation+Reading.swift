import Model

// A turn is read beside the letters, and mostly before it is due.
//
// While a message is on its way to the disk, or the window in which more may follow it is open, there is
// time to read: what comes of it is kept until the turn is complete, and counts if nothing has changed.
extension LiveConversation {
    /// A turn that is being read or was read, and what that rests on.
    struct Draft {
        /// Tells it from those before it.
        var number: Int
        /// The last event that was read.
        var head: Int
        /// When its answer is given.
        var at: Timestamp
        var circumstances: Desk.Circumstances
        var state = State.underWay

        enum State {
            case underWay
            /// Nil when no message waits for an answer.
            case done(Command.Conclusion?)
        }
    }

    /// How far an answer may be from the time it was meant for.
    private static let punctuality: Duration = .milliseconds(100)

    /// Reads a turn whose last message is still on its way to the disk.
    ///
    /// Not where integrations are being asked, whose answers belong to it.
    func readAhead(_ next: Conversation, _ events: [NumberedEvent]) {
        guard reading == .none, turnFailures == 0, next.owner == .bot,
            next.progress?.wait != .action, let last = next.unanswered.last,
            questions.asked == questions.answered, nextQuestion == nil
        else { return }
        for event in events {
            switch event.event {
            // They are asked as soon as it has begun.
            case .started: return
            default: break
            }
        }
        guard events.contains(where: { $0.sequence == next.lastCustomerMessage }) else { return }
        var clock = turn
        clock.customerSpoke(at: lastLetterAt)
        let steady = desk.clock.steady
        let wait = max(clock.due(after: last, at: steady) - steady, .zero)
        read(next, for: desk.clock.now + wait)
    }

    /// Reads the turn that is due, so that newer messages are still taken meanwhile and supersede it.
    func readTurn() {
        guard case .waiting(let number) = reading, questions.answered >= number, let state else {
            return
        }
        reading = .underWay
        guard let draft, isGood(draft, for: state) else {
            read(state, for: desk.clock.now)
            return
        }
        if case .done(let conclusion) = draft.state { conclude(conclusion) }
    }

    private func isGood(_ draft: Draft, for state: Conversation) -> Bool {
        let delay = desk.clock.now - draft.at
        return draft.head == state.head && delay <= Self.punctuality
            && delay >= .zero - Self.punctuality && draft.circumstances == desk.circumstances
    }

    private func read(_ state: Conversation, for time: Timestamp) {
        readings += 1
        let number = readings
        let reader = desk.reader(state, contact: contact, site: site, at: time)
        draft = Draft(
            number: number,
            head: state.head,
            at: time,
            circumstances: reader.circumstances
        )
        Task { [weak self] in
            let conclusion = reader.conclude()
            _ = self?.post(.wasRead(conclusion, number))
        }
    }

    /// A turn was read: it is concluded if it is due, and kept otherwise.
    func wasRead(_ conclusion: Command.Conclusion?, _ number: Int) {
        guard draft?.number == number else { return }
        draft?.state = .done(conclusion)
        if reading == .underWay { conclude(conclusion) }
    }

    private func conclude(_ conclusion: Command.Conclusion?) {
        draft = nil
        guard let conclusion, let state else {
            _ = post(.turnEnded(isKept: true))
            return
        }
        let done: Completion = { [weak self] result in
            let isLost = if case .failure(.log) = result { true } else { false }
            _ = self?.post(.turnEnded(isKept: !isLost))
        }
        guard desk.hasSecondOpinion(on: conclusion) else {
            return filterAndCarryOut(.conclude(conclusion), by: nil, done)
        }
        Task { [desk, site, weak self] in
            let opinion = await desk.secondOpinion(on: conclusion, in: state, site: site)
            _ = self?.post(.command(.conclude(opinion), contact: nil, done))
        }
    }
}
