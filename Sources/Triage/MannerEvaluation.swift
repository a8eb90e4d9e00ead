import Foundation

/// How well is heard how a turn is said: feelings, and reasons for a machine to step back.
public struct MannerEvaluation: Sendable {
    /// Reasons to step back, found at a certainty.
    public struct Point: Sendable, Hashable {
        /// The certainty.
        public internal(set) var certainty: Float
        /// The share of sentences with a reason that are found, whatever reason is named.
        public internal(set) var found: Double
        /// The share of sentences without a reason that are taken for one.
        public internal(set) var falseAlarms: Double
        /// The same of ordinary messages, if there were any.
        public internal(set) var ordinary: Double?
    }

    /// Correlation with people's ratings.
    public struct Hearing: Sendable, Hashable {
        /// How many rated sentences there were.
        public internal(set) var sentences: Int
        /// Of the rules alone.
        public internal(set) var rules: Double
        /// Of the learned part alone.
        public internal(set) var learned: Double
        /// Of both together.
        public internal(set) var together: Double

        fileprivate init(_ heard: [Heard]) {
            let ratings = heard.map(\.rating)
            sentences = heard.count
            rules = MannerEvaluation.correlation(heard.map(\.rules), ratings)
            learned = MannerEvaluation.correlation(heard.map(\.learned), ratings)
            together = MannerEvaluation.correlation(heard.map(\.together), ratings)
        }
    }

    /// Judges reasons to step back on the package's own sentences, each fifth by what was learned from
    /// the others; rules have a say as they have in a reading.
    ///
    /// - Parameters:
    ///   - workspace: Examples of a workspace, whose everyday matters are no reason.
    ///   - ordinary: Messages that give no reason either, to see how many are taken for one.
    ///   - embeddings: The static table.
    /// - Returns: One point for each certainty.
    public static func steppingBack(
        workspace: [Example] = [],
        ordinary: [String] = [],
        embeddings: StaticEmbeddings?
    ) -> [Point] {
        let intents = Dictionary(grouping: workspace) { $0.intent ?? "" }
        let calm = Manner.everyday(
            intents.sorted { $0.key < $1.key }.map { $0.value.map(\.text) }
        )
        let all = Manner.Sentences.bundled.findings
        var judged: [(certainty: Float, isReason: Bool)] = []
        for fold in 0..<5 {
            var kept = Manner.Sentences()
            kept.findings = all.enumerated().filter { $0.offset % 5 != fold }.map(\.element)
            let manner = Manner(kept, calm: calm, embeddings: embeddings)
            for (place, sentence) in all.enumerated() where place % 5 == fold {
                let certainty = certainty(sentence.text, manner, embeddings)
                judged.append((certainty, sentence.kind != "none"))
            }
        }
        let reasons = judged.filter(\.isReason)
        let others = judged.filter { !$0.isReason }
        let whole = Manner.bundled(calm: calm, embeddings)
        let certainties = ordinary.map { certainty($0, whole, embeddings) }
        return Self.steps.map { step in
            Point(
                certainty: step,
                found: share(of: reasons) { $0.certainty >= step },
                falseAlarms: share(of: others) { $0.certainty >= step },
                ordinary: ordinary.isEmpty ? nil : share(of: certainties) { $0 >= step }
            )
        }
    }

    /// How sure it is that a machine should step back; what rules find is certain.
    private static func certainty(
        _ text: String,
        _ manner: Manner,
        _ embeddings: StaticEmbeddings?
    ) -> Float {
        if Distress(in: text) != nil || PersonWish.isExpressed(in: text) { return 1 }
        return manner.hear(FeatureVector(TurnText(text), embeddings: embeddings)).certainty
    }

    private static let steps = stride(from: 0.2, through: 0.901, by: 0.05).map { Float($0) }

    /// Judges moods on sentences that people rated.
    public static func mood(
        _ rated: [(text: String, score: Float)],
        embeddings: StaticEmbeddings?
    ) -> Hearing {
        let manner = Manner.bundled(calm: [], embeddings)
        return Hearing(rated.map { Heard($0, manner, embeddings) })
    }

    /// Judges moods on the package's own sentences, each fifth by what was learned from the others.
    public static func heldOutMood(embeddings: StaticEmbeddings?) -> Hearing {
        heldOutMood(Manner.Sentences.bundled.moods, beside: [], embeddings: embeddings)
    }

    /// Judges moods on rated sentences, each fifth by what was learned from the others and from the
    /// package's own.
    public static func heldOutMood(
        _ rated: [(text: String, score: Float)],
        embeddings: StaticEmbeddings?
    ) -> Hearing {
        heldOutMood(rated, beside: Manner.Sentences.bundled.moods, embeddings: embeddings)
    }

    private static func heldOutMood(
        _ rated: [(text: String, score: Float)],
        beside own: [(text: String, score: Float)],
        embeddings: StaticEmbeddings?
    ) -> Hearing {
        var heard: [Heard] = []
        for fold in 0..<5 {
            var kept = Manner.Sentences()
            kept.moods = own + rated.enumerated().filter { $0.offset % 5 != fold }.map(\.element)
            let manner = Manner(kept, calm: [], embeddings: embeddings)
            for (place, sentence) in rated.enumerated() where place % 5 == fold {
                heard.append(Heard(sentence, manner, embeddings))
            }
        }
        return Hearing(heard)
    }

    /// One sentence as people, rules and models hear it.
    fileprivate struct Heard {
        var rating: Double
        var rules: Double
        var learned: Double
        var together: Double

        init(
            _ sentence: (text: String, score: Float),
            _ manner: Manner,
            _ embeddings: StaticEmbeddings?
        ) {
            var mood = Mood(of: sentence.text)
            let features = FeatureVector(TurnText(sentence.text), embeddings: embeddings)
            let heard = manner.hear(features).mood
            rating = Double(sentence.score)
            rules = Double(mood.score)
            learned = Double(heard)
            mood.add(heard)
            together = Double(mood.score)
        }
    }

    private static func share<Item>(of items: [Item], where holds: (Item) -> Bool) -> Double {
        Double(items.count(where: holds)) / Double(max(1, items.count))
    }

    /// Pearson's r.
    fileprivate static func correlation(_ x: [Double], _ y: [Double]) -> Double {
        let (meanX, meanY) = (mean(x), mean(y))
        var (xy, xx, yy) = (0.0, 0.0, 0.0)
        for (x, y) in zip(x, y) {
            xy += (x - meanX) * (y - meanY)
            xx += (x - meanX) * (x - meanX)
            yy += (y - meanY) * (y - meanY)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}
