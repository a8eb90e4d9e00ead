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
        var language = held?.state.lastDecision?.language
        if case .conclude(let conclusion) = command { language = conclusion.decision.language }
        let handOff = Command.Conclusion.Effect.handOff(
            Reason("filtered", "A filter held back the answer: \(reason)"),
            skill: nil,
            notice: desk.handOffNotice(language: language)
        )
        switch command {
        case .conclude(var conclusion):
            conclusion.effect = handOff
            carryOut(.conclude(conclusion), by: contact, done)
        case .proceed(var step):
            step.effect = handOff
            carryOut(.proceed(step), by: contact, done)
        default: done(.failure(.refused(.rejected(reason))))
        }
    }
}

extension Command {
    /// What filters are asked about; nil for commands that say nothing.
    func messageToFilter(in id: ConversationID) -> MessageToFilter? {
        switch self {
        case .post(let post): MessageToFilter(.inbound, id, from: "customer", post.text)
        case .reply(let reply): MessageToFilter(.outbound, id, from: "agent", reply.text)
        case .conclude(let conclusion): conclusion.effect.messageToFilter(in: id)
        case .proceed(let step): step.effect.messageToFilter(in: id)
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
            conclusion.effect = conclusion.effect.saying(text)
            return .conclude(conclusion)
        case .proceed(var step):
            step.effect = step.effect.saying(text)
            return .proceed(step)
        default: return self
        }
    }
}

extension Command.Conclusion.Effect {
    fileprivate func messageToFilter(in id: ConversationID) -> MessageToFilter? {
        guard case .say(let message) = self else { return nil }
        return MessageToFilter(.outbound, id, from: "bot", message.text)
    }

    fileprivate func saying(_ text: String) -> Self {
        guard case .say(var message) = self else { return self }
        message.text = text
        message.blocks = []
        return .say(message)
    }
}
