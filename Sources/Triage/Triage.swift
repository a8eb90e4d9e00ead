import Foundation

/// The triage core: reads what a customer wrote and says what they want, how sure it is, and why.
///
/// In process, without network, in tens of microseconds. A core is an immutable value: it is
/// trained once, may be read from any thread, written to a file and opened again.
///
/// ```swift
/// let embeddings = try StaticEmbeddings.bundled()
/// let examples = [
///     Example(text: "where is my parcel?", intent: "delivery"),
///     Example(text: "I want my money back", intent: "refund"),
///     Example(text: "what is the weather like", intent: nil),
/// ]
/// var learner = Learner(examples, names: ["refund": "Refund"], embeddings: embeddings)
/// let core = learner.core
/// let reading = core.read("my package has not come", context: ["page=orders"])
/// if reading.confidence >= core.threshold(forPrecision: 0.95) {
///     print(reading.ranking[0].intent, core.explain("my package has not come")?.margin ?? 0)
/// }
/// learner.learn(Lesson(text: "my package has not come", meaning: .intent("delivery")))
/// try learner.write(to: URL(filePath: "triage.learner"))
/// ```
///
/// Without learning, ``Trainer`` gives a core at once.
///
/// ## Topics
/// - Training: ``Example``, ``Trainer``, ``TrainingOptions``, ``StaticEmbeddings``
/// - Learning: ``Learner``, ``Lesson``, ``Observation``, ``Simulation``
/// - Reading: ``Core``, ``Reading``, ``Evidence``, ``Explanation``
/// - Signals: ``Mood``, ``Urgency``, ``Language``, ``PersonWish``, ``Distress``
/// - Measuring: ``Evaluation``, ``CSVReader``
public struct Core: Sendable {
    /// The identifiers of the intents it can tell apart; sorted at first, later ones behind.
    public internal(set) var intents: [String]
    /// The hash of everything the core was trained to, and behind a `+` how many lessons it has
    /// learned since: equal versions read alike.
    public internal(set) var version: String

    var model: LinearModel
    let calibration: Calibration
    var stored: StoredExamples
    /// What outcomes have taught about confidence; nil for a core without.
    var experience: Experience?
    let embeddings: StaticEmbeddings?
    /// How turns are said; nil in a core without intents, which hands everything over.
    let manner: Manner?

    init(
        intents: [String],
        model: LinearModel,
        calibration: Calibration,
        stored: StoredExamples,
        embeddings: StaticEmbeddings?,
        manner: Manner?
    ) {
        self.intents = intents
        self.model = model
        self.calibration = calibration
        self.stored = stored
        self.embeddings = embeddings
        self.manner = manner
        version = ""
        version = String(format: "%016llx", ContentHash.of(contents()))
    }

    /// The confidence from which on answers may be expected to be right this often.
    ///
    /// Found on examples held out of training, until outcomes take over. Above 1 when nothing is
    /// known: then nothing should be answered.
    /// - Parameters:
    ///   - target: The share of right answers wanted, such as 0.97.
    ///   - unknownShare: The share of turns expected to be about none of the intents, 0..<1. They
    ///     were tried by hiding intents from training. With 0, customers are believed to ask only
    ///     what the workspace knows: right for a closed test, a lie on real traffic.
    /// - Returns: A confidence; above 1 for never.
    public func threshold(forPrecision target: Double, unknownShare: Double = 0.1) -> Float {
        if let curve = experience?.curve, curve.points != nil {
            return curve.threshold(for: target, cold: 0)
        }
        let cold = calibration.threshold.threshold(
            forPrecision: target,
            unknownShare: unknownShare
        )
        return experience?.curve?.threshold(for: target, cold: cold) ?? cold
    }
}
