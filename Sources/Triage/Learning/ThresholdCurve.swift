/// The confidence that an answer needs, for any share of right answers, as outcomes have shown it.
///
/// What ``ThresholdController`` finds once for all targets: intents, sites and customers may each have
/// their own.
struct ThresholdCurve: Sendable, Hashable {
    /// A confidence, and the share of right answers that may be counted on from there upwards.
    struct Point: Sendable, Hashable {
        var bound: Double
        var confidence: Float
    }

    /// Down to ever lower confidences; nil while examples still decide and outcomes only raise it.
    var points: [Point]?
    /// No answer needs less than this.
    var floor: Float
    /// What is asked beyond a target, to make up for what was missed.
    var slack: Double

    /// - Parameters:
    ///   - target: The share of right answers wanted.
    ///   - cold: The confidence that the examples alone ask for.
    /// - Returns: A confidence; above 1 for never.
    func threshold(for target: Double, cold: Float) -> Float {
        guard let points else { return max(cold, floor) }
        let goal = min(target + slack, 0.9999)
        return max(points.last { $0.bound >= goal }?.confidence ?? 1.01, floor)
    }
}
