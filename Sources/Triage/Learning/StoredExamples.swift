/// The examples kept of each intent, to find the one nearest to a turn.
///
/// Likeness to something a person has taught is the evidence that a turn is in scope at all:
/// without it the most confident answers to near-domain unknowns are wrong. Looking only at the
/// examples of the likeliest intent is as good as looking at all (held-out rows of CLINC150), and
/// takes microseconds.
struct StoredExamples: Sendable {
    /// The most examples kept of an intent.
    static let maximumPerIntent = 30

    private var shelves: [Shelf]

    /// Keeps examples spread evenly over each intent's list: neighbours in a list are often alike.
    ///
    /// - Parameters:
    ///   - set: The examples.
    ///   - candidates: Which of them may be kept.
    ///   - text: The words of one of them.
    init(_ set: TrainingSet, members candidates: [Int], text: (Int) -> String = { _ in "" }) {
        var ofIntent = [[Int]](repeating: [], count: set.classes)
        for member in candidates {
            if let label = set.label(of: member) { ofIntent[label].append(member) }
        }
        shelves = ofIntent.map { list in
            var shelf = Shelf(dimensions: set.dimensions)
            let count = min(list.count, Self.maximumPerIntent)
            for place in 0..<count {
                let member = list[place * list.count / count]
                shelf.append(text(member), set.vectors[member])
            }
            return shelf
        }
    }

    /// Builds from examples already chosen, as a snapshot names them.
    ///
    /// - Parameters:
    ///   - examples: Text and features of each intent's examples.
    ///   - dimensions: The length of a dense vector.
    init(_ examples: [[(text: String, vector: FeatureVector)]], dimensions: Int) {
        shelves = examples.map { list in
            var shelf = Shelf(dimensions: dimensions)
            for example in list { shelf.append(example.text, example.vector) }
            return shelf
        }
    }

    /// The words of an intent's examples.
    func texts(of intent: Int) -> [String] { shelves[intent].texts }

    /// The nearest example of an intent and its likeness, 0…1.
    ///
    /// The likeness is the cosine, halfway between that of the n-grams and that of the dense
    /// vectors: the first holds in any language, the second knows paraphrases.
    func nearest(to query: FeatureQuery, of intent: Int) -> (text: String, similarity: Float)? {
        shelves[intent].nearest(to: query)
    }

    /// Keeps one more example of an intent; of too many the oldest goes, and none is kept twice.
    mutating func add(_ text: String, _ vector: FeatureVector, to intent: Int) {
        guard !shelves[intent].texts.contains(text) else { return }
        shelves[intent].append(text, vector)
        if shelves[intent].count > Self.maximumPerIntent { shelves[intent].removeFirst() }
    }

    /// Makes room for the examples of one more intent.
    mutating func addIntent(dimensions: Int) { shelves.append(Shelf(dimensions: dimensions)) }
}

/// The examples of one intent, flat in memory.
private struct Shelf: Sendable {
    private(set) var texts: [String] = []
    private var buckets: [UInt32] = []
    private var values: [Float] = []
    private var starts: [Int] = [0]
    private var dense: [Float] = []
    private var hasDense: [Bool] = []
    private let dimensions: Int

    init(dimensions: Int) { self.dimensions = dimensions }

    var count: Int { texts.count }

    mutating func append(_ text: String, _ vector: FeatureVector) {
        texts.append(text)
        buckets.append(contentsOf: vector.buckets.prefix(vector.textFeatures))
        values.append(contentsOf: vector.values.prefix(vector.textFeatures))
        starts.append(buckets.count)
        hasDense.append(!vector.dense.isEmpty)
        dense.append(
            contentsOf: vector.dense.isEmpty
                ? [Float](repeating: 0, count: dimensions) : vector.dense
        )
    }

    mutating func removeFirst() {
        let features = starts[1]
        texts.removeFirst()
        buckets.removeFirst(features)
        values.removeFirst(features)
        starts = starts.dropFirst().map { $0 - features }
        hasDense.removeFirst()
        dense.removeFirst(dimensions)
    }

    func nearest(to query: FeatureQuery) -> (text: String, similarity: Float)? {
        var best: (example: Int, similarity: Float)?
        query.withLookup { lookup in
            buckets.withUnsafeBufferPointer { buckets in
                values.withUnsafeBufferPointer { values in
                    for example in texts.indices {
                        var shared: Float = 0
                        for index in starts[example]..<starts[example + 1] {
                            shared += lookup.value(of: buckets[index]) * values[index]
                        }
                        let similarity = similarity(query, example, shared: shared)
                        if similarity > best?.similarity ?? -1 { best = (example, similarity) }
                    }
                }
            }
        }
        return best.map { (texts[$0.example], $0.similarity) }
    }

    /// - Parameters:
    ///   - query: The turn.
    ///   - example: The example's number.
    ///   - shared: The inner product of the n-grams.
    /// - Returns: 0…1.
    private func similarity(_ query: FeatureQuery, _ example: Int, shared: Float) -> Float {
        // Three groups of length 1 each.
        let grams = max(0, shared / 3)
        guard query.hasDense, hasDense[example] else { return min(1, grams) }
        let product = dense.withUnsafeBufferPointer { dense in
            query.dense.withUnsafeBufferPointer { query in
                Kernels.dot(
                    query,
                    UnsafeBufferPointer(
                        rebasing: dense[example * dimensions..<(example + 1) * dimensions]
                    )
                )
            }
        }
        let length = FeatureVector.denseLength
        return min(1, max(0, (grams + product / (length * length)) / 2))
    }
}
