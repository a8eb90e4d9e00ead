import JSONCoding
import Knowledge
import Model
import Triage

/// A text to be read outside of any conversation, with what is known around it.
///
/// For those who keep their own ticket system: the same reading, the same rules and the same answers
/// as in a chat, without a chat.
package struct Ticket: Sendable {
    /// What was said before, oldest first.
    package struct Line: Sendable {
        package var isCustomer: Bool
        package var text: String

        package init(isCustomer: Bool, text: String) {
            self.isCustomer = isCustomer
            self.text = text
        }
    }

    package var text: String
    package var contact: Contact?
    package var facts: JSON.Object = [:]
    package var page: PageContext?
    package var history: [Line] = []

    package init(text: String) { self.text = text }
}

/// What the core makes of a ticket, and what it would do.
package struct TicketReading: Sendable {
    package var decision: Decision
    package var reading: Reading
    /// The likeliest intent, if the workspace has it.
    package var intent: IntentDefinition?
    package var priority: Priority
    /// What would be answered: also where a person is to decide, as a suggestion.
    package var answer: ComposedAnswer?
    /// Who should look at it, if a person must.
    package var queue: String?
    /// Why a person must.
    package var reason: Reason?
}

extension TriageDesk {
    /// Reads a ticket: some tenths of a millisecond; changes nothing.
    package func read(_ ticket: Ticket, at now: Timestamp) -> TicketReading {
        let engine = current
        let conversation = Self.conversation(of: ticket, at: now)
        let reader = TurnReader(
            engine: engine,
            conversation: conversation,
            contact: ticket.contact,
            botName: "",
            isAnybodyOnline: true,
            now: now
        )
        guard let conclusion = reader.conclude() else {
            preconditionFailure("a ticket ends with words of the customer")
        }
        let decision = conclusion.decision
        let words = conversation.unanswered.map(\.text).joined(separator: "\n")
        let reading = engine.core.read(words, context: decision.context)
        let intent = decision.intent.flatMap { engine.workspace.intent($0) }
        var result = TicketReading(
            decision: decision,
            reading: reading,
            intent: intent,
            priority: Priority(reading, intent)
        )
        if let intent {
            let facts = FactScope(
                sources: [FactScope.Source(name: "contact", facts: ticket.facts)],
                name: ticket.contact?.name,
                email: ticket.contact?.email,
                page: ticket.page
            )
            result.answer = engine.workspace.answer(
                to: intent,
                facts: facts,
                language: reading.language.code
            )
        }
        if case .handOff(let reason, let skill, _) = conclusion.effect {
            result.reason = reason
            result.queue = skill
        }
        return result
    }

    /// The ticket as the conversation it would have been.
    private static func conversation(of ticket: Ticket, at now: Timestamp) -> Conversation {
        let contact = ContactID.make(at: now)
        var conversation = Conversation(
            id: .make(at: now),
            site: .make(at: now),
            contact: contact,
            at: now
        )
        func say(_ text: String, _ author: Author) {
            conversation.apply(
                .message(Message(id: .make(at: now), author: author, text: text, at: now))
            )
        }
        if !ticket.facts.isEmpty {
            let sheet = Event.FactSheet(
                source: "contact",
                title: "Contact",
                facts: ticket.facts,
                at: now
            )
            conversation.apply(.facts(sheet))
        }
        if let page = ticket.page { conversation.apply(.context(page, at: now)) }
        let agent = AgentID.make(at: now)
        for line in ticket.history {
            say(
                line.text,
                line.isCustomer ? .customer(contact, name: nil) : .agent(agent, name: "")
            )
        }
        say(ticket.text, .customer(contact, name: nil))
        return conversation
    }
}
