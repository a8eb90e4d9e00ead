import JSONCoding
import Model

extension LiveConversation {
    /// Sets the clock for the turn that is owed, if one is and none is being read.
    func scheduleTurn() {
        guard reading == nil, let owner = state?.owner else { return }
        guard owner == .bot, let last = state?.unanswered.last else {
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
        case .offer: remind(.expireOffer(due: due), kind, due)
        case .idle: remind(.idle(after: idleAfter, due: due), kind, due)
        case .wake: remind(.wake, kind, due)
        }
    }

    /// Carries a timer's command out; one that has been overtaken sets the timer anew.
    private func remind(_ command: Command, _ kind: Obligation.Kind, _ due: Timestamp) {
        guard let state else { return }
        do throws(Refusal) {
            _ = try state.decide(command, at: desk.clock.now)
            let retry: Completion = { [weak self] result in
                guard case .failure(let failure) = result, let self else { return }
                Task { await self.retryLater(kind, due, failure) }
            }
            _ = post(.command(command, contact: nil, retry))
        } catch {
            setTimer(state.obligations(idleAfter: idleAfter).first { $0.kind == kind }?.due, kind)
        }
    }

    /// Asks the integrations about the customer while the first turn is still being written.
    func beginEnrichment(_ moment: Opening.Moment = .opened) {
        guard enrichment == nil || moment == .moved, let contact, let state else { return }
        let opening = Opening(moment, conversation: id, contact: contact, page: state.context)
        let before = enrichment
        enrichment = Task { [desk, weak self] in
            // One after another: what is asked later is known later.
            await before?.value
            let found = await desk.integrations.enrich(
                opening,
                within: desk.options.enrichmentDeadline
            )
            for item in found {
                _ = self?.post(
                    .command(
                        .learnFacts(source: item.source, title: item.title, facts: item.facts),
                        contact: nil,
                        { _ in }
                    )
                )
            }
        }
    }

    /// Reads the turn beside the letters, so that newer messages are still taken and supersede it.
    private func beginReading() {
        let enrichment = enrichment
        let previous = turnFailures
        tellCustomers(typing: true)
        reading = Task { [desk, id, weak self] in
            await enrichment?.value
            if previous > 0 {
                try? await desk.clock.sleep(for: Self.retryPeriod)
            }
            // Facts that have just been posted stand before this look in the box.
            let state = await desk.look(at: id)
            guard let self else { return }
            guard let state else {
                await self.turnRead(.failure(.log(.unavailable("unreadable"))))
                return
            }
            let conclusion = await desk.read(state, contact: self.contact, site: self.site)
            guard let conclusion else {
                await self.turnRead(nil)
                return
            }
            let result = await desk.submit(
                .conclude(await desk.secondOpinion(on: conclusion, in: state, site: self.site)),
                to: id
            )
            await self.turnRead(result)
        }
    }

    /// The turn was answered, superseded or could not be stored: what is still owed is set anew.
    private func turnRead(_ result: Result<Outcome, DeskFailure>?) {
        if case .failure(.log) = result { turnFailures += 1 } else { turnFailures = 0 }
        tellCustomers(typing: false)
        _ = post(.turnEnded)
    }

    private func tellCustomers(typing isOn: Bool) {
        let bot = Author.bot(name: site?.botName ?? "")
        for customer in customers { customer.deliver(.typing(id, bot, isOn)) }
    }
}
