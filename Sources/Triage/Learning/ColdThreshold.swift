import Foundation

/// The threshold of a core that has seen no outcomes yet, from scores of examples held out of
/// training.
struct ColdThreshold: Sendable {
    /// What answering a held-out turn would have been.
    enum Outcome: UInt32, Sendable {
        /// Wrong: the turn was about another intent.
        case wrong
        /// Right.
        case right
        /// Wrong: the turn was about an intent that was hidden from the model.
        case unknown
    }

    /// One held-out turn.
    struct Trial: Sendable, Equatable {
        var confidence: Float
        var outcome: Outcome
    }

    /// The chance that the bound is too hopeful; found on learning streams, where it errs on
    /// neither side.
    static let delta = 0.35
    /// The fewest accepted examples that a bound is computed for.
    private static let firstRank = 30
    /// How many ranks are looked at, spaced geometrically so that neighbours are not tested in
    /// vain.
    private static let ranks = 60

    /// The trials, most confident first.
    let trials: [Trial]

    init(_ trials: [Trial]) {
        self.trials = trials.sorted {
            $0.confidence == $1.confidence
                ? $0.outcome != .right && $1.outcome == .right : $0.confidence > $1.confidence
        }
    }

    /// The lowest confidence at which the precision asked for may be expected.
    ///
    /// It is the lowest whose Clopper–Pearson lower bound over all turns at least as confident
    /// reaches the target. Where that cannot be shown (fewer than 60 examples, or no rank that
    /// reaches it), it is the larger of the best-scoring error and the median, so that a small
    /// workspace still answers what is nearly one of its examples. Without examples it is above
    /// 1: never.
    ///
    /// - Parameters:
    ///   - target: The share of right answers wanted.
    ///   - unknownShare: How many of the turns to come are about none of the intents, 0..<1.
    /// - Returns: A confidence.
    func threshold(forPrecision target: Double, unknownShare: Double) -> Float {
        let known = trials.filter { $0.outcome != .unknown }
        guard !known.isEmpty else { return 1.01 }
        let ranked = unknownShare > 0 ? trials : known
        if known.count >= 60 {
            let counts = tally(ranked, unknownShare: unknownShare)
            let qualified = Self.grid(upTo: ranked.count).last { rank in
                let bound = ClopperPearson.lowerBound(
                    successes: counts[rank].right,
                    trials: counts[rank].all,
                    delta: Self.delta
                )
                return bound >= target
            }
            if let qualified { return ranked[qualified - 1].confidence }
        }
        let error = known.first { $0.outcome == .wrong }?.confidence.nextUp ?? 0
        // Of the first rank, too, so that a target out of reach is never easier than one in reach.
        let middle = known[known.count >= 60 ? Self.firstRank - 1 : known.count / 2].confidence
        return max(error, middle)
    }

    /// How many were right, of how many, down to each rank; unknown turns count as often as they
    /// will come, not as often as they were tried.
    private func tally(_ ranked: [Trial], unknownShare: Double) -> [(right: Int, all: Int)] {
        let unknowns = ranked.count { $0.outcome == .unknown }
        let known = Double(ranked.count - unknowns)
        let share = min(max(unknownShare, 0), 0.99)
        let weight = unknowns == 0 ? 0 : known * share / (1 - share) / Double(unknowns)
        var right = 0
        var all = 0.0
        var counts = [(right: 0, all: 0)]
        for trial in ranked {
            if trial.outcome == .right { right += 1 }
            all += trial.outcome == .unknown ? weight : 1
            counts.append((right, Int(all.rounded(.up))))
        }
        return counts
    }

    static func grid(upTo count: Int) -> [Int] {
        guard count >= firstRank else { return [] }
        let ratio = Double(count) / Double(firstRank)
        return (0..<ranks).map { step in
            let rank = Double(firstRank) * pow(ratio, Double(step) / Double(ranks - 1))
            return min(count, Int(rank.rounded()))
        }
    }
}
