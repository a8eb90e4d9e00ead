import Foundation

/// What turns scores into probabilities that hold: fitted on examples held out of training.
struct Calibration: Sendable {
    /// What scores are divided by before softmax; temperature scaling (Guo and others, 2017).
    var temperature: Float
    /// P(the likeliest intent is right | the turn is one of the known intents).
    var rightness: LogisticHead
    /// P(the turn is one of the known intents).
    var familiarity: LogisticHead
    /// The trials that the threshold is chosen from.
    var threshold: ColdThreshold

    /// The share of turns taken to be about none of the intents until outcomes say otherwise.
    private static let unknownShare = 0.2

    /// Weights found on BANKING77 and CLINC150 training rows, in the order of ``Evidence/inputs``.
    private static let typicalRightness = LogisticHead(weights: [-0.5, 2.1, 0, 1.2, 1.0])
    private static let typicalFamiliarity = LogisticHead(weights: [-1.5, 1.7, 0.5, 0, 3.5])

    /// How sure one may be of the likeliest intent.
    func confidence(_ evidence: Evidence) -> Float {
        let inputs = evidence.inputs
        return Float(rightness.probability(inputs) * familiarity.probability(inputs))
    }

    /// How likely the turn is none of the known intents.
    func outOfScope(_ evidence: Evidence) -> Float {
        1 - Float(familiarity.probability(evidence.inputs))
    }

    /// Fits temperature, heads and threshold, in this order.
    ///
    /// - Parameters:
    ///   - known: Held-out examples of intents that were trained on.
    ///   - strange: The same, and held-out examples of none of the intents trained on, from fits in
    ///     which some intents were hidden.
    init(known: [HeldOut], strange: [HeldOut]) {
        let temperature = Self.fitTemperature(known)
        let trials = known.map { ($0.evidence(temperature), $0.isRight) }
        let rightness = LogisticHead.fit(
            trials.map {
                LogisticHead.Observation(inputs: $0.inputs, isPositive: $1, weight: 1)
            },
            typical: Self.typicalRightness
        )

        let familiarity = Self.fitFamiliarity(strange, temperature)

        self.temperature = temperature
        self.rightness = rightness
        self.familiarity = familiarity
        threshold = ColdThreshold([])
        threshold = ColdThreshold(
            trials.map {
                ColdThreshold.Trial(confidence: confidence($0), outcome: $1 ? .right : .wrong)
            }
                + strange.filter { $0.label == nil }.map {
                    ColdThreshold.Trial(
                        confidence: confidence($0.evidence(temperature)),
                        outcome: .unknown
                    )
                }
        )
    }

    init(
        temperature: Float,
        rightness: LogisticHead,
        familiarity: LogisticHead,
        threshold: ColdThreshold
    ) {
        self.temperature = temperature
        self.rightness = rightness
        self.familiarity = familiarity
        self.threshold = threshold
    }

    private static func fitFamiliarity(
        _ strange: [HeldOut],
        _ temperature: Float
    ) -> LogisticHead {
        let unknowns = strange.count { $0.label == nil }
        let familiar = strange.count - unknowns
        let weight =
            Double(familiar) * unknownShare / (1 - unknownShare)
            / Double(max(1, unknowns))
        return LogisticHead.fit(
            strange.map {
                LogisticHead.Observation(
                    inputs: $0.evidence(temperature).inputs,
                    isPositive: $0.label != nil,
                    weight: $0.label == nil ? weight : 1
                )
            },
            typical: typicalFamiliarity
        )
    }

    /// The temperature with the highest likelihood of the held-out labels, by golden section.
    private static func fitTemperature(_ known: [HeldOut]) -> Float {
        let labelled = known.filter { $0.label != nil }
        // Fewer cannot tell a temperature from chance.
        guard labelled.count >= 30, labelled[0].scores.count > 1 else { return 0.85 }
        func loss(_ temperature: Float) -> Double {
            labelled.reduce(0) { total, trial in
                let top = trial.scores[trial.top]
                let sum = trial.scores.reduce(0) { $0 + exp(($1 - top) / temperature) }
                let own = trial.label.map { (trial.scores[$0] - top) / temperature } ?? 0
                return total + Double(log(sum) - own)
            }
        }
        let ratio: Float = 0.618_034
        var low: Float = 0.25
        var high: Float = 4
        while high - low > 0.002 {
            let left = high - ratio * (high - low)
            let right = low + ratio * (high - low)
            if loss(left) < loss(right) { high = right } else { low = left }
        }
        return (low + high) / 2
    }
}

/// An example as a model saw it that was not trained on it.
struct HeldOut: Sendable {
    /// The scores of all intents.
    var scores: [Float]
    var top: Int
    /// Likeness to the nearest example of the top intent among those trained on.
    var similarity: Float
    /// The intent it stands for; nil when the model did not know that intent.
    var label: Int?

    var isRight: Bool { label == top }

    func evidence(_ temperature: Float) -> Evidence {
        Evidence(scores: scores, top: top, similarity: similarity, temperature: temperature)
    }
}
