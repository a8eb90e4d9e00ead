import JSONCoding
import Knowledge
import Model

/// Writes the briefing of a conversation from its log alone: no model, no waiting.
package struct BriefingBuilder: Sendable {
    package var conversation: Conversation
    package var contact: Contact?
    /// The title of an intent, by its name.
    package var titles: [String: String]
    package var suggestions: [Briefing.Suggestion]

    package init(
        _ conversation: Conversation,
        contact: Contact?,
        titles: [String: String],
        suggestions: [Briefing.Suggestion]
    ) {
        self.conversation = conversation
        self.contact = contact
        self.titles = titles
        self.suggestions = suggestions
    }

    package func build() -> Briefing {
        var briefing = Briefing()
        let decision = conversation.lastDecision
        briefing.wants = wants
        briefing.why = conversation.reason ?? briefing.why
        briefing.page = conversation.context
        briefing.trail = conversation.trail
        briefing.facts = conversation.facts.values.sorted { $0.source < $1.source }
        briefing.mood = decision?.mood ?? 0
        briefing.trend = trend
        briefing.tried = tried
        briefing.collected = collected
        briefing.suggestions = suggestions
        briefing.language = decision?.language ?? conversation.context?.locale ?? "en"
        briefing.priority = decision?.urgency ?? 0
        briefing.priorityBecause = decision?.urgencyReasons ?? []
        briefing.summary = summary(briefing)
        return briefing
    }

    private var wants: [Briefing.Want] {
        guard let decision = conversation.matter else { return [] }
        let evidence = decision.evidence.filter { $0.weight > 0 }.prefix(5).map(\.text)
        return decision.ranking.prefix(3).enumerated().map { index, ranked in
            Briefing.Want(
                intent: ranked.intent,
                title: ranked.title,
                confidence: ranked.probability,
                evidence: index == 0 ? evidence : []
            )
        }
    }

    /// Whether the mood of the last turns goes up or down.
    private var trend: Briefing.Trend {
        let moods = conversation.decisions.suffix(4).map(\.mood)
        guard let first = moods.first, let last = moods.last, moods.count > 1 else {
            return .steady
        }
        if last - first > 0.75 { return .rising }
        return last - first < -0.75 ? .falling : .steady
    }

    /// What the assistant did, and how the customer took it.
    private var tried: [Briefing.Tried] {
        conversation.decisions.compactMap { decision in
            guard let intent = decision.intent else { return nil }
            let title = titles[intent] ?? intent
            let isLast = decision.id == conversation.lastDecision?.id
            switch decision.action {
            case .answer:
                return Briefing.Tried(
                    what: "Answered “\(title)”",
                    result: isLast ? "No word from the customer since" : "The customer wrote again"
                )
            case .clarify:
                return Briefing.Tried(
                    what: "Asked which of several things is meant",
                    result: isLast ? "Not answered yet" : "The customer wrote again"
                )
            case .step, .handOff, .silent: return nil
            }
        } + processes
    }

    /// How far workflows have come, and what they found.
    private var processes: [Briefing.Tried] {
        conversation.workflows.map { run in
            let found = run.slots.members.compactMap { slot -> String? in
                switch slot.value {
                case .string(let text): "\(slot.key): \(text.prefix(80))"
                case .int, .double, .bool: "\(slot.key): \(slot.value.text)"
                case .object(let result):
                    (result["summary"]?.stringValue).map { "\(slot.key): \($0.prefix(200))" }
                case .null, .array: nil
                }
            }
            let end =
                switch run.state {
                case .running: "At “\(run.step)”"
                case .done: "Done"
                case .handedOff: "Up to “\(run.step)”"
                case .stopped: "The customer did not want to go on"
                }
            return Briefing.Tried(
                what: "Went through “\(run.title)”",
                result: ([end] + found).joined(separator: "; ")
            )
        }
    }

    private var collected: JSON.Object {
        var collected: JSON.Object = [:]
        collected["name"] = contact?.name.map(JSON.string)
        collected["email"] = (conversation.address ?? contact?.email).map(JSON.string)
        // What was asked once is not asked again, whoever goes on.
        for run in conversation.workflows where run.state != .stopped {
            for slot in run.slots.members where slot.value.objectValue == nil {
                collected[slot.key] = slot.value
            }
        }
        if let facts = conversation.context?.facts, !facts.isEmpty {
            collected["page"] = .object(facts)
        }
        return collected
    }

    private func summary(_ briefing: Briefing) -> String {
        let name = contact?.name ?? "The customer"
        var sentences: [String] = []
        let said = conversation.recent.filter { $0.message.author.kind == "customer" }
        if let first = said.first?.message {
            sentences.append("\(name) \(Self.words(of: first))")
        } else {
            sentences.append("\(name) has not written anything yet.")
        }
        if said.count > 1, let last = said.last?.message {
            sentences.append("Latest of \(said.count) messages: \(Self.quoted(last.outline))")
        }
        if let want = briefing.wants.first, want.confidence >= 0.3 {
            let sure = Int((want.confidence * 100).rounded())
            sentences.append("Probably about \(want.title.lowercased()) (\(sure) % sure).")
        }
        if let page = conversation.context {
            sentences.append("Looking at \(page.title ?? page.page ?? page.path).")
        }
        sentences.append(briefing.why.text)
        return sentences.joined(separator: " ")
    }

    private static func words(of message: Message) -> String {
        message.text.isEmpty ? "sent \(message.outline)." : "wrote: \(quoted(message.text))"
    }

    /// The words in quotation marks, with one full stop in all.
    private static func quoted(_ text: String) -> String {
        let text = text.count <= 160 ? text : text.prefix(159) + "…"
        let isFinished = text.last.map { ".?!…".contains($0) } ?? false
        return "“\(text)”" + (isFinished ? "" : ".")
    }
}
