import Model

/// Examples of intents from a table with the columns `text` and `intent`, such as public data sets.
package struct IntentTable: Sendable {
    package struct Example: Hashable, Sendable {
        package var text: String
        /// A slug, made of the table's label.
        package var intent: String
    }

    package let examples: [Example]

    /// Reads CSV; rows with an empty text or label are passed over, other columns are ignored.
    package init(csv text: String) throws(CSVFault) {
        let table = try CSVTable(text)
        let textColumn = try table.column("text")
        let intentColumn = try table.column("intent")
        examples = table.rows.compactMap { row in
            let text = row.fields[textColumn].trimmed
            guard !text.isEmpty, text.utf8.count <= 4096,
                let intent = Slug.make(from: row.fields[intentColumn])
            else { return nil }
            return Example(text: text, intent: intent)
        }
    }

    /// Adds the examples to intents, in their order.
    ///
    /// An intent that is not there yet is made, with an answer that says what
    /// was understood until somebody writes a better one.
    package func merged(into intents: [IntentDefinition]) -> [IntentDefinition] {
        var intents = intents
        var places = Dictionary(
            intents.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var known = intents.map { Set($0.examples) }
        for example in examples {
            let place: Int
            if let existing = places[example.intent] {
                place = existing
            } else {
                place = intents.count
                places[example.intent] = place
                intents.append(Self.unwritten(example.intent))
                known.append([])
            }
            if known[place].insert(example.text).inserted {
                intents[place].examples.append(example.text)
            }
        }
        return intents
    }

    private static func unwritten(_ name: String) -> IntentDefinition {
        let words = Slug.words(name)
        let title = words.prefix(1).uppercased() + words.dropFirst()
        let answer =
            "This looks like **\(words)** (\(name)). We have no written answer to that yet; "
            + "just say so if you would like to talk to a person."
        return IntentDefinition(
            name: name,
            title: String(title.prefix(80)),
            description: words,
            examples: [],
            answer: .template(answer),
            choices: [Choice(id: IntentDefinition.human, title: "Talk to a person")]
        )
    }
}
