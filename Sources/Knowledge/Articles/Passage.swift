import Model

/// A stretch of an article that is found and quoted on its own: a few paragraphs under one heading.
package struct Passage: Hashable, Sendable {
    package var article: String
    /// Its place in the article, from 0.
    package var number: Int
    package var heading: String?
    /// Plain text.
    package var text: String

    /// Words after which a passage ends with its paragraph.
    private static let fullAt = 90

    /// Cuts an article at its headings and, where a section is long, between its paragraphs.
    static func passages(of article: Article) -> [Passage] {
        var passages: [Passage] = []
        var heading: String?
        var parts: [String] = article.summary.isEmpty ? [] : [article.summary]
        func close() {
            guard !parts.isEmpty else { return }
            passages.append(
                Passage(
                    article: article.id,
                    number: passages.count,
                    heading: heading,
                    text: parts.joined(separator: "\n\n")
                )
            )
            parts = []
        }
        for block in article.blocks {
            if case .heading(_, let inline) = block {
                close()
                heading = inline.plainText
                continue
            }
            parts.append(block.plainText)
            if parts.reduce(0, { $0 + $1.split(separator: " ").count }) >= fullAt { close() }
        }
        close()
        return passages
    }
}
