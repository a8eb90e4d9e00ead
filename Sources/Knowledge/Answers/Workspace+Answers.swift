import Model

/// An answer ready to be sent.
package struct ComposedAnswer: Hashable, Sendable {
    package var blocks: [Block]
    package var sources: [Source]
    package var choices: [Choice]
    /// Facts that the template needs and that were missing: its fallback was used.
    package var missing: [String]

    /// Several answers as one, in order.
    package init(joining answers: [ComposedAnswer]) {
        blocks = answers.flatMap(\.blocks)
        sources = answers.flatMap(\.sources)
        var known: Set<String> = []
        choices = answers.flatMap(\.choices).filter { known.insert($0.id).inserted }
        missing = answers.flatMap(\.missing)
    }

    package init(
        blocks: [Block],
        sources: [Source],
        choices: [Choice],
        missing: [String]
    ) {
        self.blocks = blocks
        self.sources = sources
        self.choices = choices
        self.missing = missing
    }

    /// What the blocks say, for those who cannot show blocks.
    package var text: String { blocks.plainText }
}

extension Workspace {
    /// Writes the answer to an intent; nil for intents that only a person answers.
    ///
    /// `language`: the customer's; without a translation the intent's own is used.
    package func answer(
        to intent: IntentDefinition,
        facts: FactScope,
        language: String? = nil
    ) -> ComposedAnswer? {
        switch intent.answer {
        case .handOff: return nil
        case .article(let id):
            if let text = intent.translation(language)?.answer {
                return blocks(text, facts).map { blocks in
                    ComposedAnswer(
                        blocks: blocks,
                        sources: article(id).map { [$0.source] } ?? [],
                        choices: choices(of: intent, language),
                        missing: []
                    )
                }
            }
            return article(id).map { article in
                ComposedAnswer(
                    blocks: article.opening,
                    sources: [article.source],
                    choices: intent.choices,
                    missing: []
                )
            }
        case .template(let own):
            let missing = intent.needs.filter { facts[$0] == nil }
            let translation = intent.translation(language)
            let text = translation?.answer ?? own
            let fallback = translation?.answer == nil ? intent.fallback : translation?.fallback
            let template = missing.isEmpty ? text : fallback
            guard let blocks = blocks(template, facts) else { return nil }
            return ComposedAnswer(
                blocks: blocks,
                sources: [],
                choices: choices(of: intent, language),
                missing: missing
            )
        }
    }

    /// What the customer is told when an intent goes to a person; nil for the site's usual words.
    package func handOffMessage(
        of intent: IntentDefinition,
        facts: FactScope,
        language: String? = nil
    ) -> [Block]? {
        blocks(intent.translation(language)?.message ?? intent.message, facts)
    }

    /// The quick replies that go with an answer, titled by the intents they lead to.
    private func choices(of intent: IntentDefinition, _ language: String?) -> [Choice] {
        intent.choices.map { choice in
            guard let target = self.intent(choice.id)?.translation(language) else { return choice }
            return Choice(id: choice.id, title: target.title)
        }
    }

    /// A template of an intent or a workflow, filled in; nil when nothing of it is left.
    package func blocks(_ template: String?, _ facts: FactScope) -> [Block]? {
        guard let template, let blocks = templates[template]?.blocks(facts) else { return nil }
        return blocks.isEmpty ? nil : blocks
    }
}
