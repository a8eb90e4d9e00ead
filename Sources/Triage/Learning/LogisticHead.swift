import Foundation

/// A small logistic regression over evidence: turns a few numbers into a probability.
struct LogisticHead: Sendable, Equatable {
    /// One weight for each input; the first input is always 1.
    var weights: [Double]

    /// One observation to fit.
    struct Observation {
        var inputs: [Double]
        var isPositive: Bool
        var weight: Double
    }

    func probability(_ inputs: [Double]) -> Double {
        logistic(zip(weights, inputs).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// Fits by iteratively reweighted least squares (Newton's method).
    ///
    /// - Parameters:
    ///   - observations: All with as many inputs as `typical` has weights; none are needed.
    ///   - typical: Where the weights are pulled to: what was found on other workspaces, so that
    ///     a head with few observations is sensible and one without any is usable.
    ///   - ridge: The strength of the pull, in observations.
    /// - Returns: The fitted head.
    static func fit(
        _ observations: [Observation],
        typical: LogisticHead,
        ridge: Double = 1
    ) -> LogisticHead {
        let size = typical.weights.count
        var head = typical
        for _ in 0..<25 {
            var curvature = [[Double]](
                repeating: [Double](repeating: 0, count: size),
                count: size
            )
            var slope = [Double](repeating: 0, count: size)
            for index in 0..<size {
                curvature[index][index] = ridge
                slope[index] = ridge * (typical.weights[index] - head.weights[index])
            }
            for observation in observations {
                let probability = head.probability(observation.inputs)
                let error = (observation.isPositive ? 1 : 0) - probability
                let spread = max(probability * (1 - probability), 1e-9) * observation.weight
                for row in 0..<size {
                    slope[row] += observation.weight * error * observation.inputs[row]
                    for column in 0..<size {
                        curvature[row][column] +=
                            spread * observation.inputs[row] * observation.inputs[column]
                    }
                }
            }
            let step = solve(curvature, slope)
            for index in 0..<size { head.weights[index] += step[index] }
            if step.allSatisfy({ abs($0) < 1e-8 }) { break }
        }
        return head
    }

    /// Solves a symmetric positive definite system by elimination; it is five by five.
    private static func solve(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
        var matrix = matrix
        var vector = vector
        let size = vector.count
        for pivot in 0..<size {
            for row in pivot + 1..<size {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot..<size {
                    matrix[row][column] -= factor * matrix[pivot][column]
                }
                vector[row] -= factor * vector[pivot]
            }
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
            for column in row + 1..<size { vector[row] -= matrix[row][column] * vector[column] }
            vector[row] /= matrix[row][row]
        }
        return vector
    }
}
