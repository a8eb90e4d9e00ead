import Model

extension LiveConversation {
    /// Sets the clock for the turn that is owed, if one is and none is being read.
    func scheduleTurn() {
        guard reading == .none, let held else { return }
        // What is being done is told first.
        guard held.state.owner == .bot, held.state.progress?.wait != .action,
            let last = held.state.unanswered.last
        else {
            desk.timers.set(.turn, of: id, to: nil)
            return
        }
        let wait = turn.due(after: last, at: desk.clock.steady) - desk.clock.steady
        if wait <= .zero {
            beginReading()
        } else {
            desk.timers.set(.turn, of: id, to: desk.clock.now + wait, in: wait)
        }
    }

    /// Something that was owed at a time has come due.
    func comeDue(_ kind: Obligation.Kind, _ due: Timestamp) {
        switch kind {
        case .turn: scheduleTurn()
        case .step: takeStep()
        case .offer: remind(.expireOffer(due: due), kind, due)
        case .idle: remind(.idle(after: idleAfter, due: due), kind, due)
        case .wake: remind(.wake, kind, due)
        }
    }

    /// Carries a timer's command out; one that has been overtaken sets the timer anew.
    private func remind(_ command: Command, _ kind: Obligation.Kind, _ due: Timestamp) {
        guard let held else { return }
        do throws(Refusal) {
            _ = try held.decide(command, at: desk.clock.now)
            let retry: Completion = { [self] result in
                guard case .failure(let failure) = result else { return }
                Task { await retryLater(kind, due, failure) }
            }
            _ = post(.command(command, contact: nil, retry))
        } catch {
            setTimer(held.obligations(idleAfter: idleAfter).first { $0.kind == kind }?.due, kind)
        }
    }

    // MARK: - Integrations

    /// Asks the integrations about the customer while the first turn is still being written.
    ///
    /// One question at a time: of the pages a customer goes through meanwhile the last one is asked about.
    func beginEnrichment(_ moment: Opening.Moment = .opened) {
        guard questions.asked == 0 || moment == .moved, let contact, let held else { return }
        let opening = Opening(moment, conversation: id, contact: contact, page: held.state.context)
        if questions.asked > questions.answered { nextQuestion = opening } else { ask(opening) }
    }

    private func ask(_ opening: Opening) {
        questions.asked += 1
        Task { @concurrent [self] in
            let found = await desk.integrations.enrich(
                opening,
                within: desk.options.enrichmentDeadline
            )
            for item in found {
                _ = post(
                    .command(
                        .learnFacts(source: item.source, title: item.title, facts: item.facts),
                        contact: nil,
                        { _ in }
                    )
                )
            }
            _ = post(.enriched)
        }
    }

    /// The integrations have answered; what they know was posted before.
    func enriched() {
        questions.answered += 1
        if let opening = nextQuestion.take() { ask(opening) }
    }

    // MARK: - Reading

    /// Begins with the turn; it is read once the integrations have answered.
    private func beginReading() {
        tellCustomers(typing: true)
        guard turnFailures > 0 else {
            awaitIntegrations()
            return readTurn()
        }
        reading = .resting
        Task { @concurrent [self] in
            try? await desk.clock.sleep(for: Self.retryPeriod)
            _ = post(.rested)
        }
    }

    /// From now on the turn waits for what has been asked, and for nothing that is asked later.
    func awaitIntegrations() {
        reading = .waiting(for: questions.asked + (nextQuestion == nil ? 0 : 1))
    }

    /// The turn was answered, was superseded, or could not be kept: what is still owed is set anew.
    func turnEnded(isKept: Bool) {
        turnFailures = isKept ? 0 : turnFailures + 1
        reading = .none
        tellCustomers(typing: false)
    }

    func tellCustomers(typing isOn: Bool) {
        let bot = Author.bot(name: site?.botName ?? "")
        for customer in customers { customer.deliver(.typing(id, bot, isOn)) }
    }
}
