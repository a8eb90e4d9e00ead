import JSONCoding

extension Conversation {
    func decidePost(_ post: Command.Post, at time: Timestamp) throws(Refusal) -> Verdict {
        if let receipt = receipt(customerClientID: post.clientID) { return .repeated(receipt) }
        var message = Message(
            id: post.id,
            clientID: post.clientID,
            author: .customer(contact, name: post.name),
            text: post.text,
            at: time
        )
        message.files = try post.uploads.found()
        message.choice = post.choice.flatMap { isOffered($0) ? $0 : nil }
        message.origin = post.origin
        message.channel = channel(of: post)
        return .events(try reawaken(at: time) + [.message(message)])
    }

    /// Whether a message at hand offers a choice: what nobody offered is only words.
    private func isOffered(_ choice: String) -> Bool {
        recent.contains { $0.message.choices.contains { $0.id == choice } }
    }

    /// A quick reply's title becomes the customer's message: looked up where it was offered.
    func decidePick(_ pick: Command.Pick, at time: Timestamp) throws(Refusal) -> Verdict {
        if let receipt = receipt(customerClientID: pick.clientID) { return .repeated(receipt) }
        let offered = recent.first { $0.message.id.description == pick.message }?
            .message.choices.first { $0.id == pick.choice }
        guard let offered else { throw .notOffered }
        let post = Command.Post(
            id: pick.id,
            clientID: pick.clientID,
            name: pick.name,
            text: offered.title,
            choice: offered.id
        )
        return try decidePost(post, at: time)
    }

    /// What a customer's message does to the status before it is stored.
    private func reawaken(at time: Timestamp) throws(Refusal) -> [Event] {
        switch status {
        case .bot, .queued, .open: return []
        case .pending, .snoozed:
            return [
                change(
                    .open,
                    owner,
                    name: ownerName,
                    Reason("customer_wrote", "The customer wrote again."),
                    by: customer,
                    at: time
                )
            ]
        case .resolved:
            try requireReopenable(at: time)
            return [
                change(
                    .bot,
                    .bot,
                    Reason("reopened", "The customer wrote again after the end."),
                    by: customer,
                    at: time
                )
            ]
        }
    }

    private func requireReopenable(at time: Timestamp) throws(Refusal) {
        guard let resolvedAt else { return }
        if time - resolvedAt > Self.reopeningPeriod { throw .gone }
    }

    /// Where the customer is, unless something newer is known.
    ///
    /// What they look at after the end is theirs.
    func see(_ context: PageContext, at time: Timestamp) -> [Event] {
        guard !isResolved, context.supersedes(self.context) else { return [] }
        return [.context(context, at: time)]
    }

    /// What they do after the end is theirs; so many say what there is to say.
    func track(_ name: String, _ data: JSON.Object, at time: Timestamp) -> [Event] {
        guard !isResolved, trackedCount < Self.trackedLimit else { return [] }
        return [.tracked(Event.Tracked(name: name, data: data, at: time))]
    }

    /// An explicit wish for a person is always granted, at once.
    func requestPerson(_ notice: Command.Notice, at time: Timestamp) throws(Refusal) -> [Event] {
        switch owner {
        case .queue, .agent: return []
        case .nobody: try requireReopenable(at: time)
        case .bot: break
        }
        return handOff(
            Reason("asked_for_person", "The customer asked for a person."),
            skill: nil,
            notice,
            by: customer,
            at: time
        )
    }

    func rate(
        _ score: Int,
        _ comment: String?,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        if let rating {
            guard rating.score == score, rating.comment == comment else {
                throw .conflict("This conversation has been rated already.")
            }
            return []
        }
        return [.rated(Event.Rating(score: score, comment: comment, at: time))]
    }

    /// Only what the assistant said, and is still at hand, can be judged; a second thought counts.
    func judge(
        _ message: String,
        _ isHelpful: Bool,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        let said = recent.last { $0.message.id.description == message }?.message
        guard let said, case .bot = said.author, let decision = said.decision else {
            throw .conflict("Only an answer of the assistant can be judged.")
        }
        if judgements[said.id] == isHelpful { return [] }
        return [
            .judged(
                Event.Judgement(
                    message: said.id,
                    decision: decision,
                    isHelpful: isHelpful,
                    at: time
                )
            )
        ]
    }

    func resolve(by author: Author, _ reason: Reason, at time: Timestamp) -> [Event] {
        guard !isResolved else { return [] }
        return withdrawal(at: time) + [change(.resolved, .nobody, reason, by: author, at: time)]
    }

    func resolveIdle(
        after period: Duration,
        due: Timestamp,
        at time: Timestamp
    ) throws(Refusal) -> [Event] {
        guard owner == .bot, due - activeAt >= period else { throw .notDue }
        return resolve(
            by: .system,
            Reason("idle", "Nobody has written for a while."),
            at: time
        )
    }

    func wake(at time: Timestamp) throws(Refusal) -> [Event] {
        guard status == .snoozed, let snoozedUntil, snoozedUntil <= time else { throw .notDue }
        return [
            change(
                .open,
                owner,
                name: ownerName,
                Reason("woke", "The snooze is over."),
                by: .system,
                at: time
            )
        ]
    }
}
