import Foundation

/// Texts that mean something alike, found among those that nobody has taught the core.
///
/// One run through the texts: each joins the group whose middle it is most like, if it is like enough,
/// or begins one of its own; a second run settles those that came early. Good enough to show a person
/// what customers ask for, who then names it.
public struct Clusters: Sendable {
    /// One group.
    public struct Cluster: Sendable, Hashable {
        /// The words that tell it from the others, most telling first.
        public internal(set) var words: [String]
        /// Places of its texts in what was given, the most typical first.
        public internal(set) var members: [Int]

        /// A name for an intent: the first words, as an identifier.
        public var name: String { words.prefix(2).joined(separator: "_") }
    }

    /// How alike a text and a group must be, 0…1.
    private static let likeness: Float = 0.42
    /// Texts beyond these are not looked at.
    private static let maximumTexts = 5000

    /// The groups of at least ``smallest`` texts, largest first.
    public let clusters: [Cluster]
    /// Fewer texts are chance.
    public static let smallest = 3

    /// Groups texts; some milliseconds for a hundred, some seconds for thousands.
    public init(_ texts: [String], embeddings: StaticEmbeddings?) {
        let points = texts.prefix(Self.maximumTexts).map { Point($0, embeddings) }
        var middles: [Point] = []
        var home = [Int](repeating: -1, count: points.count)
        for round in 0..<2 {
            for (place, point) in points.enumerated() {
                let best = middles.indices.max {
                    middles[$0].likeness(to: point) < middles[$1].likeness(to: point)
                }
                if let best, middles[best].likeness(to: point) >= Self.likeness {
                    if round == 0 { middles[best].add(point) }
                    home[place] = best
                } else if round == 0 {
                    middles.append(point)
                    home[place] = middles.count - 1
                }
            }
        }
        let common = Self.counts(texts)
        clusters = middles.indices.compactMap { group in
            let members = points.indices.filter { home[$0] == group }
            guard members.count >= Self.smallest else { return nil }
            let middle = middles[group]
            return Cluster(
                words: Self.telling(members.map { texts[$0] }, common, of: texts.count),
                members: members.sorted {
                    middle.likeness(to: points[$0]) > middle.likeness(to: points[$1])
                }
            )
        }
        .sorted { $0.members.count > $1.members.count }
    }

    /// A text, or the middle of several, as features.
    private struct Point {
        private var values: [UInt32: Float] = [:]
        private var dense: [Float]

        init(_ text: String, _ embeddings: StaticEmbeddings?) {
            let vector = FeatureVector(TurnText(text), embeddings: embeddings)
            for (bucket, value) in zip(vector.buckets, vector.values) {
                values[bucket, default: 0] += value
            }
            dense = vector.dense
        }

        mutating func add(_ other: Point) {
            for (bucket, value) in other.values { values[bucket, default: 0] += value }
            if dense.isEmpty {
                dense = other.dense
            } else if !other.dense.isEmpty {
                for index in dense.indices { dense[index] += other.dense[index] }
            }
        }

        /// Halfway between the cosine of the n-grams and that of the dense vectors.
        func likeness(to other: Point) -> Float {
            let (small, large) =
                values.count < other.values.count
                ? (values, other.values) : (other.values, values)
            var shared: Float = 0
            for (bucket, value) in small { shared += value * (large[bucket] ?? 0) }
            let grams = shared / (Self.length(values.values) * Self.length(other.values.values))
            guard !dense.isEmpty, !other.dense.isEmpty else { return grams }
            let product = zip(dense, other.dense).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            return (grams + product / (Self.length(dense) * Self.length(other.dense))) / 2
        }

        private static func length(_ values: some Sequence<Float>) -> Float {
            max(values.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot(), 1e-6)
        }
    }

    // MARK: - Words

    private static func words(_ text: String) -> Set<String> {
        Set(PlainWords(text).words.map(\.text).filter { $0.count > 2 })
    }

    private static func counts(_ texts: [String]) -> [String: Int] {
        texts.reduce(into: [:]) { counts, text in
            for word in words(text) { counts[word, default: 0] += 1 }
        }
    }

    /// Words that many of these texts have and few of the others.
    private static func telling(
        _ texts: [String],
        _ common: [String: Int],
        of total: Int
    ) -> [String] {
        counts(texts).map { word, count in
            let everywhere = Double(common[word] ?? count) / Double(total)
            let share = Double(count) / Double(texts.count)
            return (word, share * log((1 + share) / (0.02 + everywhere)))
        }
        .sorted { ($0.1, $1.0) > ($1.1, $0.0) }
        .prefix(6).map(\.0)
    }
}
