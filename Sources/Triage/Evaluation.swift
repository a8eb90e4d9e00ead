import Foundation

/// How well a core does on examples it has not seen.
public struct Evaluation: Sendable {
    /// What to train and how to judge.
    public struct Options: Sendable {
        /// How to train.
        public var training: TrainingOptions
        /// The static table; nil measures n-grams alone.
        public var embeddings: StaticEmbeddings?
        /// Whether the intents' identifiers, spelt as words, are learned as examples.
        public var usesNames: Bool
        /// Whether training rows without an intent are learned as "none of these".
        public var usesUnknowns: Bool
        /// Pairs of test rows that are joined to see whether both are found; 0 for none.
        public var pairs = 0

        /// Creates options.
        ///
        /// - Parameters:
        ///   - training: How to train.
        ///   - embeddings: The static table.
        ///   - usesNames: Whether to learn the intents' names.
        ///   - usesUnknowns: Whether to learn rows without an intent.
        public init(
            training: TrainingOptions = TrainingOptions(),
            embeddings: StaticEmbeddings? = nil,
            usesNames: Bool = false,
            usesUnknowns: Bool = false
        ) {
            self.training = training
            self.embeddings = embeddings
            self.usesNames = usesNames
            self.usesUnknowns = usesUnknowns
        }
    }

    /// Figures over rows that are none of the intents.
    public struct OutOfScope: Sendable, Hashable {
        /// How well ``Reading/outOfScope`` separates the two kinds: 0.5 is chance, 1 perfect.
        public var auroc: Double
        /// The share of unknowns rejected when one in twenty known rows is.
        public var recallAt5Percent: Double
        /// The share of known rows that are neither rejected at that point nor mistaken.
        public var inScopeAccuracy: Double
    }

    /// Figures over turns with several requests.
    public struct Several: Sendable, Hashable {
        /// The share of joined pairs in which exactly both intents are found.
        public var exact: Double
        /// The share of single rows that are taken for several.
        public var wronglySplit: Double
    }

    /// Share of known rows whose likeliest intent is right.
    public var accuracy: Double
    /// Largest share of known rows that can be answered, most confident first, at each precision.
    public var coverage: [Double: Double]
    /// Expected calibration error of the likeliest intent's probability over 15 equal bins.
    public var expectedCalibrationError: Double
    /// Figures over unknown rows; nil when the test has none.
    public var outOfScope: OutOfScope?
    /// Figures over joined rows; nil when none were asked for.
    public var several: Several?
    /// Share of known rows above the threshold that training chose for 98 % precision.
    public var thresholdCoverage: Double
    /// Precision among them.
    public var thresholdPrecision: Double
    /// Time to read a turn in microseconds: half of them are faster.
    public var medianLatency: Double
    /// Time that 99 % of turns are read in, in microseconds.
    public var tailLatency: Double
    /// Wall time of training in seconds, threshold included.
    public var trainingSeconds: Double

    /// Trains on the one list and judges on the other.
    public static func run(
        train: [Example],
        test: [Example],
        options: Options = Options()
    ) -> Evaluation {
        let examples = options.usesUnknowns ? train : train.filter { $0.intent != nil }
        let clock = ContinuousClock()
        let begin = clock.now
        let core = Trainer.train(
            examples,
            names: options.usesNames ? names(examples) : [:],
            options: options.training,
            embeddings: options.embeddings
        )
        let trained = clock.now

        var outcomes: [Outcome] = []
        var latencies: [Double] = []
        outcomes.reserveCapacity(test.count)
        latencies.reserveCapacity(test.count)
        for example in test {
            let start = clock.now
            let reading = core.read(example.text, context: example.context)
            latencies.append(microseconds(clock.now - start))
            outcomes.append(Outcome(reading, example))
        }
        latencies.sort()
        var evaluation = Evaluation(
            outcomes,
            threshold: core.threshold(forPrecision: 0.98, unknownShare: 0),
            latencies: latencies,
            trainingSeconds: microseconds(trained - begin) / 1e6
        )
        if options.pairs > 0 {
            evaluation.several = several(core, test.filter { $0.intent != nil }, options.pairs)
        }
        return evaluation
    }

