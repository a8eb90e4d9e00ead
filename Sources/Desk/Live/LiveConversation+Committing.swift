import Model
import Synchronization

// From a decision to the disk: one append under way at a time.
extension LiveConversation {
    /// Events on their way to the disk, and the state they lead to.
    struct UnderWay {
        var next: Held
        var events: [NumberedEvent]
        var obligations: [Obligation]
        var isPlain: Bool
        var finish: (isolated LiveConversation, Result<[NumberedEvent], LogFailure>) -> Void
    }

    /// Appends events to the log, moves the state once they are there, and calls back.
    ///
    /// With the message that completes a turn goes its answer, if it is at hand; see ``answerAtOnce(_:_:)``.
    ///
    /// The state is put aside meanwhile: when the append fails what is on disk decides, so it is read again
    /// before the next letter.
    func commit(
        _ events: [Event],
        then finish:
            @escaping (
                isolated LiveConversation, Result<[NumberedEvent], LogFailure>
            ) -> Void
    ) {
        guard let next = held.take() else { return }
        let (head, publicHead) = (next.state.head, next.state.publicHead)
        var events = events
        var numbered = next.apply(events)
        let isTurn = bringsTurn(numbered, next)
        if isTurn {
            let answer = answerAtOnce(next, numbered)
            events += answer
            numbered += next.apply(answer)
        }
        let obligations = next.obligations(idleAfter: idleAfter)
        let isPlain = !changesRow(events)
        let request = AppendRequest(
            conversation: id,
            after: head,
            publicHead: publicHead,
            events: events,
            row: isPlain ? nil : row(of: next.state),
            obligations: differs(obligations) ? obligations : nil
        )
        underWay = UnderWay(
            next: next,
            events: numbered,
            obligations: obligations,
            isPlain: isPlain,
            finish: finish
        )
        // A standing offer is sent again with its briefing.
        let isBrief = next.state.offer == nil
        desk.log.append(request) { [self] result in
            settlement.withLock { $0 = result }
            desk.executor.post(self, isBrief: isBrief)
        }
        if isTurn { readAhead(next) }
    }

    /// The append under way has come to an end.
    func settle(_ result: Result<Int64, LogFailure>) {
        guard let done = underWay.take() else { return }
        switch result {
        case .success(let position):
            journal.append(done.events)
            remember(done.obligations)
            tellFloor(of: done, at: position)
            held = done.next
            done.finish(self, .success(done.events))
        case .failure(let failure):
            journal = Journal()
            draft = nil
            done.finish(self, .failure(failure))
        }
    }

    private func tellFloor(of done: UnderWay, at position: Int64) {
        let next = done.next
        if done.isPlain {
            desk.floor.spoke(
                in: id,
                next.lastMessage,
                head: next.state.head,
                publicHead: next.state.publicHead,
                at: position
            )
        } else {
            desk.floor.post(.changed(floorEntry(of: next.state, at: position)))
        }
    }

    /// Plain messages change nothing in the stored row: the store adds the last one when it lists.
    private func changesRow(_ events: [Event]) -> Bool {
        !events.allSatisfy { event in
            switch event {
            case .message, .noted: true
            default: false
            }
        }
    }

    private func row(of conversation: Conversation) -> ConversationRow {
        var row = ConversationRow(conversation)
        row.contactName = row.contactName ?? contact?.name
        row.contactEmail = row.contactEmail ?? contact?.email
        return row
    }

    func floorEntry(of conversation: Conversation, at position: Int64) -> Floor.Entry {
        Floor.Entry(
            row: row(of: conversation),
            position: position,
            offeredTo: conversation.offer?.agent,
            passedOver: conversation.passedOver,
            passedAt: conversation.passedAt
        )
    }

    // MARK: - Obligations

    /// Whether what is owed must be written again.
    ///
    /// A turn and an idle end that are already owed at an earlier time stay as they are: coming due
    /// too early is harmless, one more row is not free.
    private func differs(_ obligations: [Obligation]) -> Bool {
        if obligations.count != owed.count { return true }
        return obligations.contains { obligation in
            guard let due = owed[obligation.kind] else { return true }
            switch obligation.kind {
            case .turn, .idle: return due > obligation.due
            case .step, .offer, .wake: return due != obligation.due
            }
        }
    }

    /// Keeps what is owed now, and sets its timers; those of what was not owed before either stay unset.
    func remember(_ obligations: [Obligation]) {
        // While a person answers, nothing is owed for hundreds of messages.
        if obligations.isEmpty, owed.isEmpty { return }
        let before = owed
        owed = Dictionary(uniqueKeysWithValues: obligations.map { ($0.kind, $0.due) })
        for kind in Obligation.Kind.allCases where kind != .turn && kind != .step {
            if owed[kind] != nil || before[kind] != nil { setTimer(owed[kind], kind) }
        }
    }

    /// Sets the timer, for no longer than what is owed ever takes.
    ///
    /// A deadline that is farther away was stored before the clock was set back.
    func setTimer(_ due: Timestamp?, _ kind: Obligation.Kind) {
        let wait = due.map { due in
            let left = due - desk.clock.now
            return switch kind {
            case .offer: min(left, desk.options.offerPeriod)
            case .idle: min(left, idleAfter)
            case .turn, .step, .wake: left
            }
        }
        desk.timers.set(kind, of: id, to: due, in: wait)
    }
}
