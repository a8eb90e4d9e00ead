/// A text that agents put in with a few keystrokes.
package struct CannedReply: Hashable, Sendable {
    /// The slug that the agent types.
    package var id: String
    package var title: String
    /// Plain text or simple Markdown, sent as the agent leaves it.
    package var text: String

    package init(id: String, title: String, text: String) {
        self.id = id
        self.title = title
        self.text = text
    }

    static func readAll(_ text: String, file: String, faults: FaultList) -> [CannedReply] {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return [] }
        defer { fields.finish() }
        if !fields.has("canned") { fields.add(.missing("canned")) }
        return fields.entries("canned").map { entry in
            defer { entry.finish() }
            if !entry.has("id") { entry.add(.missing("id")) }
            return CannedReply(
                id: entry.slug("id") ?? "",
                title: entry.requiredText("title", limit: 100),
                text: entry.requiredText("text", limit: 4000)
            )
        }
    }
}
