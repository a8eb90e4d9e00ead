/// A stream of messages as a deployment would live it: read, answer or hand on, hear what came of it.
///
/// Answers that are accepted or not are heard of now and then; what was handed on is named by
/// whoever answered it. Some intents can be unknown at first: a person names them when they first
/// come up, and they are known from then on.
public struct Simulation: Sendable {
    /// What happens in the stream.
    public struct Options: Sendable {
        /// How the core learns.
        public var learning = Learner.Options()
        /// The share of answers whose outcome is heard of; silence teaches nothing.
        public var observedShare = 0.4
        /// The share of intents that no example has at first.
        public var unknownIntents = 0.0
        /// The order of the messages.
        public var seed: UInt64 = 1
        /// Messages in one point of the curve.
        public var interval = 500

        /// Creates options.
        public init() {}
    }

    /// What happened in a run of messages.
    public struct Span: Sendable, Hashable {
        /// How many came.
        public internal(set) var messages = 0
        /// How many were answered.
        public internal(set) var answered = 0
        /// How many of the answers were right.
        public internal(set) var right = 0
        /// The share that was answered.
        public var automation: Double { Double(answered) / Double(max(messages, 1)) }
        /// The share of the answers that were right.
        public var precision: Double { Double(right) / Double(max(answered, 1)) }
    }

    /// The whole stream.
    public private(set) var whole = Span()
    /// Its first thousand messages.
    public private(set) var first = Span()
    /// Its last thousand messages.
    public private(set) var last = Span()
    /// One span after the other.
    public private(set) var curve: [Span] = []
    /// The threshold at the end of each span of the curve.
    public private(set) var thresholds: [Float] = []
    /// The median time of a lesson with its replays, in microseconds.
    public private(set) var learningMicroseconds = 0.0

    /// Runs a stream.
    ///
    /// - Parameters:
    ///   - examples: What the core is trained on before.
    ///   - stream: The messages with their true intents.
    ///   - embeddings: The static table.
    ///   - options: What happens.
    public init(
        examples: [Example],
        stream: [Example],
        embeddings: StaticEmbeddings?,
        options: Options = Options()
    ) {
        var random = SeededRandom(seed: options.seed)
        let stream = stream.shuffled(using: &random)
        let intents = Set(examples.compactMap(\.intent)).sorted().shuffled(using: &random)
        let hidden = Set(intents.prefix(Int(Double(intents.count) * options.unknownIntents)))
        let known = examples.filter { $0.intent.map { !hidden.contains($0) } ?? true }
        var learner = Learner(known, embeddings: embeddings, options: options.learning)
        var times: [Double] = []
        for (index, message) in stream.enumerated() {
            let reading = learner.core.read(message.text, context: message.context)
            guard let top = reading.ranking.first?.intent, let evidence = reading.evidence else {
                continue
            }
            let isRight = top == message.intent
            let isAnswered = reading.confidence >= learner.threshold && !learner.isPaused(top)
            count(isAnswered, isRight, at: index, of: stream.count, options.interval)
            if index % options.interval == options.interval - 1 {
                thresholds.append(learner.threshold)
            }

            if isAnswered, Double.random(in: 0..<1, using: &random) >= options.observedShare {
                learner.observeSilence()
                continue
            }
            let isUnknown = message.intent.map { !learner.core.intents.contains($0) } ?? true
            learner.observe(
                Observation(
                    intent: top,
                    evidence: evidence,
                    confidence: reading.confidence,
                    isRight: isRight,
                    isUnknown: isUnknown,
                    wasAnswered: isAnswered
                )
            )
            let start = ContinuousClock.now
            for meaning in Self.meanings(message, top, isAnswered: isAnswered) {
                learner.learn(
                    Lesson(text: message.text, context: message.context, meaning: meaning)
                )
            }
            times.append((ContinuousClock.now - start) / .microseconds(1))
        }
        times.sort()
        learningMicroseconds = times.isEmpty ? 0 : times[times.count / 2]
    }

    /// What is learned from an outcome that was heard of.
    ///
    /// A wrong answer is refused first, and then goes to a person, who names the intent.
    private static func meanings(
        _ message: Example,
        _ top: String,
        isAnswered: Bool
    ) -> [Lesson.Meaning] {
        let label = message.intent.map(Lesson.Meaning.intent) ?? .none
        guard isAnswered else { return [label] }
        return message.intent == top ? [.accepted(top)] : [.refused(top), label]
    }

    private mutating func count(
        _ isAnswered: Bool,
        _ isRight: Bool,
        at index: Int,
        of total: Int,
        _ interval: Int
    ) {
        func add(_ span: inout Span) {
            span.messages += 1
            if isAnswered { span.answered += 1 }
            if isAnswered, isRight { span.right += 1 }
        }
        add(&whole)
        if index < 1000 { add(&first) }
        if index >= total - 1000 { add(&last) }
        if index % interval == 0 { curve.append(Span()) }
        add(&curve[curve.count - 1])
    }
}
