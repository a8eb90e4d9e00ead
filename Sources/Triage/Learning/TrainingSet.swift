/// Examples as features, flat in memory, in the shape the batch learner runs through.
struct TrainingSet: Sendable {
    /// A row of the model and the feature's value.
    struct Feature: Sendable {
        var row: Int32
        var value: Float
    }

    /// The row of each bucket; −1 for features of no example.
    private(set) var rowOfBucket = [Int32](repeating: -1, count: GramHash.buckets)
    /// The number of rows, those of bias and dense dimensions included.
    private(set) var rows: Int
    /// The features of all examples, one example after the other: bias, dense, hashed.
    private(set) var features: [Feature] = []
    /// Where each example's features start; one more for the end.
    private(set) var starts: [Int] = [0]
    /// What each example's scores should be.
    private(set) var targets: [GradientStep.Target] = []
    /// The vectors, for the nearest examples.
    private(set) var vectors: [FeatureVector] = []
    let classes: Int
    let dimensions: Int

    var count: Int { targets.count }

    /// The number of an example's intent; nil for "none of these".
    func label(of example: Int) -> Int? {
        if case .intent(let intent) = targets[example] { intent } else { nil }
    }

    init(classes: Int, dimensions: Int) {
        self.classes = classes
        self.dimensions = dimensions
        rows = 1 + dimensions
    }

    mutating func append(_ vector: FeatureVector, label: Int?) {
        append(vector, target: label.map(GradientStep.Target.intent) ?? .none)
    }

    mutating func append(_ vector: FeatureVector, target: GradientStep.Target) {
        features.append(Feature(row: 0, value: 1))
        for (dimension, value) in vector.dense.enumerated() {
            features.append(Feature(row: Int32(1 + dimension), value: value))
        }
        for (bucket, value) in zip(vector.buckets, vector.values) {
            if rowOfBucket[Int(bucket)] < 0 {
                rowOfBucket[Int(bucket)] = Int32(rows)
                rows += 1
            }
            features.append(Feature(row: rowOfBucket[Int(bucket)], value: value))
        }
        starts.append(features.count)
        targets.append(target)
        vectors.append(vector)
    }
}
