extension Conversation {
    func offer(
        to person: Command.Person,
        _ expires: Timestamp,
        _ why: [String],
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard status == .queued else { throw .conflict("It is not waiting for a person.") }
        guard offer == nil else { throw .conflict("It is being offered to somebody.") }
        return [
            .offered(
                Event.Offer(
                    agent: person.id,
                    name: person.name,
                    expires: expires,
                    why: why,
                    at: time
                )
            )
        ]
    }

    func accept(_ person: Command.Person, at time: Timestamp) throws(Refusal) -> [Event] {
        if owner == .agent(person.id) { return [] }
        guard let offer, offer.agent == person.id, status == .queued else {
            throw .conflict("It is no longer offered to you.")
        }
        return [
            .offerEnded(
                Event.OfferEnd(agent: person.id, name: offer.name, outcome: .accepted, at: time)
            ),
            change(
                .open,
                .agent(person.id),
                name: person.name,
                Reason("accepted", "\(person.name) joined."),
                by: person.author,
                at: time
            ),
        ]
    }

    func endOffer(
        to agent: AgentID,
        _ outcome: Event.OfferEnd.Outcome,
        _ reason: String?,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard let offer, offer.agent == agent else {
            throw .conflict("It is not offered to you.")
        }
        return [
            .offerEnded(
                Event.OfferEnd(
                    agent: agent,
                    name: offer.name,
                    outcome: outcome,
                    reason: reason,
                    at: time
                )
            )
        ]
    }

    func expireOffer(due: Timestamp, at time: Timestamp) throws(Refusal) -> [Event] {
        guard let offer, offer.expires <= due else { throw .notDue }
        return try endOffer(to: offer.agent, .expired, nil, at: time)
    }

    func decideReply(_ reply: Command.Reply, at time: Timestamp) throws(Refusal) -> Verdict {
        let key = ClientKey(agent: reply.by.id, clientID: reply.clientID)
        if let receipt = receipts[key] { return .repeated(receipt) }
        guard owner == .agent(reply.by.id) else {
            throw .conflict("Somebody else has this conversation. Take it over to answer.")
        }
        if let last = lastAgentMessage, last.agent != reply.by.id, last.sequence > reply.seen {
            throw .staleView(latest: last.sequence)
        }
        var message = written(reply, at: time)
        message.files = try reply.uploads.found()
        return .events([.message(message)])
    }

    /// Whether a reply has been said already, so that bringing it again changes nothing.
    package func hasSaid(_ reply: Command.Reply) -> Bool {
        receipts[ClientKey(agent: reply.by.id, clientID: reply.clientID)] != nil
    }

    func decideNote(_ note: Command.Reply, at time: Timestamp) -> Verdict {
        let key = ClientKey(agent: note.by.id, clientID: note.clientID)
        if let receipt = receipts[key] { return .repeated(receipt) }
        return .events([.noted(written(note, at: time))])
    }

    private func written(_ reply: Command.Reply, at time: Timestamp) -> Message {
        var message = Message(
            id: reply.id,
            clientID: reply.clientID,
            author: reply.by.author,
            text: reply.text,
            at: time
        )
        message.suggestion = reply.suggestion
        message.origin = reply.origin
        return message
    }

    func takeOver(_ person: Command.Person, at time: Timestamp) -> [Event] {
        if owner == .agent(person.id) { return [] }
        return withdrawal(at: time) + [
            change(
                .open,
                .agent(person.id),
                name: person.name,
                Reason("taken_over", "\(person.name) joined."),
                by: person.author,
                at: time
            )
        ]
    }

    func requeue(
        by person: Command.Person,
        skill: String?,
        note: String?,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard owner == .agent(person.id) || owner == .queue else {
            throw .conflict("Only the person who has this conversation can pass it on.")
        }
        guard owner != .queue || skill != self.skill else { return [] }
        return withdrawal(at: time) + [
            change(
                .queued,
                .queue,
                Reason("transferred", note ?? "Passed on to the team."),
                by: person.author,
                skill: skill,
                at: time
            )
        ]
    }

    func transfer(
        by person: Command.Person,
        to other: Command.Person,
        note: String?,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard owner == .agent(person.id) || owner == .queue else {
            throw .conflict("Only the person who has this conversation can pass it on.")
        }
        return withdrawal(at: time) + [
            change(
                .open,
                .agent(other.id),
                name: other.name,
                Reason("transferred", note ?? "Passed on by \(person.name)."),
                by: person.author,
                at: time
            )
        ]
    }

    func setStatus(
        _ wanted: Status,
        until: Timestamp?,
        by person: Command.Person,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard wanted != status || wanted == .snoozed else { return [] }
        guard owner == .agent(person.id) || (isResolved && wanted == .open) else {
            throw .conflict("Somebody else has this conversation. Take it over first.")
        }
        let owner = Owner.agent(person.id)
        switch wanted {
        case .resolved:
            return resolve(
                by: person.author,
                Reason("resolved", "Resolved by \(person.name)."),
                at: time
            )
        case .open, .pending:
            return [
                change(wanted, owner, name: person.name, nil, by: person.author, at: time)
            ]
        case .snoozed:
            guard let until, until > time else {
                throw .conflict("A snooze needs a time in the future.")
            }
            return [
                change(
                    .snoozed,
                    owner,
                    name: person.name,
                    nil,
                    by: person.author,
                    until: until,
                    at: time
                )
            ]
        case .bot, .queued:
            throw .conflict("Use a transfer or a return to the bot instead.")
        }
    }

    func returnToBot(
        by person: Command.Person,
        instruction: String?,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard owner == .agent(person.id) || owner == .queue else {
            throw .conflict("Only the person who has this conversation can give it back.")
        }
        return withdrawal(at: time) + [
            change(
                .bot,
                .bot,
                Reason("returned", instruction ?? "\(person.name) gave it back to the assistant."),
                by: person.author,
                at: time
            )
        ]
    }

    func tag(
        by person: Command.Person,
        _ add: [String],
        _ remove: [String],
        at time: Timestamp
    ) -> [Event] {
        let added = add.filter { !tags.contains($0) }
        let removed = remove.filter(tags.contains)
        guard !added.isEmpty || !removed.isEmpty else { return [] }
        return [
            .tagged(Event.Tagging(add: added, remove: removed, by: person.author, at: time))
        ]
    }
}
