import Model

extension LiveConversation {
    /// Tells everyone who listens, in order.
    func publish(_ events: [NumberedEvent]) {
        // Before customers hear of a new owner: their next sign must find the owner's devices here.
        for case .changed(let change) in events.map(\.event) {
            if let agent = change.owner.agent { admit(agent) }
        }
        for event in events {
            let delivery = Delivery.event(id, Publication(event))
            if event.event.isPublic {
                for customer in customers { customer.deliver(delivery) }
            }
            for member in team { member.deliver(delivery) }
        }
    }

    /// What follows from committed events besides being told.
    ///
    /// `wasResolved`: whether these events came upon a conversation that had ended.
    func afterCommit(_ events: [NumberedEvent], wasResolved: Bool = false) {
        // The pages that a conversation begins with are no moves.
        let opens = events.first?.sequence == 1
        for event in events {
            switch event.event {
            case .started: beginEnrichment()
            case .context where event.sequence > 3 && !opens: beginEnrichment(.moved)
            case .message(let message) where message.author.kind == "customer":
                turn.customerSpoke(at: lastLetterAt)
            case .changed(let change):
                if wasResolved, change.status != .resolved { admitCustomer() }
            case .offerEnded(let end):
                for device in desk.audience.devices(of: end.agent) {
                    device.deliver(.offerGone(id, reason: end.outcome.rawValue))
                }
            default: break
            }
        }
        // The briefing is part of the offer: whatever changes it sends the offer again.
        showOffer()
        takeStep()
        scheduleTurn()
    }

    /// Shows a standing offer on all devices of the person it is made to.
    func showOffer() {
        guard let offer = held?.state.offer else { return }
        for device in desk.audience.devices(of: offer.agent) { showOffer(to: device) }
    }

    /// Tells the floor again where this conversation stands, and whoever is here of their offer.
    func restate() {
        guard let held else { return }
        desk.floor.post(.changed(floorEntry(of: held.state, at: 0)))
        showOffer()
    }

    func showOffer(to device: any Subscriber) {
        guard let held, let offer = held.state.offer else { return }
        device.deliver(.offer(id, offer, desk.briefing(for: held.state, contact: contact)))
    }

    /// Gives the devices of a new owner the whole conversation.
    private func admit(_ agent: AgentID) {
        for device in desk.audience.devices(of: agent)
        where !team.contains(where: { $0 === device }) {
            _ = post(.admit(device))
        }
    }

    /// Customers' devices that connected after the end do not follow it: open again, it is theirs.
    private func admitCustomer() {
        guard let contact = held?.state.contact else { return }
        for device in desk.audience.devices(of: contact)
        where !customers.contains(where: { $0 === device }) {
            _ = post(.subscribe(device, .customer, contact: contact, after: 0, { _ in }))
        }
    }

    // MARK: - Subscriptions

    /// Replays what was missed, then keeps telling.
    ///
    /// A subscriber that listens already hears nothing twice.
    func subscribe(
        _ subscriber: any Subscriber,
        _ side: Side,
        contact: ContactID?,
        after: Int?,
        _ done: Completion
    ) {
        guard let held, contact == nil || contact == held.state.contact else {
            done(.failure(.notFound))
            return
        }
        done(.success(Outcome(conversation: id, sequence: held.state.head)))
        let known = side == .customer ? customers : team
        if known.contains(where: { $0 === subscriber }) {
            // A console that opens a conversation it was given before asks for all of it.
            if side == .team, let after { replayMissed(to: subscriber, side, after: after) }
            return
        }
        guard let after else {
            listen(subscriber, side)
            return
        }
        replayMissed(to: subscriber, side, after: after) { $0.listen(subscriber, side) }
    }

    private func listen(_ subscriber: any Subscriber, _ side: Side) {
        switch side {
        case .customer: customers.append(subscriber)
        case .team: team.append(subscriber)
        }
    }

    func unsubscribe(_ subscriber: any Subscriber) {
        customers.removeAll { $0 === subscriber }
        team.removeAll { $0 === subscriber }
    }

    func replay(
        to subscriber: any Subscriber,
        _ side: Side,
        contact: ContactID?,
        after: Int,
        _ done: Completion
    ) {
        guard let held else { return }
        if let contact, contact != held.state.contact {
            done(.failure(.notFound))
            return
        }
        done(.success(Outcome(conversation: id, sequence: held.state.head)))
        replayMissed(to: subscriber, side, after: after)
    }

    /// Hands over what was missed, then goes on; from the log when it is no longer at hand.
    private func replayMissed(
        to subscriber: any Subscriber,
        _ side: Side,
        after: Int,
        then next: @escaping @Sendable (isolated LiveConversation) -> Void = { _ in }
    ) {
        guard let held else { return }
        let head = side == .customer ? held.state.publicHead : held.state.head
        // A number beyond the head comes from another life of this workspace.
        guard after >= 0, after <= held.state.head, head - after <= Self.replayLimit else {
            subscriber.deliver(.resync(id))
            next(self)
            return
        }
        if let missed = journal.events(after: after, head: held.state.head) {
            handOver(missed, to: subscriber, side)
            next(self)
            return
        }
        let limit = held.state.head - after
        detour { live in
            let missed = try? await live.desk.log.events(of: live.id, after: after, limit: limit)
            live.handOver(missed, to: subscriber, side)
            next(live)
        }
    }

    private func handOver(
        _ missed: [NumberedEvent]?,
        to subscriber: any Subscriber,
        _ side: Side
    ) {
        guard let missed else {
            subscriber.deliver(.resync(id))
            return
        }
        subscriber.deliver(
            missed: missed.filter { side == .team || $0.event.isPublic },
            of: id
        )
    }

    // MARK: - Passing signs

    /// Answers somebody who passes a sign: the head, or that there is no such conversation of theirs.
    func isTheirs(_ contact: ContactID?, _ done: Completion) -> Bool {
        guard let held, contact == nil || contact == held.state.contact else {
            done(.failure(.notFound))
            return false
        }
        done(.success(Outcome(conversation: id, sequence: held.state.head)))
        return true
    }

    func relayTyping(_ author: Author, _ isOn: Bool, from source: any Subscriber) {
        guard mayBeHeard(author) else { return }
        if case .customer = author {
            turn.customerTypes(isOn, at: desk.clock.steady)
            scheduleTurn()
        }
        relay(.typing(id, author, isOn), except: source)
    }

    func relayRead(_ author: Author, upTo sequence: Int, from source: any Subscriber) {
        guard mayBeHeard(author), let head = held?.state.head else { return }
        relay(.read(id, author, upTo: min(sequence, head)), except: source)
    }

    /// Signs of another customer have no place here.
    private func mayBeHeard(_ author: Author) -> Bool {
        guard case .customer(let contact, _) = author else { return true }
        return contact == held?.state.contact
    }

    private func relay(_ delivery: Delivery, except source: any Subscriber) {
        for subscriber in customers + team where subscriber !== source {
            subscriber.deliver(delivery)
        }
    }
}
