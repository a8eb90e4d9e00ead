/// A core that goes on learning, one outcome after the other.
///
/// Deterministic: the same examples and the same lessons in the same order lead to the same core,
/// so what was learned can be replayed from a log, up to any point. A learner is a value that one
/// owner changes; ``core`` is an immutable copy for everybody else, cheap to take now and then.
///
/// ```swift
/// var learner = Learner(examples, embeddings: embeddings)
/// let reading = learner.core.read("my package has not come")
/// learner.learn(Lesson(text: "my package has not come", meaning: .intent("delivery")))
/// ```
public struct Learner: Sendable {
    /// How to learn; the defaults are the measured ones.
    public struct Options: Sendable, Hashable {
        /// The share of right answers to keep.
        public var target = 0.97
        /// The share of turns expected to be about none of the intents, until outcomes tell.
        public var unknownShare = 0.1
        /// Earlier examples learned again with each lesson, so that it does not unlearn them.
        public var replays = 8
        /// AdaGrad's learning rate.
        public var rate: Float = 0.1
        /// Examples kept for replays.
        public var memory = 20_000

        /// Creates options.
        public init() {}
    }

    /// The core as it stands.
    public private(set) var core: Core
    /// How it learns.
    public let options: Options
    /// How many lessons it has learned.
    public private(set) var lessons = 0

    let base: String
    /// The threshold that the examples alone ask for.
    private let cold: Float
    private(set) var experience: Experience
    private(set) var controller: ThresholdController
    private(set) var sums: [Float]
    private(set) var memory: [Remembered]
    private(set) var random = SeededRandom(seed: 0x1EA2)

    /// An example to be learned again, with its words for a snapshot.
    struct Remembered: Sendable {
        var text: String
        var context: [String]
        var label: Int?
        var features: FeatureVector
    }

    /// Trains a core from nothing, to go on from.
    ///
    /// Blocks its thread; see ``Trainer/train(_:names:options:embeddings:)``.
    public init(
        _ examples: [Example],
        names: [String: String] = [:],
        training: TrainingOptions = TrainingOptions(),
        embeddings: StaticEmbeddings? = nil,
        options: Options = Options()
    ) {
        let fit = Trainer.fit(examples, names: names, options: training, embeddings: embeddings)
        core = fit.core
        sums = fit.sums
        self.options = options
        base = fit.core.version
        cold = Self.cold(fit.core, options)
        experience = Experience(intents: fit.core.intents.count)
        controller = ThresholdController(target: options.target)
        memory = fit.examples.enumerated().map { number, example in
            Remembered(
                text: example.text,
                context: example.context,
                label: fit.set.label(of: number),
                features: fit.set.vectors[number]
            )
        }
        core.experience = experience
    }

    /// Goes on where a learner stopped.
    init(
        core: Core,
        base: String,
        lessons: Int,
        experience: Experience,
        controller: ThresholdController,
        sums: [Float],
        memory: [Remembered],
        random: SeededRandom,
        options: Options
    ) {
        self.core = core
        self.base = base
        self.lessons = lessons
        self.experience = experience
        self.controller = controller
        self.sums = sums
        self.memory = memory
        self.random = random
        self.options = options
        cold = Self.cold(core, options)
        self.core.experience = experience
        self.core.version = Self.version(base, lessons)
    }

    private static func cold(_ core: Core, _ options: Options) -> Float {
        core.calibration.threshold.threshold(
            forPrecision: options.target,
            unknownShare: options.unknownShare
        )
    }

    /// Names what it was trained to and how much it has learned since.
    private static func version(_ base: String, _ lessons: Int) -> String {
        lessons == 0 ? base : "\(base)+\(lessons)"
    }

    /// The confidence from which on to answer.
    public var threshold: Float {
        experience.curve?.threshold(for: options.target, cold: cold) ?? cold
    }

    /// Intents whose answers have been wrong too often lately to be given.
    ///
    /// What would have been right brings them back.
    public var paused: [String] {
        core.intents.indices.filter(isPaused).map { core.intents[$0] }
    }

    /// Whether the answers of an intent are held back for now.
    public func isPaused(_ intent: String) -> Bool {
        core.intents.firstIndex(of: intent).map(isPaused) ?? false
    }

    private func isPaused(_ intent: Int) -> Bool {
        experience.answers[intent].doubt(below: options.target - Self.tolerance) > 0.9
    }

    /// Whether enough answers of an intent, given or only tried, have been right for it to be
    /// answered without anybody looking.
    public func isProven(_ intent: String) -> Bool {
        guard let intent = core.intents.firstIndex(of: intent) else { return false }
        return experience.answers[intent].trust(above: options.target - Self.tolerance) > 0.9
    }

