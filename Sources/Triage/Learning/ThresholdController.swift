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
    /// Contacts are free to make: what they say is at most a tenth of what is looked at.
    private static let trustedForEachOther = 10

    struct Entry: Sendable, Hashable {
        var inputs: [Double]
        var isRight: Bool
        var isUnknown: Bool
        var isTrusted: Bool
    }

    /// What the controller has taken in; a snapshot holds it.
    struct State: Sendable, Hashable {
        var count = 0
        var entries: [Entry] = []
        /// Where the next entry goes once the window is full.
        var next = 0
        var slack = 0.0
        var conformal: Float = 0.97
    }

    let target: Double
    private(set) var state = State()

    init(target: Double, state: State = State()) {
        self.target = target
        self.state = state
    }

    /// Whether one more outcome that anybody could have made up may be counted.
    var hasRoomForUntrusted: Bool {
        let untrusted = state.entries.count { !$0.isTrusted }
        return (untrusted + 1) * Self.trustedForEachOther <= state.entries.count
    }

    /// Takes an outcome in; true when it is time to ``refit(_:)``.
    mutating func observe(_ inputs: [Double], _ observation: Observation) -> Bool {
        let entry = Entry(
            inputs: inputs,
            isRight: observation.isRight,
            isUnknown: observation.isUnknown,
            isTrusted: observation.isTrusted
        )
        if state.entries.count < Self.window {
            state.entries.append(entry)
        } else {
            state.entries[state.next] = entry
            state.next = (state.next + 1) % Self.window
        }
        state.count += 1
        if observation.wasAnswered {
            let miss = (observation.isRight ? 0 : 1) - (1 - target)
            let range = Self.slackRange
            let slack = state.slack + Self.integralStep * miss
            state.slack = min(max(slack, range.lowerBound), range.upperBound)
            let conformal = state.conformal + Self.conformalStep * Float(miss)
            state.conformal = min(max(conformal, 0), 1)
        }
        return state.count % Self.period == 0
    }

    /// Fits the head to the window, and finds what each confidence is worth.
    func refit(_ experience: inout Experience) {
        let entries = state.entries
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
        experience.curve = curve(ranked)
    }

    private func curve(_ ranked: [(confidence: Float, isRight: Bool)]) -> ThresholdCurve {
        var curve = ThresholdCurve(floor: 0, slack: state.slack)
        if state.count < Self.firstOutcomes {
            let unknowns = state.entries.count(where: \.isUnknown)
            let isStrange = Double(unknowns) > Self.unknownLimit * Double(state.entries.count)
            curve.floor = isStrange ? 1.01 : state.conformal
            return curve
        }
        var rights = [0]
        for entry in ranked { rights.append((rights.last ?? 0) + (entry.isRight ? 1 : 0)) }
        curve.points = ColdThreshold.grid(upTo: ranked.count).map { rank in
            ThresholdCurve.Point(
                bound: ClopperPearson.lowerBound(
                    successes: rights[rank],
                    trials: rank,
                    delta: ColdThreshold.delta
                ),
                confidence: ranked[rank - 1].confidence
            )
        }
        if state.count < Self.cautious { curve.floor = state.conformal }
        return curve
    }
}
