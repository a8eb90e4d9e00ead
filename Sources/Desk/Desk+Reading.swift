import Knowledge
import Model
import Triage

/// The desk's use of the triage core.
extension Desk {
    /// What a reading rests on besides the conversation.
    struct Circumstances: Equatable {
        /// Which engine it is; see ``TriageDesk/Engine``.
        var engine: Int
        var isAnybodyOnline: Bool
    }

    /// Those of somebody who read now.
    var circumstances: Circumstances {
        Circumstances(engine: triage.generation, isAnybodyOnline: floor.isAnybodyOnline)
    }

    /// Reads with the engine and the floor as they are now.
    func reader(_ conversation: Conversation, contact: Contact?, site: Site?) -> TurnReader {
        TurnReader(
            engine: triage.current,
            conversation: conversation,
            contact: contact,
            botName: site?.botName ?? "Assistant",
            isAnybodyOnline: floor.isAnybodyOnline,
            now: clock.now
        )
    }

    /// Whether somebody may have an idea what the turn is about that the core is not sure of.
    func hasSecondOpinion(on conclusion: Command.Conclusion) -> Bool {
        guard integrations.namesCandidates, case .handOff = conclusion.effect else { return false }
        return TurnReader.unsureRules.contains(conclusion.decision.rule)
    }

    /// The conclusion, or a question to the customer where somebody has an idea what an unsure turn may
    /// be about.
    ///
    /// Asked where ``hasSecondOpinion(on:)``; takes up to ``DeskOptions/candidateDeadline``.
    func secondOpinion(
        on conclusion: Command.Conclusion,
        in conversation: Conversation,
        site: Site?
    ) async -> Command.Conclusion {
        let engine = triage.current
        let names = await integrations.candidates(
            for: CandidateQuestion(
                text: conversation.unanswered.map(\.text).joined(separator: "\n"),
                history: conversation.recent.suffix(10).map(\.message),
                intents: engine.workspace.intents.map {
                    CandidateQuestion.Intent(name: $0.name, title: $0.title)
                }
            ),
            within: options.candidateDeadline
        )
        return reader(conversation, contact: nil, site: site)
            .asking(about: names, instead: conclusion)
    }

    /// The briefing of a conversation as it stands.
    package func briefing(for conversation: Conversation, contact: Contact?) -> Briefing {
        let engine = triage.current
        let titles = Dictionary(
            engine.workspace.intents.map { ($0.name, $0.title) },
            uniquingKeysWith: { first, _ in first }
        )
        return BriefingBuilder(
            conversation,
            contact: contact,
            titles: titles,
            suggestions: suggestions(for: conversation, contact, engine)
        ).build()
    }

    /// The words that tell a customer that a person is being found, or that none is there.
    package func handOffNotice(language: String?) -> Command.Notice {
        let phrases = Phrases.in(language)
        return Command.Notice(
            id: .make(at: clock.now),
            text: floor.isAnybodyOnline ? phrases.handOff : phrases.nobodyThere
        )
    }

    /// Texts that an agent might send: the likeliest intent's answer, then articles that fit.
    private func suggestions(
        for conversation: Conversation,
        _ contact: Contact?,
        _ engine: TriageDesk.Engine
    ) -> [Briefing.Suggestion] {
        var suggestions: [Briefing.Suggestion] = []
        let facts = FactScope(
            sources: conversation.facts.values.map {
                FactScope.Source(name: $0.source, facts: $0.facts)
            },
            name: contact?.name,
            email: contact?.email,
            page: conversation.context
        )
        // "Get me a person" says nothing about the matter: what was asked before does.
        let matter = conversation.decisions.last {
            $0.rule != "asked_for_person" && $0.isOfMatter
        }
        if let ranked = matter?.ranking.first, ranked.probability >= 0.2,
            let intent = engine.workspace.intent(ranked.intent),
            let answer = engine.workspace.answer(to: intent, facts: facts)
        {
            suggestions.append(
                Briefing.Suggestion(
                    text: answer.text,
                    source: intent.title,
                    confidence: ranked.probability,
                    intent: intent.name
                )
            )
        }
        let asked = conversation.recent.last { spoken in
            spoken.message.author.kind == "customer"
                && !PersonWish.isExpressed(in: spoken.message.text)
        }
        // Answers to a workflow's questions are no question: no article is about "Yes".
        let isInWorkflow = conversation.workflows.last?.state == .handedOff
        if let asked, !isInWorkflow {
            let hits = engine.articles.search(
                asked.message.text,
                page: conversation.context?.page,
                language: nil,
                limit: 2
            )
            suggestions += hits.map { hit in
                Briefing.Suggestion(
                    text: hit.article.opening.plainText,
                    source: hit.article.title,
                    confidence: min(1, hit.coverage)
                )
            }
        }
        return suggestions
    }
}
