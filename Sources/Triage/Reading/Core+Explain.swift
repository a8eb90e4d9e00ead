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
        let turn = TurnText(text)
        guard !turn.words.isEmpty, !intents.isEmpty else { return nil }
        let features = FeatureVector(turn, context: context, embeddings: embeddings)
        let scores = model.scores(features)
        let order = Self.highest(2, of: scores)
        guard let chosen = intent.map(intents.firstIndex(of:)) ?? order[0] else { return nil }
        let rival = other.map(intents.firstIndex(of:)) ?? order.first { $0 != chosen }
        if other != nil, rival == nil { return nil }

        let comparison = Comparison(model: model, chosen: chosen, rival: rival)
        let shares = comparison.shares(turn, context, features, embeddings)
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
        _ turn: TurnText,
        _ context: [String],
        _ features: FeatureVector,
        _ embeddings: StaticEmbeddings?
    ) -> (words: [Double], context: [Double]) {
        var words = [Double](repeating: 0, count: turn.words.count)
        var facts = [Double](repeating: 0, count: context.count)
        let occurrence = occurrences(turn, context, features)
        Grams.forEach(in: turn, context: context) { group, bucket, owners in
            let share = occurrence[key(group, bucket), default: 0] * difference(of: bucket)
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
        if let embeddings, !features.dense.isEmpty {
            addPieces(turn, features, embeddings, to: &words)
        }
        return (words, facts)
    }

    /// What one occurrence of each n-gram counts: its value spread evenly over its occurrences.
    private func occurrences(
        _ turn: TurnText,
        _ context: [String],
        _ features: FeatureVector
    ) -> [UInt32: Double] {
        var counts: [UInt32: Int] = [:]
        var order: [UInt32] = []
        Grams.forEach(in: turn, context: context) { group, bucket, _ in
            let key = key(group, bucket)
            if counts[key] == nil { order.append(key) }
            counts[key, default: 0] += 1
        }
        // Features stand in the order of first occurrence.
        var values: [UInt32: Double] = [:]
        for (key, value) in zip(order, features.values) {
            values[key] = Double(value) / Double(counts[key, default: 1])
        }
        return values
    }

    private func addPieces(
        _ turn: TurnText,
        _ features: FeatureVector,
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

    private func key(_ group: FeatureGroup, _ bucket: UInt32) -> UInt32 {
        UInt32(group.rawValue) << 18 | bucket
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
