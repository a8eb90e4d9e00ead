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

/// How soon somebody should see to it: how pressing it is, times how much hangs on it.
package struct Priority: Hashable, Sendable {
    package enum Level: String, Sendable, CaseIterable { case urgent, high, normal, low }

    /// 0…1.
    package var urgency: Double
    /// 0…1.
    package var impact: Double
    /// Why, strongest first.
    package var because: [String]

    package var score: Double { urgency * impact }

    /// A matter-of-fact question about an ordinary thing is normal.
    package var level: Level {
        switch score {
        case 0.5...: .urgent
        case 0.2...: .high
        case 0.03...: .normal
        default: .low
        }
    }

    init(_ reading: Reading, _ intent: IntentDefinition?) {
        urgency = Double(reading.urgency.score)
        impact = intent?.impact ?? 0.5
        because = reading.urgency.reasons.map(\.rawValue)
        if let intent, impact != 0.5 { because.append("impact of \(intent.name)") }
        switch reading.distress?.kind {
        case .crisis?, .safety?:
            impact = 1
            because.append("somebody's safety")
        case .legal?: impact = max(impact, 0.8)
        default: break
        }
    }
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

    /// Has something learned that another program knows, once it is kept.
    ///
    /// Each report may bring a word by which a repeat is recognised.
    package func learn(from reports: [OutcomeReport], at time: Timestamp) async throws(LogFailure) {
        guard let book else { return }
        let core = current.core
        let entries = reports.map { report in
            var entry = LearningEntry(
                report.verdict,
                of: Scrubber(report.contact).scrub(report.text),
                context: report.context.filter { Scrubber(report.contact).scrub($0) == $0 },
                reading: core.read(report.text, context: report.context),
                wasAnswered: report.wasAnswered,
                witness: .program,
                rule: "reported",
                at: time
            )
            entry.reference = report.reference
            if report.wasAnswered, let answered = report.answered { entry.answered = answered }
            return entry
        }
        try await book.keep(entries, readUpTo: nil)
        try await learn()
    }
}

/// What another program says came of a text.
package struct OutcomeReport: Sendable {
    package var text: String
    package var context: [String]
    package var contact: Contact?
    package var verdict: Outcome.Verdict
    /// The customer was given the answer of the intent read first.
    package var wasAnswered: Bool
    /// The intent whose answer that was, where it is known; else what is read first now.
    package var answered: String?
    /// A repeat of it changes nothing.
    package var reference: String?

    package init(
        text: String,
        context: [String],
        contact: Contact?,
        verdict: Outcome.Verdict,
        wasAnswered: Bool,
        answered: String?,
        reference: String?
    ) {
        self.text = text
        self.context = context
        self.contact = contact
        self.verdict = verdict
        self.wasAnswered = wasAnswered
        self.answered = answered
        self.reference = reference
    }
}
