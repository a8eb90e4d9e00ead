import Model

/// A conversation under test with its log beside it, driven by commands.
struct ConversationWorld {
    static let ann = Command.Person(id: .make(at: Timestamp(milliseconds: 1)), name: "Ann")
    static let bea = Command.Person(id: .make(at: Timestamp(milliseconds: 2)), name: "Bea")

    private(set) var state: Conversation
    private(set) var log: [NumberedEvent] = []
    var now = Timestamp(milliseconds: 1_800_000_000_000)
    private var counter = 0

    init() {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        state = Conversation(
            id: .make(at: now),
            site: .make(at: now),
            contact: .make(at: now),
            at: now
        )
        commit(state.start(clientID: nil, at: now))
    }

    mutating func commit(_ events: [Event]) {
        for event in events { log.append(state.apply(event)) }
    }

    /// Decides and commits; returns the receipt of a repeat.
    @discardableResult
    mutating func run(_ command: Command) throws(Refusal) -> Receipt? {
        switch try state.decide(command, at: now) {
        case .events(let events):
            commit(events)
            return nil
        case .repeated(let receipt): return receipt
        }
    }

    mutating func clientID() -> String {
        counter += 1
        return "client-\(counter)"
    }

    mutating func post(_ text: String, clientID: String? = nil) throws(Refusal) {
        let clientID = clientID ?? self.clientID()
        try run(.post(Command.Post(id: .make(at: now), clientID: clientID, text: text)))
    }

    func notice(_ text: String = "One moment.") -> Command.Notice {
        Command.Notice(id: .make(at: now), text: text)
    }

    /// What the bot would conclude from the state as it is: an answer.
    func answer(_ text: String = "Like this.") -> Command.Conclusion {
        let decision = Decision(
            id: .make(at: now),
            action: .answer,
            rule: "confident",
            seen: state.lastCustomerMessage,
            at: now
        )
        let message = Message(
            id: .make(at: now),
            author: .bot(name: "Assistant"),
            text: text,
            at: now
        )
        return Command.Conclusion(epoch: state.epoch, decision: decision, effect: .say(message))
    }

    /// Runs a command that may well be refused.
    mutating func attempt(_ command: Command) {
        _ = try? run(command)
    }

    mutating func replying(
        _ text: String,
        by person: Command.Person,
        seen: Int? = nil
    ) -> Command {
        .reply(
            Command.Reply(
                id: .make(at: now),
                clientID: clientID(),
                by: person,
                text: text,
                seen: seen ?? state.head
            )
        )
    }

    mutating func reply(
        _ text: String,
        by person: Command.Person,
        seen: Int? = nil
    ) throws(Refusal) {
        try run(replying(text, by: person, seen: seen))
    }
}
