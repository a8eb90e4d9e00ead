import Foundation

/// Fits a ``LinearModel`` to examples of a training set from nothing.
///
/// Minimises the sum of one binary cross-entropy for each intent, example by example, with
/// AdaGrad. An example whose label is "none of these" is a negative for all intents.
/// Deterministic: the order is shuffled from a fixed seed.
struct BatchLearner: Sendable {
    let set: TrainingSet
    let epochs: Int
    let firstRate: Float
    let lastRate: Float

    /// A model and, for each weight, AdaGrad's sum of squared gradients.
    struct Fitted: Sendable {
        var model: LinearModel
        var sums: [Float]
    }

    /// Learns from the examples of these numbers.
    func fit(_ members: [Int]) -> Fitted {
        let stride = Kernels.padded(set.classes)
        let parameters = Parameters(rows: set.rows, stride: stride)
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
        let model = LinearModel(
            classes: set.classes,
            stride: stride,
            denseDimensions: set.dimensions,
            rowOfBucket: set.rowOfBucket,
            weights: Array(parameters.weights)
        )
        return Fitted(model: model, sums: Array(parameters.sums))
    }

    private func learn(_ example: Int, _ parameters: Parameters, rate: Float) {
        guard let weights = parameters.weights.baseAddress, let sums = parameters.sums.baseAddress
        else { return }
        let range = set.starts[example]..<set.starts[example + 1]
        set.features.withUnsafeBufferPointer { features in
            parameters.step.run(
                UnsafeBufferPointer(rebasing: features[range]),
                set.targets[example],
                classes: set.classes,
                weights: weights,
                sums: sums,
                rate: rate
            )
        }
    }
}

/// The memory of one fit; owned by the fit and freed with it.
private final class Parameters {
    let weights: UnsafeMutableBufferPointer<Float>
    /// AdaGrad's sums of squared gradients, one for each weight.
    let sums: UnsafeMutableBufferPointer<Float>
    let step: GradientStep

    init(rows: Int, stride: Int) {
        step = GradientStep(stride: stride)
        weights = .allocate(capacity: rows * stride)
        weights.initialize(repeating: 0)
        sums = .allocate(capacity: rows * stride)
        sums.initialize(repeating: GradientStep.initialSum)
    }

    deinit {
        weights.deallocate()
        sums.deallocate()
    }
}
