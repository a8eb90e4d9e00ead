import Foundation

/// One-vs-rest logistic regression over hashed features: z_k = b_k + Σ W[f]_k x_f + D_k · e.
///
/// Weights are stored by feature row, one float for each intent, so that a feature of the turn
/// costs one run through memory for all intents. The first row is the bias, then come the rows of
/// the dense dimensions, then one row for each feature seen in training. One-vs-rest and not
/// softmax: equal accuracy, better raw calibration, and a natural "none of these" (all targets
/// zero).
struct LinearModel: Sendable {
    /// The number of intents.
    private(set) var classes: Int
    /// The length of a row: ``classes``, padded.
    private(set) var stride: Int
    /// The length of the dense vector.
    let denseDimensions: Int
    /// The row of each feature; −1 for features never seen.
    private(set) var rowOfBucket: [Int32]
    /// All rows, one after the other.
    var weights: [Float]

    init(
        classes: Int,
        stride: Int,
        denseDimensions: Int,
        rowOfBucket: [Int32],
        weights: [Float]
    ) {
        self.classes = classes
        self.stride = stride
        self.denseDimensions = denseDimensions
        self.rowOfBucket = rowOfBucket
        self.weights = weights
    }

    /// Models over the same dense dimensions as one: the classes of the first, then of the next.
    init(sideBySide models: [LinearModel]) {
        let classes = models.reduce(0) { $0 + $1.classes }
        let stride = Kernels.padded(classes)
        let dense = models.first?.denseDimensions ?? 0
        var rowOfBucket = [Int32](repeating: -1, count: GramHash.buckets)
        var rows = 1 + dense
        for bucket in rowOfBucket.indices
        where models.contains(where: { $0.rowOfBucket[bucket] >= 0 }) {
            rowOfBucket[bucket] = Int32(rows)
            rows += 1
        }
        var weights = [Float](repeating: 0, count: rows * stride)
        var column = 0
        for model in models {
            func copy(_ row: Int, to place: Int) {
                for number in 0..<model.classes {
                    weights[place * stride + column + number] =
                        model.weights[row * model.stride + number]
                }
            }
            for row in 0...dense { copy(row, to: row) }
            for (bucket, row) in model.rowOfBucket.enumerated() where row >= 0 {
                copy(Int(row), to: Int(rowOfBucket[bucket]))
            }
            column += model.classes
        }
        self.init(
            classes: classes,
            stride: stride,
            denseDimensions: dense,
            rowOfBucket: rowOfBucket,
            weights: weights
        )
    }

    /// The row of a feature, made at first touch.
    mutating func row(of bucket: UInt32) -> Int {
        let known = rowOfBucket[Int(bucket)]
        if known >= 0 { return Int(known) }
        let row = weights.count / stride
        rowOfBucket[Int(bucket)] = Int32(row)
        weights.append(contentsOf: repeatElement(0, count: stride))
        return row
    }

    /// Adds a column of zeros; rows become longer when the padding is used up.
    mutating func addClass() {
        classes += 1
        guard classes > stride else { return }
        let wider = Kernels.padded(classes)
        weights = Self.widened(weights, from: stride, to: wider, filling: 0)
        stride = wider
    }

    /// Rows of one length copied into rows of another.
    static func widened(
        _ rows: [Float],
        from stride: Int,
        to wider: Int,
        filling: Float
    ) -> [Float] {
        let count = stride == 0 ? 0 : rows.count / stride
        var copy = [Float](repeating: filling, count: count * wider)
        for row in 0..<count {
            for column in 0..<stride { copy[row * wider + column] = rows[row * stride + column] }
        }
        return copy
    }

    /// Where the rows of hashed features begin.
    var firstFeatureRow: Int { 1 + denseDimensions }

    /// The scores of all intents.
    func scores(_ features: FeatureVector) -> [Float] {
        guard classes > 0 else { return [] }
        var scores = Array(weights[0..<stride])
        scores.withUnsafeMutableBufferPointer { scores in
            weights.withUnsafeBufferPointer { weights in
                guard let scores = scores.baseAddress, let weights = weights.baseAddress else {
                    return
                }
                for (bucket, value) in zip(features.buckets, features.values) {
                    let row = Int(rowOfBucket[Int(bucket)])
                    guard row >= 0 else { continue }
                    Kernels.accumulate(scores, value, weights + row * stride, stride: stride)
                }
                guard features.dense.count == denseDimensions else { return }
                for (dimension, value) in features.dense.enumerated() {
                    let row = weights + (1 + dimension) * stride
                    Kernels.accumulate(scores, value, row, stride: stride)
                }
            }
        }
        scores.removeLast(stride - classes)
        return scores
    }

    /// The weight of a hashed feature for an intent.
    func weight(of bucket: UInt32, for intent: Int) -> Float {
        let row = Int(rowOfBucket[Int(bucket)])
        return row < 0 ? 0 : weights[row * stride + intent]
    }

    /// The weight of a dense dimension for an intent.
    func weight(ofDimension dimension: Int, for intent: Int) -> Float {
        weights[(1 + dimension) * stride + intent]
    }

    /// What an intent scores before anything is read.
    func bias(for intent: Int) -> Float { weights[intent] }
}

/// σ(x), the probability that a score stands for.
@inline(__always)
func logistic(_ score: Float) -> Float { 1 / (1 + exp(-score)) }

/// σ(x), the probability that a score stands for.
@inline(__always)
func logistic(_ score: Double) -> Double { 1 / (1 + exp(-score)) }
