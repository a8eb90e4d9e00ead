import Foundation

/// Keeps the share of right answers at a target while the core and its customers change.
///
/// Every outcome says whether an answer would have been right, given or not, so the threshold is
/// chosen with full information and nothing has to be tried out on customers. It is the lowest
/// confidence whose Clopper–Pearson bound over the latest outcomes reaches the target, plus a slack
/// that integrates what was missed (as in conformal PID control, Angelopoulos and others 2023); at
/// first the stricter of that and adaptive conformal inference (Gibbs and Candès 2021).
struct ThresholdController: Sendable {
    /// How many outcomes are looked at.
    static let window = 3000
    /// Outcomes between two fits.
    private static let period = 100
    /// Fewer outcomes do not choose a threshold, and with many unknowns among them none is good.
    private static let firstOutcomes = 300
    private static let unknownLimit = 0.2
    /// As long as this the stricter of both rules holds.
    private static let cautious = 1000
    private static let integralStep = 0.002
    private static let slackRange = -0.01...0.02
    private static let conformalStep: Float = 0.005

    private struct Entry: Sendable {
        var inputs: [Double]
        var isRight: Bool
        var isUnknown: Bool
    }

    let target: Double
    private(set) var count = 0
    private var entries: [Entry] = []
    /// Where the next entry goes once the window is full.
    private var next = 0
    private var slack = 0.0
    private var conformal: Float = 0.97

    init(target: Double) { self.target = target }

    /// Takes an outcome in; true when it is time to ``refit(_:cold:)``.
    mutating func observe(_ inputs: [Double], _ observation: Observation) -> Bool {
        let entry = Entry(
            inputs: inputs,
            isRight: observation.isRight,
            isUnknown: observation.isUnknown
        )
        if entries.count < Self.window {
            entries.append(entry)
        } else {
            entries[next] = entry
            next = (next + 1) % Self.window
        }
        count += 1
        if observation.wasAnswered {
            let miss = (observation.isRight ? 0 : 1) - (1 - target)
            let range = Self.slackRange
            slack = min(max(slack + Self.integralStep * miss, range.lowerBound), range.upperBound)
            conformal = min(max(conformal + Self.conformalStep * Float(miss), 0), 1)
        }
        return count % Self.period == 0
    }

    /// Fits the head to the window and chooses the threshold.
    ///
    /// `cold`: the threshold without outcomes.
    func refit(_ experience: inout Experience, cold: Float) {
        let head = LogisticHead.fit(
            entries.map {
                LogisticHead.Observation(inputs: $0.inputs, isPositive: $0.isRight, weight: 1)
            },
            typical: Experience.typicalHead
        )
        experience.head = head
        let ranked =
            entries
            .map { (confidence: Float(head.probability($0.inputs)), isRight: $0.isRight) }
            .sorted { $0.confidence == $1.confidence ? !$0.isRight : $0.confidence > $1.confidence }
        experience.threshold = choose(ranked, cold: cold)
    }

    private func choose(_ ranked: [(confidence: Float, isRight: Bool)], cold: Float) -> Float {
        let unknowns = entries.count(where: \.isUnknown)
        if count < Self.firstOutcomes {
            return Double(unknowns) > Self.unknownLimit * Double(entries.count)
                ? 1.01 : max(cold, conformal)
        }
        let goal = min(target + slack, 0.9999)
        var rights = [0]
        for entry in ranked { rights.append((rights.last ?? 0) + (entry.isRight ? 1 : 0)) }
        let qualified = ColdThreshold.grid(upTo: ranked.count).last { rank in
            ClopperPearson.lowerBound(
                successes: rights[rank],
                trials: rank,
                delta: ColdThreshold.delta
            ) >= goal
        }
        let chosen = qualified.map { ranked[$0 - 1].confidence } ?? 1.01
        return count < Self.cautious ? max(chosen, conformal) : chosen
    }
}
