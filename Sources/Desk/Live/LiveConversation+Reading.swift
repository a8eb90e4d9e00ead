import Model

// A turn is read beside the letters, and mostly before it is due; in passing where that takes little.
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
        var circumstances: Desk.Circumstances
        var state = State.underWay

        enum State {
            case underWay
            /// Nil when no message waits for an answer.
            case done(Command.Conclusion?)
        }
    }

    /// Whether events that are about to be stored bring a turn that can be read already.
    ///
    /// Not where integrations are being asked, whose answers belong to it.
    func bringsTurn(_ events: [NumberedEvent], _ next: Held) -> Bool {
        guard reading == .none, turnFailures == 0, next.state.owner == .bot,
            next.state.progress?.wait != .action, next.state.unanswered.last != nil,
            questions.asked == questions.answered, nextQuestion == nil
        else { return false }
        // One that has just begun is asked about as soon as it is there.
        if let first = events.first, case .started = first.event { return false }
        return events.contains { $0.sequence == next.state.lastCustomerMessage }
    }

    /// What the assistant says to a turn that is complete with the message that is about to be stored, to
    /// be stored with it; empty when that has to be thought of beside the commit.
    ///
    /// Nobody hears that the message is stored before its answer was thought of. So it is done only where
    /// that is quicker than a second commit, and where nobody waits: not the desk, nor the store, nor
    /// somebody whose letter came meanwhile and belongs to the turn. Devices that are let in when a
    /// conversation comes back hear its answer as it is given: it is behind them.
    func answerAtOnce(_ next: Held, _ events: [NumberedEvent]) -> [Event] {
        let turn = next.state.unanswered
        guard let last = turn.last, TurnClock.isComplete(with: last), desk.pace.isQuick(for: turn),
            !isBehindAppend, box.isEmpty, desk.executor.isAtLeisure,
            !desk.integrations.filters(.outbound),
            !events.contains(where: { if case .changed = $0.event { true } else { false } })
        else { return [] }
        let reader = desk.reader(next.state, contact: contact, site: site)
        let conclusion = desk.pace.read(reader)
        readings += 1
        draft = Draft(
            number: readings,
            head: next.state.head,
            circumstances: reader.circumstances,
            state: .done(conclusion)
        )
        guard let conclusion, !desk.hasSecondOpinion(on: conclusion),
            case .events(let events)? = try? next.decide(
                .conclude(conclusion),
                at: desk.clock.now
            )
        else { return [] }
        draft = nil
        return events
    }

    /// Reads a turn whose last message is still on its way to the disk, unless that has been done.
    func readAhead(_ next: Held) {
        guard next.state.unanswered.last != nil, draft?.head != next.state.head else { return }
        read(next)
    }

    /// Reads the turn that is due, so that newer messages are still taken meanwhile and supersede it.
    func readTurn() {
        guard case .waiting(let number) = reading, questions.answered >= number, let held else {
            return
        }
        reading = .underWay
        guard let draft, isGood(draft, for: held) else {
            read(held)
            return
        }
        if case .done(let conclusion) = draft.state { conclude(conclusion) }
    }

    private func isGood(_ draft: Draft, for held: Held) -> Bool {
        draft.head == held.state.head && draft.circumstances == desk.circumstances
    }

    private func read(_ held: Held) {
        readings += 1
        let number = readings
        let reader = desk.reader(held.state, contact: contact, site: site)
        draft = Draft(number: number, head: held.state.head, circumstances: reader.circumstances)
        Task { @concurrent [self] in
            let conclusion = desk.pace.read(reader)
            _ = post(.wasRead(conclusion, number))
        }
    }

    /// A turn was read: it is concluded if it is due, and kept otherwise.
    func wasRead(_ conclusion: Command.Conclusion?, _ number: Int) {
        guard draft?.number == number else {
            // What it rested on is gone, and a turn that is due waits for no other: it is read again.
            if reading == .underWay, number == readings { _ = post(.turnEnded(isKept: true)) }
            return
        }
        draft?.state = .done(conclusion)
        if reading == .underWay { conclude(conclusion) }
    }

    /// Concludes behind the letters that have come meanwhile: what they bring overtakes it.
    private func conclude(_ conclusion: Command.Conclusion?) {
        draft = nil
        guard let conclusion = conclusion?.given(at: desk.clock.now), let held else {
            _ = post(.turnEnded(isKept: true))
            return
        }
        let done: Completion = { [self] result in
            let isLost = if case .failure(.log) = result { true } else { false }
            _ = post(.turnEnded(isKept: !isLost))
        }
        guard desk.hasSecondOpinion(on: conclusion) else {
            _ = post(.command(.conclude(conclusion), contact: nil, done))
            return
        }
        Task { @concurrent [self, site, state = held.state] in
            let opinion = await desk.secondOpinion(on: conclusion, in: state, site: site)
            _ = post(.command(.conclude(opinion), contact: nil, done))
        }
    }
}
