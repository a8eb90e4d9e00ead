import Foundation

extension Core {
    /// One of several requests in a turn.
    public struct Request: Sendable, Hashable {
        /// The customer's words for it.
        public var text: String
        /// What the core makes of them.
        public var reading: Reading
    }

    /// How sure both sides of a cut must be of their intents, p · σ(z₁); found on training rows of
    /// BANKING77, like ``advantage``.
    private static let certainty: Float = 0.4
    /// How much surer the parts must be than the whole, which means one thing if it is sure.
    private static let advantage: Float = 1.2
    /// More requests in one turn are not told apart.
    private static let maximumRequests = 4

    /// The requests in a turn: one for most turns, several where each part means something else.
    ///
    /// Cuts are tried at the ends of sentences and at words such as "and" or "also" with three
    /// words on each side. The best cut, at which both sides mean different intents and the less
    /// sure one is surest, is taken, and the sides are looked at in the same way.
    ///
    /// Costs two short readings for each place where a turn might be cut.
    /// - Parameters:
    ///   - text: The turn.
    ///   - context: Facts around it.
    ///   - whole: What the core makes of all of it, where that is known already.
    /// - Returns: At least one.
    public func requests(
        in text: String,
        context: [String] = [],
        whole: Reading? = nil
    ) -> [Request] {
        var parts = [TurnText.bounded(text)]
        var index = 0
        while index < parts.count, parts.count < Self.maximumRequests {
            guard let (left, right) = bestCut(parts[index], context) else {
                index += 1
                continue
            }
            parts.replaceSubrange(index...index, with: [left, right])
        }
        if parts.count == 1, let whole { return [Request(text: parts[0], reading: whole)] }
        return parts.map { Request(text: $0, reading: read($0, context: context)) }
    }

    private func bestCut(_ text: String, _ context: [String]) -> (String, String)? {
        let cuts = ClauseCuts(text).cuts
        guard !intents.isEmpty, !cuts.isEmpty else { return nil }
        let whole = guess(text, context)
        let floor = max(Self.certainty, whole.certainty * Self.advantage)
        var best: (cut: (String, String), certainty: Float)?
        for cut in cuts {
            let left = guess(cut.0, context)
            guard left.certainty > max(floor, best?.certainty ?? 0) else { continue }
            let right = guess(cut.1, context)
            let certainty = min(left.certainty, right.certainty)
            guard left.intent != right.intent, certainty >= floor,
                certainty > best?.certainty ?? 0
            else { continue }
            best = (cut, certainty)
        }
        return best?.cut
    }

    /// The likeliest intent and p · σ(z₁), without the rest of a reading.
    private func guess(_ text: String, _ context: [String]) -> (intent: Int, certainty: Float) {
        let features = FeatureVector(TurnText(text), context: context, embeddings: embeddings)
        let scores = model.scores(features)
        guard let top = Self.highest(1, of: scores).first else { return (0, 0) }
        let evidence = Evidence(
            scores: scores,
            top: top,
            similarity: 0,
            temperature: calibration.temperature
        )
        return (top, evidence.probability * logistic(evidence.score))
    }
}

/// The places at which a turn may fall into two requests.
struct ClauseCuts {
    /// The words on each side that a request has at least.
    private static let shortest = 3
    /// A long story is not tried at every sentence.
    private static let maximum = 12
    private static let joints: Set<Substring> = [
        "and", "also", "plus", "but", "then", "und", "auch", "außerdem", "aber", "y", "también",
        "además", "pero", "et", "aussi", "mais",
    ]

    /// Both sides of each cut, in the order of the text.
    let cuts: [(String, String)]

    init(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        var cuts: [(String, String)] = []
        let last = words.count - Self.shortest
        if last >= Self.shortest {
            for place in Self.shortest...last where cuts.count < Self.maximum {
                let joint = Self.joints.contains(Substring(words[place].lowercased()))
                let ends = words[place - 1].last.map { ".?!;,:\u{2026}".contains($0) } ?? false
                guard joint || ends else { continue }
                // The joint itself belongs to neither side.
                let next = joint ? place + 1 : place
                guard words.count - next >= Self.shortest else { continue }
                cuts.append(
                    (
                        String(text[..<words[place - 1].endIndex]),
                        String(text[words[next].startIndex...])
                    )
                )
            }
        }
        self.cuts = cuts
    }
}
