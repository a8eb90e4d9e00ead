import Model

/// A help article: Markdown with front matter, known by its slug.
package struct Article: Hashable, Sendable {
    package var id: String
    package var title: String
    /// One or two sentences of plain text.
    package var summary: String
    /// Markdown.
    package var body: String
    package var tags: [String]
    /// A BCP 47 tag, such as `en`.
    package var language: String
    /// The pages on which it is likelier to be what is wanted.
    package var pages: [PageGlob]
    package var updated: Timestamp?

    package init(
        id: String,
        title: String,
        summary: String = "",
        body: String,
        tags: [String] = [],
        language: String = "en",
        pages: [PageGlob] = [],
        updated: Timestamp? = nil
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.body = body
        self.tags = tags
        self.language = language
        self.pages = pages
        self.updated = updated
    }

    package var source: Source { Source(article: id, title: title) }

    package var blocks: [Block] { MarkdownRenderer.blocks(body) }

    /// What is said of it in a chat.
    ///
    /// Its opening up to the second heading, without the first, and at most a screen of text.
    package var opening: [Block] {
        var opening: [Block] = []
        var length = 0
        for block in blocks {
            if case .heading = block {
                if opening.isEmpty { continue }
                if length >= Self.enough { break }
            }
            let size = block.plainText.count
            if !opening.isEmpty, length + size > Self.screen { break }
            opening.append(block)
            length += size
        }
        if case .heading? = opening.last { opening.removeLast() }
        return opening
    }

    /// Characters after which an opening ends at the next heading.
    private static let enough = 300
    /// Characters of an opening at most, unless its first block alone is longer.
    private static let screen = 1200
}