    /// Joins random rows of different intents, and reads as many single ones.
    private static func several(_ core: Core, _ rows: [Example], _ count: Int) -> Several {
        var random = SeededRandom(seed: 8)
        let joints = [" and ", ". Also, ", " and also ", ", ", ". "]
        var exact = 0
        var split = 0
        for index in 0..<count {
            guard let first = rows.randomElement(using: &random),
                let second = rows.filter({ $0.intent != first.intent })
                    .randomElement(using: &random)
            else { break }
            let isFinished = first.text.last.map { ".?!".contains($0) } ?? false
            let joint = isFinished ? " " : joints[index % joints.count]
            let found = core.requests(in: first.text + joint + second.text)
            let intents = Set(found.compactMap(\.reading.ranking.first?.intent))
            if found.count == 2, intents == Set([first.intent, second.intent]) { exact += 1 }
            if core.requests(in: first.text).count > 1 { split += 1 }
        }
        return Several(
            exact: Double(exact) / Double(count),
            wronglySplit: Double(split) / Double(count)
        )
    }

    private init(
        _ outcomes: [Outcome],
        threshold: Float,
        latencies: [Double],
        trainingSeconds: Double
    ) {
        let known = outcomes.filter(\.isKnown)
        let unknown = outcomes.filter { !$0.isKnown }
        let answered = known.filter { $0.confidence >= threshold }
        accuracy = share(of: known, where: \.isRight)
        coverage = [:]
        for precision in [0.95, 0.98, 0.99] {
            coverage[precision] = Self.coverage(of: known, at: precision)
        }
        expectedCalibrationError = Self.calibrationError(known)
        outOfScope = unknown.isEmpty || known.isEmpty ? nil : OutOfScope(known, unknown)
        thresholdCoverage = Double(answered.count) / Double(max(1, known.count))
        thresholdPrecision = share(of: answered, where: \.isRight)
        medianLatency = latencies.isEmpty ? 0 : latencies[latencies.count / 2]
        tailLatency = latencies.isEmpty ? 0 : latencies[latencies.count * 99 / 100]
        self.trainingSeconds = trainingSeconds
    }

    private static func coverage(of known: [Outcome], at precision: Double) -> Double {
        var right = 0
        var covered = 0
        for (index, outcome) in known.sorted(by: { $0.confidence > $1.confidence }).enumerated() {
            if outcome.isRight { right += 1 }
            if Double(right) >= precision * Double(index + 1) { covered = index + 1 }
        }
        return Double(covered) / Double(max(1, known.count))
    }

    private static func calibrationError(_ known: [Outcome]) -> Double {
        var gaps = [Double](repeating: 0, count: 15)
        for outcome in known {
            let bin = min(14, Int(outcome.probability * 15))
            gaps[bin] += Double(outcome.probability) - (outcome.isRight ? 1 : 0)
        }
        return gaps.reduce(0) { $0 + abs($1) } / Double(max(1, known.count))
    }

    /// An identifier such as `card_arrival` as a customer might say it.
    private static func names(_ examples: [Example]) -> [String: String] {
        let intents = Set(examples.compactMap(\.intent))
        return Dictionary(
            uniqueKeysWithValues: intents.map { intent in
                let words = intent.split { !$0.isLetter && !$0.isNumber }
                return (intent, words.joined(separator: " "))
            }
        )
    }

    private static func microseconds(_ duration: Duration) -> Double {
        duration / .microseconds(1)
    }
}

extension Evaluation.OutOfScope {
    fileprivate init(_ known: [Outcome], _ unknown: [Outcome]) {
        let ranked = known.map(\.outOfScope).sorted()
        let limit = ranked[min(ranked.count - 1, ranked.count * 95 / 100)]
        auroc = Self.separation(of: unknown.map(\.outOfScope), from: ranked)
        recallAt5Percent = share(of: unknown) { $0.outOfScope > limit }
        inScopeAccuracy = share(of: known) { $0.outOfScope <= limit && $0.isRight }
    }

    /// The area under the curve: how often an unknown row scores above a known one.
    private static func separation(of unknown: [Float], from sorted: [Float]) -> Double {
        var wins = 0.0
        for score in unknown {
            let below = sorted.partition(before: score)
            let notAbove = sorted.partition(before: score.nextUp)
            wins += Double(below) + Double(notAbove - below) / 2
        }
        return wins / Double(unknown.count) / Double(sorted.count)
    }
}

extension [Float] {
    /// How many elements of a sorted list are below a value.
    fileprivate func partition(before value: Float) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What a test row needs to be judged.
private struct Outcome {
    let isKnown: Bool
    let isRight: Bool
    let probability: Float
    let confidence: Float
    let outOfScope: Float

    init(_ reading: Reading, _ example: Example) {
        isKnown = example.intent != nil
        isRight = example.intent != nil && reading.ranking.first?.intent == example.intent
        probability = reading.ranking.first?.probability ?? 0
        confidence = reading.confidence
        outOfScope = reading.outOfScope
    }
}

private func share(of outcomes: [Outcome], where isMember: (Outcome) -> Bool) -> Double {
    Double(outcomes.count(where: isMember)) / Double(max(1, outcomes.count))
}
