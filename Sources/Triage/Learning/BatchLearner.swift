import Foundation

/// Fits a ``LinearModel`` to examples of a training set from nothing.
///
/// Minimises the sum of one binary cross-entropy for each intent, example by example, with
/// AdaGrad. An example whose label is "none of these" is a negative for all intents.
/// Deterministic: the order is shuffled from a fixed seed.
struct BatchLearner: Sendable {
    /// Where the sums of squared gradients begin; keeps the first steps small.
    private static let initialSum: Float = 1e-3
    /// The error below which eight neighbouring intents are not updated.
    ///
    /// After the first epoch nearly all intents are far from an example; passing them over halves
    /// the time and loses no accuracy on held-out rows.
    private static let negligibleError: Float = 1e-2

    let set: TrainingSet
    let epochs: Int
    let firstRate: Float
    let lastRate: Float

    /// Learns from the examples of these numbers.
    func fit(_ members: [Int]) -> LinearModel {
        let stride = Kernels.padded(set.classes)
        let parameters = Parameters(rows: set.rows, stride: stride, initialSum: Self.initialSum)
        if set.classes > 0 {
            var order = members
            var random = SeededRandom(seed: 0x5EED)
            let steps = Float(max(1, epochs * members.count))
            var step: Float = 0
            for _ in 0..<epochs {
                order.shuffle(using: &random)
                for example in order {
                    let rate = firstRate + (lastRate - firstRate) * (step / steps)
                    learn(example, parameters, rate: rate)
                    step += 1
                }
            }
        }
        return LinearModel(
            classes: set.classes,
            stride: stride,
            denseDimensions: set.dimensions,
            rowOfBucket: set.rowOfBucket,
            weights: Array(parameters.weights)
        )
    }

    /// One step of gradient descent: scores, errors, updates.
    private func learn(_ example: Int, _ parameters: Parameters, rate: Float) {
        let stride = parameters.stride
        guard let weights = parameters.weights.baseAddress,
            let sums = parameters.sums.baseAddress,
            let errors = parameters.errors.baseAddress
        else { return }
        let range = set.starts[example]..<set.starts[example + 1]
        set.features.withUnsafeBufferPointer { features in
            errors.update(repeating: 0, count: stride)
            for index in range {
                let row = weights + Int(features[index].row) * stride
                Kernels.accumulate(errors, features[index].value, row, stride: stride)
            }
            let active = turnIntoErrors(errors, parameters.active, label: set.labels[example])
            for index in range {
                let row = Int(features[index].row) * stride
                for block in 0..<active {
                    let first = parameters.active[block]
                    Kernels.adaGrad(
                        weights + row + first,
                        sums + row + first,
                        errors + first,
                        features[index].value,
                        rate: rate
                    )
                }
            }
        }
    }

    /// Replaces scores by σ(score) − target, and lists the blocks of eight worth an update.
    private func turnIntoErrors(
        _ scores: UnsafeMutablePointer<Float>,
        _ active: UnsafeMutableBufferPointer<Int>,
        label: Int?
    ) -> Int {
        for intent in 0..<set.classes { scores[intent] = logistic(scores[intent]) }
        if let label { scores[label] -= 1 }
        let stride = Kernels.padded(set.classes)
        // The padding stands for no intent and is never wrong.
        for padding in set.classes..<stride { scores[padding] = 0 }
        var count = 0
        for first in Swift.stride(from: 0, to: stride, by: Kernels.width)
        where Kernels.largestMagnitude(scores + first) > Self.negligibleError {
            active[count] = first
            count += 1
        }
        return count
    }
}

/// The memory of one fit; owned by the fit and freed with it.
private final class Parameters {
    let stride: Int
    let weights: UnsafeMutableBufferPointer<Float>
    /// AdaGrad's sums of squared gradients, one for each weight.
    let sums: UnsafeMutableBufferPointer<Float>
    /// Room for the scores and errors of a step.
    let errors: UnsafeMutableBufferPointer<Float>
    /// Room for the blocks to update in a step.
    let active: UnsafeMutableBufferPointer<Int>

    init(rows: Int, stride: Int, initialSum: Float) {
        self.stride = stride
        weights = .allocate(capacity: rows * stride)
        weights.initialize(repeating: 0)
        sums = .allocate(capacity: rows * stride)
        sums.initialize(repeating: initialSum)
        errors = .allocate(capacity: stride)
        errors.initialize(repeating: 0)
        active = .allocate(capacity: stride / Kernels.width)
        active.initialize(repeating: 0)
    }

    deinit {
        weights.deallocate()
        sums.deallocate()
        errors.deallocate()
        active.deallocate()
    }
}
