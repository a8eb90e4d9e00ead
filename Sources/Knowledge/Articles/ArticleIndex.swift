import Foundation

/// Retrieval over the passages of articles by BM25, in memory.
///
/// A value: built from the articles in a few milliseconds and replaced as a whole when they change.
/// Titles, headings and tags count as words of each passage, several times over.
package struct ArticleIndex: Sendable {
    struct Posting: Sendable {
        var passage: Int32
        var weight: Float
    }

    struct Entry: Sendable {
        var passage: Passage
        var article: Int
        var length: Float
    }

    package let articles: [Article]
    private(set) var entries: [Entry] = []
    private(set) var postings: [String: [Posting]] = [:]
    private(set) var meanLength: Float = 1

    package init(_ articles: [Article]) {
        self.articles = articles
        for (number, article) in articles.enumerated() {
            let title = SearchWords.words(article.title)
            let tags = article.tags.flatMap(SearchWords.words)
            for passage in Passage.passages(of: article) {
                add(passage, of: number, title: title, tags: tags)
            }
        }
        let total = entries.reduce(0) { $0 + $1.length }
        if total > 0 { meanLength = total / Float(entries.count) }
    }

    private mutating func add(
        _ passage: Passage,
        of article: Int,
        title: [String],
        tags: [String]
    ) {
        var weights: [String: Float] = [:]
        func count(_ words: [String], _ weight: Float) {
            for word in words { weights[word, default: 0] += weight }
        }
        let text = SearchWords.words(passage.text)
        count(text, 1)
        count(passage.heading.map(SearchWords.words) ?? [], Self.headingWeight)
        count(title, Self.titleWeight)
        count(tags, Self.tagWeight)
        let number = Int32(entries.count)
        for (word, weight) in weights {
            postings[word, default: []].append(Posting(passage: number, weight: weight))
        }
        // Only its own words make a passage long: a fitting title must not count against it.
        let length = Float(text.count)
        entries.append(Entry(passage: passage, article: article, length: length))
    }

    private static let titleWeight: Float = 3
    private static let headingWeight: Float = 2
    private static let tagWeight: Float = 1.5
}
