import Model

// Messages that somebody wants to see before they are kept.
extension LiveConversation {
    /// Carries a command out, once the filters of its message have been asked if there are any.
    ///
    /// Letters wait meanwhile, so messages keep their order.
    func filterAndCarryOut(
        _ command: Command,
        by contact: ContactID?,
        _ done: @escaping Completion
    ) {
        guard let message = command.messageToFilter(in: id),
            desk.integrations.filters(message.moment)
        else { return carryOut(command, by: contact, done) }
        detour { live in
            switch await live.desk.integrations.filter(message) {
            case .keep: live.carryOut(command, by: contact, done)
            case .replace(let text):
                live.carryOut(command.saying(text), by: contact, done)
            case .reject(let reason):
                live.reject(command, because: reason, by: contact, done)
            }
        }
    }

    /// A person reads why; an answer of the assistant becomes a hand-off, so the customer is not left
    /// alone.
    private func reject(
        _ command: Command,
        because reason: String,
        by contact: ContactID?,
        _ done: @escaping Completion
    ) {
        guard case .conclude(var conclusion) = command else {
            return done(.failure(.refused(.rejected(reason))))
        }
        conclusion.effect = .handOff(
            Reason("filtered", "A filter held back the answer: \(reason)"),
            skill: nil,
            notice: desk.handOffNotice(language: conclusion.decision.language)
        )
        carryOut(.conclude(conclusion), by: contact, done)
    }
}

extension Command {
    /// What filters are asked about; nil for commands that say nothing.
    func messageToFilter(in id: ConversationID) -> MessageToFilter? {
        switch self {
        case .post(let post): MessageToFilter(.inbound, id, from: "customer", post.text)
        case .reply(let reply): MessageToFilter(.outbound, id, from: "agent", reply.text)
        case .conclude(let conclusion):
            if case .say(let message) = conclusion.effect {
                MessageToFilter(.outbound, id, from: "bot", message.text)
            } else {
                nil
            }
        default: nil
        }
    }

    /// The same command with other words.
    func saying(_ text: String) -> Command {
        switch self {
        case .post(var post):
            post.text = text
            return .post(post)
        case .reply(var reply):
            reply.text = text
            return .reply(reply)
        case .conclude(var conclusion):
            guard case .say(var message) = conclusion.effect else { return self }
            message.text = text
            message.blocks = []
            conclusion.effect = .say(message)
            return .conclude(conclusion)
        default: return self
        }
    }
}
