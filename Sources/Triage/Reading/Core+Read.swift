import Foundation

extension Core {
    /// A turn as the core sees it: what reading and explaining have in common.
    public struct Prepared: Sendable {
        let text: String
        let context: [String]
        let turn: TurnText
        let features: FeatureVector
        /// Of every intent; empty for a text without words.
        let scores: [Float]
    }

    /// Gets a turn ready to be read and explained; half of what either costs.
    public func prepare(_ text: String, context: [String] = []) -> Prepared {
        let turn = TurnText(text)
        let features = FeatureVector(turn, context: context, embeddings: embeddings)
        let isReadable = !turn.words.isEmpty && !intents.isEmpty
        return Prepared(
            text: text,
            context: context,
            turn: turn,
            features: features,
            scores: isReadable ? model.scores(features) : []
        )
    }

    /// Reads a turn.
    ///
    /// Costs tens of microseconds and a handful of small allocations. Text beyond 4 KB or 500
    /// words is not looked at.
    /// - Parameters:
    ///   - text: What the customer wrote since they were last answered.
    ///   - context: Facts around the turn in the form they were trained in, such as
    ///     `page=billing.invoice`.
    /// - Returns: What the core makes of it.
    public func read(_ text: String, context: [String] = []) -> Reading {
        read(prepare(text, context: context))
    }

    /// Reads a turn that was made ready by this core.
    public func read(_ prepared: Prepared) -> Reading {
        let (features, scores) = (prepared.features, prepared.scores)
        var reading = Reading(
            signals: Signals(prepared.text),
            words: prepared.turn.words.count
        )
        guard !scores.isEmpty else { return reading }
        if let manner { reading.add(manner, features) }
        let order = Self.highest(5, of: scores)
        let top = order[0]
        let nearest = stored.nearest(to: FeatureQuery(features), of: top)
        let temperature = calibration.temperature
        let similarity = nearest?.similarity ?? 0
        let evidence = Evidence(
            scores: scores,
            top: top,
            similarity: similarity,
            temperature: temperature
        )

        reading.evidence = evidence
        reading.confidence =
            experience?.confidence(evidence, of: top) ?? calibration.confidence(evidence)
        reading.outOfScope = calibration.outOfScope(evidence)
        reading.ranking = order.map { intent in
            let behind = exp((scores[intent] - scores[top]) / temperature)
            return Reading.Ranked(
                intent: intents[intent],
                probability: evidence.probability * behind
            )
        }
        reading.nearest = nearest.map { found in
            Reading.Nearest(
                text: found.text,
                intent: intents[top],
                similarity: similarity
            )
        }
        return reading
    }

    /// The places of the highest scores, best first.
    static func highest(_ count: Int, of scores: [Float]) -> [Int] {
        var best: [Int] = []
        for (index, score) in scores.enumerated() {
            if best.count == count, score <= scores[best[count - 1]] { continue }
            let place = best.firstIndex { scores[$0] < score } ?? best.count
            best.insert(index, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}

extension Reading {
    /// What is learned of how a turn is said, beside what the rules find in its words.
    fileprivate mutating func add(_ manner: Manner, _ features: FeatureVector) {
        let heard = manner.hear(features)
        mood.add(heard.mood)
        switch heard.finding {
        case .wishForPerson?: wantsPerson = true
        case .distress(let kind)? where distress == nil:
            let found = Distress(kind)
            distress = found
            urgency.add(found)
        case .distress?, nil: break
        }
    }

    /// What the rules say; the rest is filled in by a core that knows intents.
    fileprivate init(signals: Signals, words: Int) {
        ranking = []
        confidence = 0
        outOfScope = 1
        mood = signals.mood
        urgency = signals.urgency
        language = signals.language
        wantsPerson = signals.wantsPerson
        distress = signals.distress
        self.words = words
    }
}
