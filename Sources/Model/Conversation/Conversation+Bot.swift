import JSONCoding

extension Conversation {
    /// Commits what the policy decided, unless the world has moved on since the turn was read.
    func conclude(
        _ conclusion: Command.Conclusion,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard owner == .bot, conclusion.epoch == epoch,
            conclusion.decision.seen >= lastCustomerMessage
        else { throw .superseded }
        var events = [Event.decided(conclusion.decision)]
        events += conclusion.progress.map(Event.progressed)
        switch conclusion.effect {
        case .say(let message):
            events.append(.message(message))
        case .handOff(let reason, let skill, let notice):
            events += handOff(reason, skill: skill, notice, by: .system, at: time)
        case .silent: break
        }
        return events
    }

    /// Puts the conversation into the queue and tells the customer so.
    func handOff(
        _ reason: Reason,
        skill: String?,
        _ notice: Command.Notice,
        by author: Author,
        at time: Timestamp
    ) -> [Event] {
        [
            change(.queued, .queue, reason, by: author, skill: skill, at: time),
            .message(Message(id: notice.id, author: .system, text: notice.text, at: time)),
        ]
    }

    func learn(
        _ values: JSON.Object,
        from source: String,
        _ title: String,
        at time: Timestamp
    ) -> [Event] {
        if let known = facts[source], known.facts == values, known.title == title { return [] }
        return [
            .facts(Event.FactSheet(source: source, title: title, facts: values, at: time))
        ]
    }
}
