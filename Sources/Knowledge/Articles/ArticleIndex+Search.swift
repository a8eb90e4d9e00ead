import Foundation

extension ArticleIndex {
    package struct Hit: Hashable, Sendable {
        package var article: Article
        /// The best passage of the article.
        package var passage: Passage
        /// BM25 with the boost of the page; comparable within one search only.
        package var score: Double
        /// How much of the query the passage and its titles mention, from 0 to 1, rare words more.
        package var coverage: Double
        /// A line or two of the passage around the words searched for.
        package var snippet: String
    }

    /// Words of a query that are looked at.
    private static let maximumQuery = 64
    private static let k1: Float = 1.2
    private static let b: Float = 0.75
    private static let pageBoost = 1.25

    /// Finds the articles that fit a text best, one hit an article, the best first.
    ///
    /// Articles about the page that the customer is on gain a quarter. With a language, only
    /// articles in it are looked at, where there are any.
    package func search(
        _ query: String,
        page: String? = nil,
        language: String? = nil,
        limit: Int = 5
    ) -> [Hit] {
        var seen: Set<String> = []
        let words = SearchWords.words(String(query.prefix(4000))).filter {
            seen.insert($0).inserted
        }
        .prefix(Self.maximumQuery)
        guard !words.isEmpty, !entries.isEmpty else { return [] }
        let found = scores(of: Array(words))
        let allowed = articles(in: language)
        var best: [Int: (entry: Int, score: Double, coverage: Double)] = [:]
        for (entry, score, coverage) in found {
            let article = entries[entry].article
            guard allowed?.contains(article) ?? true else { continue }
            let boost = articles[article].pages.matches(page) ? Self.pageBoost : 1
            let boosted = Double(score) * boost
            // Entries come in their order, so that equal scores keep the earlier passage.
            if boosted > best[article]?.score ?? 0 {
                best[article] = (entry, boosted, Double(coverage))
            }
        }
        let ranked = best.sorted { left, right in
            left.value.score != right.value.score
                ? left.value.score > right.value.score : left.key < right.key
        }
        return ranked.prefix(max(0, limit)).map { number, match in
            let passage = entries[match.entry].passage
            return Hit(
                article: articles[number],
                passage: passage,
                score: match.score,
                coverage: match.coverage,
                snippet: Snippet.of(passage.text, around: seen)
            )
        }
    }

    private func scores(of words: [String]) -> [(entry: Int, score: Float, coverage: Float)] {
        var scores = [Float](repeating: 0, count: entries.count)
        var matched = [Float](repeating: 0, count: entries.count)
        var total: Float = 0
        let count = Float(entries.count)
        for word in words {
            let list = postings[word] ?? []
            let frequency = Float(list.count)
            let rarity = logf(1 + (count - frequency + 0.5) / (frequency + 0.5))
            total += rarity
            for posting in list {
                let entry = Int(posting.passage)
                let norm = 1 - Self.b + Self.b * entries[entry].length / meanLength
                let weight = posting.weight
                scores[entry] += rarity * weight * (Self.k1 + 1) / (weight + Self.k1 * norm)
                matched[entry] += rarity
            }
        }
        return entries.indices.compactMap { entry in
            scores[entry] > 0 ? (entry, scores[entry], total > 0 ? matched[entry] / total : 0) : nil
        }
    }

    /// The articles in a language, compared by its first part; nil when there are none.
    private func articles(in language: String?) -> Set<Int>? {
        guard let wanted = language?.split(separator: "-").first?.lowercased() else { return nil }
        let matching = articles.indices.filter { index in
            articles[index].language.split(separator: "-").first?.lowercased() == wanted
        }
        return matching.isEmpty ? nil : Set(matching)
    }
}
