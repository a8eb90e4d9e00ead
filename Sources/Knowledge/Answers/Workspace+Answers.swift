import Model

/// An answer ready to be sent.
package struct ComposedAnswer: Hashable, Sendable {
    package var blocks: [Block]
    package var sources: [Source]
    package var choices: [Choice]
    /// Facts that the template needs and that were missing: its fallback was used.
    package var missing: [String]

    /// What the blocks say, for those who cannot show blocks.
    package var text: String { blocks.plainText }
}

extension Workspace {
    /// Writes the answer to an intent; nil for intents that only a person answers.
    package func answer(to intent: IntentDefinition, facts: FactScope) -> ComposedAnswer? {
        switch intent.answer {
        case .handOff: return nil
        case .article(let id):
            return article(id).map { article in
                ComposedAnswer(
                    blocks: article.opening,
                    sources: [article.source],
                    choices: intent.choices,
                    missing: []
                )
            }
        case .template(let text):
            let missing = intent.needs.filter { facts[$0] == nil }
            let template = missing.isEmpty ? text : intent.fallback
            guard let blocks = blocks(template, facts) else { return nil }
            return ComposedAnswer(
                blocks: blocks,
                sources: [],
                choices: intent.choices,
                missing: missing
            )
        }
    }

    /// What the customer is told when an intent goes to a person; nil for the site's usual words.
    package func handOffMessage(of intent: IntentDefinition, facts: FactScope) -> [Block]? {
        blocks(intent.message, facts)
    }

    private func blocks(_ template: String?, _ facts: FactScope) -> [Block]? {
        guard let template, let blocks = templates[template]?.blocks(facts) else { return nil }
        return blocks.isEmpty ? nil : blocks
    }
}
