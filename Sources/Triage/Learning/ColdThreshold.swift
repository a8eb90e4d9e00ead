import Foundation

/// The threshold of a core that has seen no outcomes yet, from scores of examples held out of
/// training.
struct ColdThreshold: Sendable {
    /// One held-out example: its confidence, and whether the answer would have been right.
    struct Trial: Sendable, Equatable {
        var confidence: Float
        var isRight: Bool
    }

    /// The chance that the bound is too hopeful; found on learning streams, where it errs on
    /// neither side.
    private static let delta = 0.35
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
                ? !$0.isRight && $1.isRight : $0.confidence > $1.confidence
        }
    }

    /// The lowest confidence at which the precision asked for may be expected.
    ///
    /// It is the lowest whose Clopper–Pearson lower bound over all examples at least as confident
    /// reaches the target. Where that cannot be shown (fewer than 60 examples, or no rank that
    /// reaches it), it is the larger of the best-scoring error and the median, so that a small
    /// workspace still answers what is nearly one of its examples. Without examples it is above
    /// 1: never.
    func threshold(forPrecision target: Double) -> Float {
        guard !trials.isEmpty else { return 1.01 }
        var right = 0
        var counts: [Int] = [0]
        for trial in trials {
            if trial.isRight { right += 1 }
            counts.append(right)
        }
        let qualified = Self.grid(upTo: trials.count).last { rank in
            let bound = ClopperPearson.lowerBound(
                successes: counts[rank],
                trials: rank,
                delta: Self.delta
            )
            return bound >= target
        }
        if let qualified, trials.count >= 60 { return trials[qualified - 1].confidence }
        let error = trials.first { !$0.isRight }?.confidence ?? 0
        return max(error.nextUp, trials[trials.count / 2].confidence)
    }

    private static func grid(upTo count: Int) -> [Int] {
        guard count >= firstRank else { return [] }
        let ratio = Double(count) / Double(firstRank)
        return (0..<ranks).map { step in
            let rank = Double(firstRank) * pow(ratio, Double(step) / Double(ranks - 1))
            return min(count, Int(rank.rounded()))
        }
    }
}
