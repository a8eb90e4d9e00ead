import Model

/// What customers and agents do to conversations.
extension Desk {
    /// Begins a conversation, unless this client id began one before: then its message is repeated there.
    ///
    /// `pages`: where the customer was until now, oldest first.
    /// `post`: the first message; nil opens an empty conversation.
    package func begin(
        site: SiteID,
        contact: ContactID,
        pages: [PageContext],
        _ post: Command.Post?,
        then done: @escaping LiveConversation.Completion
    ) {
        guard let post else {
            start(site, contact, pages, nil, done)
            return
        }
        Task {
            do throws(LogFailure) {
                let earlier = try await log.conversation(
                    startedBy: contact,
                    clientID: post.clientID
                )
                if let earlier {
                    submit(.post(post), to: earlier, for: contact, then: done)
                } else {
                    start(site, contact, pages, post, done)
                }
            } catch {
                done(.failure(.log(error)))
            }
        }
    }

    private func start(
        _ site: SiteID,
        _ contact: ContactID,
        _ pages: [PageContext],
        _ post: Command.Post?,
        _ done: @escaping LiveConversation.Completion
    ) {
        let letter = LiveConversation.Letter.start(
            site: site,
            contact: contact,
            pages,
            post
        ) { result in
            // Two devices, or a device and its own repeat, may start the same conversation at once.
            if case .failure(.log(.repeatedStart(let earlier))) = result, let post {
                self.submit(.post(post), to: earlier, for: contact, then: done)
            } else {
                done(result)
            }
        }
        self.post(letter, to: ConversationID.make(at: clock.now))
    }

    /// Submits a command and calls back when it is committed or refused, before anyone else hears of it.
    ///
    /// `contact`: the customer who asks; nil for the team and the server itself. Somebody
    /// else's conversation is not found.
    package func submit(
        _ command: Command,
        to id: ConversationID,
        for contact: ContactID? = nil,
        then done: @escaping LiveConversation.Completion
    ) {
        post(.command(command, contact: contact, done), to: id)
    }

    package func submit(
        _ command: Command,
        to id: ConversationID,
        for contact: ContactID? = nil
    ) async -> Result<LiveConversation.Outcome, DeskFailure> {
        await withCheckedContinuation { continuation in
            submit(command, to: id, for: contact) { continuation.resume(returning: $0) }
        }
    }

    /// Answers with the head, sends a subscriber what it missed, and everything from then on.
    ///
    /// `contact`: whose conversation it must be; nil for the team.
    /// `sequence`: the last event the subscriber has; nil replays nothing.
    package func subscribe(
        _ subscriber: any Subscriber,
        _ side: LiveConversation.Side,
        to id: ConversationID,
        for contact: ContactID?,
        after sequence: Int?,
        then done: @escaping LiveConversation.Completion = { _ in }
    ) {
        post(.subscribe(subscriber, side, contact: contact, after: sequence, done), to: id)
    }

    package func unsubscribe(_ subscriber: any Subscriber, from id: ConversationID) {
        // One that sleeps has no subscribers: waking it would only cost.
        guard isLive(id) else { return }
        post(.unsubscribe(subscriber), to: id)
    }

    /// Answers a client that noticed a gap: the completion, then the events after a number.
    package func replay(
        to subscriber: any Subscriber,
        _ side: LiveConversation.Side,
        of id: ConversationID,
        for contact: ContactID?,
        after sequence: Int,
        then done: @escaping LiveConversation.Completion
    ) {
        post(.replay(subscriber, side, contact: contact, after: sequence, done), to: id)
    }

    /// Passes on that somebody types, to everyone else in the conversation.
    package func typing(
        _ author: Author,
        _ isOn: Bool,
        in id: ConversationID,
        for contact: ContactID?,
        from source: any Subscriber,
        then done: @escaping LiveConversation.Completion = { _ in }
    ) {
        post(.typing(author, isOn, contact: contact, from: source, done), to: id)
    }

    /// Passes on how far somebody has read.
    package func read(
        by author: Author,
        upTo sequence: Int,
        in id: ConversationID,
        for contact: ContactID?,
        from source: any Subscriber,
        then done: @escaping LiveConversation.Completion = { _ in }
    ) {
        post(.read(author, upTo: sequence, contact: contact, from: source, done), to: id)
    }

    /// Tells a conversation what its customer has said of themselves.
    package func introduce(_ contact: Contact, to id: ConversationID) {
        // One that sleeps reads it from the directory when it wakes.
        guard isLive(id) else { return }
        post(.introduce(contact), to: id)
    }

    /// Has a conversation read again from the log; its customers' devices are no longer told of it.
    package func reload(_ id: ConversationID) {
        guard isLive(id) else { return }
        post(.reload, to: id)
    }

    /// The conversation as it stands after everything posted before; nil when it does not exist.
    package func look(at id: ConversationID) async -> Conversation? {
        await withCheckedContinuation { continuation in
            post(.look { continuation.resume(returning: $0) }, to: id)
        }
    }
}
