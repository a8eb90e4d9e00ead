import Model

/// The state of a live conversation, in one place while it is looked at, changed and handed on.
///
/// As a value of some forty fields it would be copied, field by field, wherever a part of it is asked for.
/// Belongs to one ``LiveConversation`` and is used where that is.
final class Held {
    private(set) var state: Conversation

    init(_ state: Conversation) { self.state = state }

    /// Takes events over and returns them with their numbers.
    func apply(_ events: [Event]) -> [NumberedEvent] { events.map { state.apply($0) } }

    var lastMessage: Message? { look { $0.lastMessage } }

    /// What the state makes of a command; changes nothing.
    func decide(_ command: Command, at time: Timestamp) throws(Refusal) -> Verdict {
        try look { state throws(Refusal) in try state.decide(command, at: time) }
    }

    func obligations(idleAfter: Duration) -> [Obligation] {
        look { $0.obligations(idleAfter: idleAfter) }
    }

    /// Calls something that asks all of the state, where it is.
    ///
    /// Only what is lent to be changed is surely nobody else's meanwhile: it need not be copied first.
    private func look<Seen, Failure: Error>(
        _ body: (inout Conversation) throws(Failure) -> Seen
    ) throws(Failure) -> Seen {
        try body(&state)
    }
}
