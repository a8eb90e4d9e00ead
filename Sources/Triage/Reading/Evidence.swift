import Foundation

/// The numbers a confidence is made from; kept with a decision so that it can be questioned.
public struct Evidence: Sendable, Hashable {
    /// p: the calibrated probability of the likeliest intent among the known ones.
    public var probability: Float
    /// z₁: the likeliest intent's own score; σ(z₁) is how sure its classifier is without the
    /// others.
    public var score: Float
    /// z₁ − z₂: how far ahead of the next one it is.
    public var lead: Float
    /// nn: likeness to the nearest stored example of the intent, 0…1.
    public var similarity: Float

    /// p · σ(z₁) · nn²: the score used where no head has been fitted, kept for comparison.
    public var baseScore: Float {
        probability * logistic(score) * max(0, similarity) * max(0, similarity)
    }

    /// What the heads see; scaled so that all inputs are of the order of one.
    var inputs: [Double] {
        let p = Double(min(max(probability, 1e-6), 1 - 1e-6))
        return [1, log(p / (1 - p)) / 4, Double(score) / 4, Double(lead) / 4, Double(similarity)]
    }

    /// Creates the evidence of a reading that was kept.
    public init(probability: Float, score: Float, lead: Float, similarity: Float) {
        self.probability = probability
        self.score = score
        self.lead = lead
        self.similarity = similarity
    }

    /// - Parameters:
    ///   - scores: The scores of all intents; at least one.
    ///   - top: The highest of them.
    ///   - similarity: Likeness to the nearest example of that intent.
    ///   - temperature: What scores are divided by before they become probabilities.
    init(scores: [Float], top: Int, similarity: Float, temperature: Float) {
        // An intent without rivals competes with "none of these", whose score is zero.
        var runnerUp = scores.count == 1 ? 0 : -Float.infinity
        for (intent, score) in scores.enumerated() where intent != top {
            runnerUp = max(runnerUp, score)
        }
        probability =
            scores.count == 1
            ? logistic(scores[top] / temperature)
            : 1 / scores.reduce(0) { $0 + exp(($1 - scores[top]) / temperature) }
        score = scores[top]
        lead = scores[top] - runnerUp
        self.similarity = similarity
    }
}
