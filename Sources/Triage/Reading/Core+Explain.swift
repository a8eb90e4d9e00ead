import Foundation

extension Core {
    /// Says which words and facts speak for an intent rather than another.
    ///
    /// Exact, not an approximation: scores are sums over n-grams and dense dimensions, and each
    /// n-gram lies on one or two words.
    /// - Parameters:
    ///   - text: The turn.
    ///   - context: Facts around it.
    ///   - intent: The intent to explain; nil for the likeliest.
    ///   - other: The intent to hold it against; nil for the likeliest other one.
    /// - Returns: nil for a text without words, or when no such intent is known.
    public func explain(
        _ text: String,
        context: [String] = [],
        intent: String? = nil,
        against other: String? = nil
    ) -> Explanation? {
        explain(prepare(text, context: context), intent: intent, against: other)
    }

    /// Explains a turn that was made ready by this core.
    public func explain(
        _ prepared: Prepared,
        intent: String? = nil,
        against other: String? = nil
    ) -> Explanation? {
        let (turn, context, scores) = (prepared.turn, prepared.context, prepared.scores)
        guard !scores.isEmpty else { return nil }
        let order = Self.highest(2, of: scores)
        guard let chosen = intent.map(intents.firstIndex(of:)) ?? order[0] else { return nil }
        let rival = other.map(intents.firstIndex(of:)) ?? order.first { $0 != chosen }
        if other != nil, rival == nil { return nil }

        let comparison = Comparison(model: model, chosen: chosen, rival: rival)
        let shares = comparison.shares(prepared, embeddings)
        let words = zip(turn.words, shares.words).map {
            Explanation.Contribution(text: turn.spelling(of: $0), weight: Float($1), source: .word)
        }
        let facts = zip(context, shares.context).map {
            Explanation.Contribution(text: $0, weight: Float($1), source: .context)
        }
        let prior = Explanation.Contribution(
            text: "",
            weight: Float(comparison.prior),
            source: .prior
        )

        let contributions = words + facts + [prior]
        let margin = scores[chosen] - (rival.map { scores[$0] } ?? 0)
        let sum = contributions.reduce(0) { $0 + Double($1.weight) }
        return Explanation(
            intent: intents[chosen],
            against: rival.map { intents[$0] },
            contributions: contributions,
            margin: margin,
            residual: Float(Double(margin) - sum)
        )
    }
}

/// The difference between two intents' weights, shared out over a turn.
private struct Comparison {
    let model: LinearModel
    let chosen: Int
    let rival: Int?

    var prior: Double {
        Double(model.bias(for: chosen)) - (rival.map { Double(model.bias(for: $0)) } ?? 0)
    }

    func shares(
        _ prepared: Core.Prepared,
        _ embeddings: StaticEmbeddings?
    ) -> (words: [Double], context: [Double]) {
        let (turn, context) = (prepared.turn, prepared.context)
        var words = [Double](repeating: 0, count: turn.words.count)
        var facts = [Double](repeating: 0, count: context.count)
        // Features stand in the order of first occurrence, as the counter's entries do.
        var counter = GramCounter(for: turn)
        var places: [Int] = []
        places.reserveCapacity(prepared.features.values.count * 2)
        Grams.forEach(in: turn, context: context) { group, bucket, _ in
            places.append(counter.count(group, bucket))
        }
        // What one occurrence counts: the feature's value, spread evenly over its occurrences.
        let shares = zip(prepared.features.values, counter.entries).map { value, entry in
            Double(value) / Double(entry.count) * difference(of: entry.bucket)
        }
        var occurrence = 0
        Grams.forEach(in: turn, context: context) { group, _, owners in
            let share = shares[places[occurrence]]
            occurrence += 1
            switch group {
            case .context: facts[owners.0] += share
            case .placed:
                words[owners.0] += share / 2
                facts[owners.1] += share / 2
            case .word, .pair, .characters:
                words[owners.0] += share / 2
                words[owners.1] += share / 2
            }
        }
        if let embeddings, !prepared.features.dense.isEmpty {
            addPieces(turn, embeddings, to: &words)
        }
        return (words, facts)
    }

    private func addPieces(
        _ turn: TurnText,
        _ embeddings: StaticEmbeddings,
        to words: inout [Double]
    ) {
        var sums: [[Float]] = []
        for word in turn.words {
            var sum = [Float](repeating: 0, count: embeddings.dimensions)
            sum.withUnsafeMutableBufferPointer { sum in
                turn.plain.withUnsafeBufferPointer { plain in
                    embeddings.vocabulary.forEachPiece(of: word.plain, in: plain) { row in
                        embeddings.add(row, to: sum)
                    }
                }
            }
            sums.append(sum)
        }
        var length = 0.0
        for dimension in 0..<embeddings.dimensions {
            let total = sums.reduce(0) { $0 + Double($1[dimension]) }
            length += total * total
        }
        guard length > 0 else { return }
        let scale = Double(FeatureVector.denseLength) / length.squareRoot()
        for dimension in 0..<embeddings.dimensions {
            let difference = difference(ofDimension: dimension)
            for word in words.indices {
                words[word] += scale * Double(sums[word][dimension]) * difference
            }
        }
    }

    private func difference(of bucket: UInt32) -> Double {
        Double(model.weight(of: bucket, for: chosen))
            - (rival.map { Double(model.weight(of: bucket, for: $0)) } ?? 0)
    }

    private func difference(ofDimension dimension: Int) -> Double {
        Double(model.weight(ofDimension: dimension, for: chosen))
            - (rival.map { Double(model.weight(ofDimension: dimension, for: $0)) } ?? 0)
    }
}
