import Desk
import MaitredTesting
import Model
import Synchronization

extension Listener {
    /// The first message, now or later, of a kind of author.
    @discardableResult
    func message(from kind: String) async -> Message? {
        let event = await event { event in
            if case .message(let message) = event { return message.author.kind == kind }
            return false
        }
        guard case .message(let message) = event else { return nil }
        return message
    }

    /// Waits for the message of a kind of author that comes as the so-many-th.
    @discardableResult
    func message(from kind: String, number: Int) async -> Message? {
        let seen = Mutex<Set<MessageID>>([])
        let event = await event { event in
            guard case .message(let message) = event, message.author.kind == kind else {
                return false
            }
            return seen.withLock { seen in
                seen.insert(message.id)
                return seen.count == number
            }
        }
        guard case .message(let message) = event else { return nil }
        return message
    }

    /// Waits for words of the assistant after an event.
    func answer(after sequence: Int) async {
        await first { delivery in
            guard case .event(_, let published) = delivery,
                published.content.sequence > sequence,
                case .message(let message) = published.content.event
            else { return false }
            return message.author.kind == "bot"
        }
    }

    /// The first change, now or later, to a status.
    @discardableResult
    func change(to status: Status) async -> Event.Change? {
        let event = await event { event in
            if case .changed(let change) = event { return change.status == status }
            return false
        }
        guard case .changed(let change) = event else { return nil }
        return change
    }

    /// The first offer, now or later, of a conversation; of any when it is nil.
    @discardableResult
    func offer(of wanted: ConversationID? = nil) async -> (offer: Event.Offer, briefing: Briefing)?
    {
        let delivery = await first { delivery in
            if case .offer(let id, _, _) = delivery { return wanted == nil || wanted == id }
            return false
        }
        guard case .offer(_, let offer, let briefing) = delivery else { return nil }
        return (offer, briefing)
    }

    /// Waits until an offer is taken back, for a reason.
    func offerGone(_ wanted: ConversationID, _ reason: String) async {
        await first { delivery in
            if case .offerGone(wanted, reason) = delivery { return true }
            return false
        }
    }

    /// Waits for the assistant to stop typing as many times as given.
    func botStopsTyping() async {
        await first { delivery in
            if case .typing(_, .bot, false) = delivery { return true }
            return false
        }
    }

    /// Whose offers have been heard of.
    var offered: [ConversationID] {
        heard.compactMap { delivery in
            if case .offer(let id, _, _) = delivery { return id }
            return nil
        }
    }

    func messages(from kind: String) -> [Message] {
        events.compactMap { event in
            if case .message(let message) = event.event, message.author.kind == kind {
                return message
            }
            return nil
        }
    }
}

extension DeskWorld {
    /// Says whatever it takes to be handed to a person.
    func queued(_ customer: Customer) async throws -> ConversationID {
        let id = try await customer.say("I want to talk to a human.").conversation
        await customer.device.change(to: .queued)
        return id
    }

    /// A conversation that somebody has accepted.
    func accepted(_ customer: Customer, by agent: Agent, _ console: Listener) async throws
        -> ConversationID
    {
        let id = try await queued(customer)
        await console.offer(of: id)
        _ = try await desk.submit(.accept(agent.person), to: id).get()
        return id
    }

    /// Lets short timers come due, one after the other, until a task is done.
    func passing<Value: Sendable>(
        _ step: Duration = .milliseconds(300),
        until work: @escaping @Sendable () async -> Value
    ) async -> Value {
        let ticking = Task { [clock] in
            while !Task.isCancelled {
                clock.advance(by: step)
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
        defer { ticking.cancel() }
        return await work()
    }
}
