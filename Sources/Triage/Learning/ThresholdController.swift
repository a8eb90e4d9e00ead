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
    /// What an answer counts after each that follows, for the share that is heard of.
    private static let memory = 0.998
    fileprivate static let maximumWeight = 5.0
    /// Contacts are free to make: what they say is at most a tenth of what is looked at.
    private static let trustedForEachOther = 10

    struct Entry: Sendable, Hashable {
        var inputs: [Double]
        var isRight: Bool
        var isUnknown: Bool
        var isTrusted: Bool
        var wasAnswered: Bool
    }

    /// What the controller has taken in; a snapshot holds it.
    struct State: Sendable, Hashable {
        var count = 0
        var entries: [Entry] = []
        /// Where the next entry goes once the window is full.
        var next = 0
        var slack = 0.0
        var conformal: Float = 0.97
        /// Answers whose outcome was heard of, and those it was not, older ones counting less.
        var heard = 0.0
        var unheard = 0.0

        /// How many answers one that was heard of stands for.
        ///
        /// What is handed on is always named; of answers few are heard of. Counted alike, turns just
        /// below the threshold would outweigh those above it, and it would never come down.
        var answerWeight: Double {
            heard > 0 ? min((heard + unheard) / heard, ThresholdController.maximumWeight) : 1
        }
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
            isTrusted: observation.isTrusted,
            wasAnswered: observation.wasAnswered
        )
        if state.entries.count < Self.window {
            state.entries.append(entry)
        } else {
            state.entries[state.next] = entry
            state.next = (state.next + 1) % Self.window
        }
        state.count += 1
        if observation.wasAnswered {
            state.heard = state.heard * Self.memory + 1
            state.unheard *= Self.memory
            let miss = (observation.isRight ? 0 : 1) - (1 - target)
            let range = Self.slackRange
            let slack = state.slack + Self.integralStep * miss
            state.slack = min(max(slack, range.lowerBound), range.upperBound)
            let conformal = state.conformal + Self.conformalStep * Float(miss)
            state.conformal = min(max(conformal, 0), 1)
        }
        return state.count % Self.period == 0
    }

    /// Takes note of an answer that nothing was heard of.
    mutating func observeSilence() { state.unheard += 1 }

    /// Fits the head to the window, and finds what each confidence is worth.
    func refit(_ experience: inout Experience) {
        let entries = state.entries
        let answerWeight = state.answerWeight
        let head = LogisticHead.fit(
            entries.map {
                LogisticHead.Observation(
                    inputs: $0.inputs,
                    isPositive: $0.isRight,
                    weight: $0.wasAnswered ? answerWeight : 1
                )
            },
            typical: Experience.typicalHead
        )
        experience.head = head
        let ranked = entries.map { entry in
            Ranked(
                confidence: Float(head.probability(entry.inputs)),
                isRight: entry.isRight,
                weight: entry.wasAnswered ? answerWeight : 1
            )
        }
        .sorted { $0.confidence == $1.confidence ? !$0.isRight : $0.confidence > $1.confidence }
        experience.curve = curve(ranked)
    }

    private struct Ranked {
        var confidence: Float
        var isRight: Bool
        var weight: Double
    }

    private func curve(_ ranked: [Ranked]) -> ThresholdCurve {
        var curve = ThresholdCurve(floor: 0, slack: state.slack)
        if state.count < Self.firstOutcomes {
            let unknowns = state.entries.count(where: \.isUnknown)
            let isStrange = Double(unknowns) > Self.unknownLimit * Double(state.entries.count)
            curve.floor = isStrange ? 1.01 : state.conformal
            return curve
        }
        var (right, all) = (0.0, 0.0)
        var shares = [0.0]
        for entry in ranked {
            all += entry.weight
            if entry.isRight { right += entry.weight }
            shares.append(right / all)
        }
        curve.points = ColdThreshold.grid(upTo: ranked.count).map { rank in
            ThresholdCurve.Point(
                bound: ClopperPearson.lowerBound(
                    // Weights say what is likely, not how much is known: that is the rank.
                    successes: Int((shares[rank] * Double(rank)).rounded(.down)),
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
