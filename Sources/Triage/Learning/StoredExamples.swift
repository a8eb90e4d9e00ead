/// The examples kept of each intent, to find the one nearest to a turn.
///
/// Likeness to something a person has taught is the evidence that a turn is in scope at all:
/// without it the most confident answers to near-domain unknowns are wrong. Looking only at the
/// examples of the likeliest intent is as good as looking at all (held-out rows of CLINC150), and
/// takes microseconds.
struct StoredExamples: Sendable {
    /// The most examples kept of an intent.
    static let maximumPerIntent = 30

    /// The examples of each intent, as numbers into the arrays below.
    private let ranges: [Range<Int>]
    /// Which example of the training set each one was.
    let members: [Int]
    private var buckets: [UInt32] = []
    private var values: [Float] = []
    private var starts: [Int] = [0]
    private var dense: [Float] = []
    private var hasDense: [Bool] = []
    private let dimensions: Int

    /// Keeps examples spread evenly over each intent's list: neighbours in a list are often alike.
    init(_ set: TrainingSet, members candidates: [Int]) {
        var ofIntent = [[Int]](repeating: [], count: set.classes)
        for member in candidates {
            if let label = set.labels[member] { ofIntent[label].append(member) }
        }
        var ranges: [Range<Int>] = []
        var chosen: [Int] = []
        for list in ofIntent {
            let count = min(list.count, Self.maximumPerIntent)
            ranges.append(chosen.count..<chosen.count + count)
            for place in 0..<count { chosen.append(list[place * list.count / count]) }
        }
        self.ranges = ranges
        members = chosen
        dimensions = set.dimensions
        for member in chosen { append(set.vectors[member]) }
    }

    /// Builds from vectors already chosen, as a snapshot names them.
    ///
    /// - Parameters:
    ///   - vectors: The vectors of each intent's examples.
    ///   - dimensions: The length of a dense vector.
    init(_ vectors: [[FeatureVector]], dimensions: Int) {
        var ranges: [Range<Int>] = []
        var count = 0
        for list in vectors {
            ranges.append(count..<count + list.count)
            count += list.count
        }
        self.ranges = ranges
        members = Array(0..<count)
        self.dimensions = dimensions
        for vector in vectors.joined() { append(vector) }
    }

    /// The numbers of an intent's examples.
    func range(of intent: Int) -> Range<Int> { ranges[intent] }

    /// The nearest example of an intent and its likeness, 0…1.
    ///
    /// The likeness is the cosine, halfway between that of the n-grams and that of the dense
    /// vectors: the first holds in any language, the second knows paraphrases.
    func nearest(to query: FeatureQuery, of intent: Int) -> (example: Int, similarity: Float)? {
        var best: (example: Int, similarity: Float)?
        query.withLookup { lookup in
            buckets.withUnsafeBufferPointer { buckets in
                values.withUnsafeBufferPointer { values in
                    for example in ranges[intent] {
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
        return best
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

    private mutating func append(_ vector: FeatureVector) {
        buckets.append(contentsOf: vector.buckets.prefix(vector.textFeatures))
        values.append(contentsOf: vector.values.prefix(vector.textFeatures))
        starts.append(buckets.count)
        hasDense.append(!vector.dense.isEmpty)
        dense.append(
            contentsOf: vector.dense.isEmpty
                ? [Float](repeating: 0, count: dimensions) : vector.dense
        )
    }
}
