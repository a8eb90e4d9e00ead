/// One step of gradient descent for one example: scores, errors, updates.
///
/// Batch training and online learning are the same step, on memory that the caller owns. It has
/// room for the errors of a row and is used by one thread at a time.
final class GradientStep {
    /// Where the sums of squared gradients begin; keeps the first steps small.
    static let initialSum: Float = 1e-3
    /// The error below which eight neighbouring intents are not updated.
    ///
    /// After the first epoch nearly all intents are far from an example; passing them over halves
    /// the time and loses no accuracy on held-out rows.
    private static let negligibleError: Float = 1e-2

    /// What the scores should have been.
    enum Target: Sendable, Hashable {
        /// This intent and no other.
        case intent(Int)
        /// None of the intents.
        case none
        /// This is known of one intent; nothing is known of the others.
        case only(Int, isRight: Bool)
        /// The first score stands for a share, 0…1, rather than for right or wrong.
        case share(Float)
    }

    private let stride: Int
    private let errors: UnsafeMutablePointer<Float>
    /// The first columns of the blocks to update.
    private let active: UnsafeMutablePointer<Int>

    init(stride: Int) {
        self.stride = stride
        errors = .allocate(capacity: max(stride, 1))
        errors.initialize(repeating: 0, count: max(stride, 1))
        active = .allocate(capacity: stride / Kernels.width + 1)
        active.initialize(repeating: 0, count: stride / Kernels.width + 1)
    }

    deinit {
        errors.deallocate()
        active.deallocate()
    }

    /// - Parameters:
    ///   - features: Rows and values of the example, the bias among them.
    ///   - target: What the scores should have been.
    ///   - classes: The number of intents.
    ///   - weights: Rows of `stride` floats.
    ///   - sums: AdaGrad's sums, laid out like the weights.
    ///   - rate: The learning rate.
    func run(
        _ features: UnsafeBufferPointer<TrainingSet.Feature>,
        _ target: Target,
        classes: Int,
        weights: UnsafeMutablePointer<Float>,
        sums: UnsafeMutablePointer<Float>,
        rate: Float
    ) {
        errors.update(repeating: 0, count: stride)
        for feature in features {
            let row = weights + Int(feature.row) * stride
            Kernels.accumulate(errors, feature.value, row, stride: stride)
        }
        let blocks = turnIntoErrors(target, classes)
        for feature in features {
            let row = Int(feature.row) * stride
            for block in 0..<blocks {
                let first = active[block]
                Kernels.adaGrad(
                    weights + row + first,
                    sums + row + first,
                    errors + first,
                    feature.value,
                    rate: rate
                )
            }
        }
    }

    /// Replaces scores by σ(score) − target, and lists the blocks of eight worth an update.
    private func turnIntoErrors(_ target: Target, _ classes: Int) -> Int {
        switch target {
        case .intent(let intent):
            for column in 0..<classes { errors[column] = logistic(errors[column]) }
            errors[intent] -= 1
        case .none:
            for column in 0..<classes { errors[column] = logistic(errors[column]) }
        case .share(let share):
            let error = logistic(errors[0]) - share
            errors.update(repeating: 0, count: stride)
            errors[0] = error
        case .only(let intent, let isRight):
            let error = logistic(errors[intent]) - (isRight ? 1 : 0)
            errors.update(repeating: 0, count: stride)
            errors[intent] = error
        }
        // The padding stands for no intent and is never wrong.
        for padding in classes..<stride { errors[padding] = 0 }
        var count = 0
        for first in Swift.stride(from: 0, to: stride, by: Kernels.width)
        where Kernels.largestMagnitude(errors + first) > Self.negligibleError {
            active[count] = first
            count += 1
        }
        return count
    }
}