    /// How an intent's answers, given or only tried, have turned out lately: right ones of all, older
    /// ones counting less.
    public func record(of intent: String) -> (right: Double, all: Double) {
        guard let intent = core.intents.firstIndex(of: intent) else { return (0, 0) }
        return (experience.answers[intent].right, experience.answers[intent].all)
    }

    /// How far below the target an intent may be.
    private static let tolerance = 0.05

    // MARK: - Outcomes

    /// Takes in how a reading turned out.
    ///
    /// Costs microseconds; every hundredth time some milliseconds, for fitting.
    public mutating func observe(_ observation: Observation) {
        guard let intent = core.intents.firstIndex(of: observation.intent),
            observation.isTrusted || controller.hasRoomForUntrusted
        else { return }
        let inputs = experience.inputs(observation.evidence, of: intent)
        let isDue = controller.observe(inputs, observation)
        let (isRight, isTrusted) = (observation.isRight, observation.isTrusted)
        experience.records[intent].add(isRight: isRight, isTrusted: isTrusted)
        if observation.confidence >= threshold || observation.wasAnswered {
            experience.answers[intent].add(isRight: isRight, isTrusted: isTrusted)
        }
        if isDue { controller.refit(&experience) }
        core.experience = experience
    }

    /// Takes note of an answer whose outcome was not heard of.
    ///
    /// It teaches nothing by itself, but says how many answers each outcome stands for.
    public mutating func observeSilence() { controller.observeSilence() }

    // MARK: - Lessons

    /// Learns one thing, and some earlier examples again.
    public mutating func learn(_ lesson: Lesson) {
        let turn = TurnText(lesson.text)
        guard !turn.words.isEmpty else { return }
        let features = FeatureVector(turn, context: lesson.context, embeddings: core.embeddings)
        let target: GradientStep.Target
        switch lesson.meaning {
        case .intent(let name):
            let intent = number(of: name)
            target = .intent(intent)
            core.stored.add(lesson.text, features, to: intent)
            remember(lesson, features, intent)
        case .none:
            target = .none
            remember(lesson, features, nil)
        case .accepted(let name):
            guard let intent = core.intents.firstIndex(of: name) else { return }
            target = .only(intent, isRight: true)
        case .refused(let name):
            guard let intent = core.intents.firstIndex(of: name) else { return }
            target = .only(intent, isRight: false)
        }
        step(features, target)
        replay()
        lessons += 1
        core.version = Self.version(base, lessons)
    }

    /// The number of an intent; a new one gets a column of its own and is known from now on.
    private mutating func number(of name: String) -> Int {
        if let known = core.intents.firstIndex(of: name) { return known }
        let before = core.model.stride
        core.intents.append(name)
        core.model.addClass()
        if core.model.stride > before {
            sums = LinearModel.widened(
                sums,
                from: before,
                to: core.model.stride,
                filling: GradientStep.initialSum
            )
        }
        core.stored.addIntent(dimensions: core.model.denseDimensions)
        experience.addIntent()
        core.experience = experience
        return core.intents.count - 1
    }

    private mutating func remember(_ lesson: Lesson, _ features: FeatureVector, _ label: Int?) {
        let example = Remembered(
            text: lesson.text,
            context: lesson.context,
            label: label,
            features: features
        )
        if memory.count < options.memory {
            memory.append(example)
        } else {
            memory[Int.random(in: 0..<memory.count, using: &random)] = example
        }
    }

    private mutating func replay() {
        for _ in 0..<options.replays where !memory.isEmpty {
            let example = memory[Int.random(in: 0..<memory.count, using: &random)]
            step(example.features, example.label.map(GradientStep.Target.intent) ?? .none)
        }
    }

    private mutating func step(_ vector: FeatureVector, _ target: GradientStep.Target) {
        var features = [TrainingSet.Feature(row: 0, value: 1)]
        features.reserveCapacity(1 + vector.dense.count + vector.buckets.count)
        for (dimension, value) in vector.dense.enumerated() {
            features.append(TrainingSet.Feature(row: Int32(1 + dimension), value: value))
        }
        for (bucket, value) in zip(vector.buckets, vector.values) {
            let row = core.model.row(of: bucket)
            features.append(TrainingSet.Feature(row: Int32(row), value: value))
        }
        let missing = core.model.weights.count - sums.count
        if missing > 0 {
            sums.append(contentsOf: repeatElement(GradientStep.initialSum, count: missing))
        }
        let (classes, stride) = (core.model.classes, core.model.stride)
        features.withUnsafeBufferPointer { features in
            core.model.weights.withUnsafeMutableBufferPointer { weights in
                sums.withUnsafeMutableBufferPointer { sums in
                    guard let weights = weights.baseAddress, let sums = sums.baseAddress else {
                        return
                    }
                    GradientStep(stride: stride).run(
                        features,
                        target,
                        classes: classes,
                        weights: weights,
                        sums: sums,
                        rate: options.rate
                    )
                }
            }
        }
    }
}
