import Model

/// What customers and agents do to conversations.
extension Desk {
    /// Begins a conversation, unless this client id began one before: then its message is repeated there.
    ///
    /// - Parameter post: the first message; nil opens an empty conversation.
    package func begin(
        site: SiteID, contact: ContactID, context: PageContext?, _ post: Command.Post?
    ) async -> Result<LiveConversation.Outcome, DeskFailure> {
        do throws(LogFailure) {
            if let post,
                let earlier = try await log.conversation(
                    startedBy: contact, clientID: post.clientID)
            {
                return await submit(.post(post), to: earlier, for: contact)
            }
        } catch {
            return .failure(.log(error))
        }
        let id = ConversationID.make(at: clock.now)
        let result = await withCheckedContinuation { continuation in
            self.post(
                .start(site: site, contact: contact, context, post) {
                    continuation.resume(returning: $0)
                }, to: id)
        }
        if case .failure(.log(.repeatedStart(let earlier))) = result, let post {
            return await submit(.post(post), to: earlier, for: contact)
        }
        return result
    }

    /// Submits a command and calls back when it is committed or refused, before anyone else hears of it.
    ///
    /// - Parameter contact: the customer who asks; nil for the team and the server itself. Somebody
    ///   else's conversation is not found.
    package func submit(
        _ command: Command, to id: ConversationID, for contact: ContactID? = nil,
        then done: @escaping LiveConversation.Completion
    ) {
        post(.command(command, contact: contact, done), to: id)
    }

    package func submit(
        _ command: Command, to id: ConversationID, for contact: ContactID? = nil
    ) async -> Result<LiveConversation.Outcome, DeskFailure> {
        await withCheckedContinuation { continuation in
            submit(command, to: id, for: contact) { continuation.resume(returning: $0) }
        }
    }

    /// Sends a subscriber what it missed and everything from then on.
    package func subscribe(
        _ subscriber: any Subscriber, _ side: LiveConversation.Side, to id: ConversationID,
        after sequence: Int
    ) {
        post(.subscribe(subscriber, side, after: sequence), to: id)
    }

    package func unsubscribe(_ subscriber: any Subscriber, from id: ConversationID) {
        // One that sleeps has no subscribers: waking it would only cost.
        guard isLive(id) else { return }
        post(.unsubscribe(subscriber), to: id)
    }

    /// Answers a client that noticed a gap: the completion, then the events after a number.
    package func replay(
        to subscriber: any Subscriber, _ side: LiveConversation.Side, of id: ConversationID,
        for contact: ContactID?, after sequence: Int,
        then done: @escaping LiveConversation.Completion
    ) {
        post(.replay(subscriber, side, contact: contact, after: sequence, done), to: id)
    }

    package func typing(
        _ author: Author, _ isOn: Bool, in id: ConversationID, from source: any Subscriber
    ) {
        guard isLive(id) else { return }
        post(.typing(author, isOn, from: source), to: id)
    }

    package func read(
        by author: Author, upTo sequence: Int, in id: ConversationID, from source: any Subscriber
    ) {
        guard isLive(id) else { return }
        post(.read(author, upTo: sequence, from: source), to: id)
    }

    /// The conversation as it stands after everything posted before; nil when it does not exist.
    package func look(at id: ConversationID) async -> Conversation? {
        await withCheckedContinuation { continuation in
            post(.look { continuation.resume(returning: $0) }, to: id)
        }
    }
}
