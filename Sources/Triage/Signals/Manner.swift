import Foundation
import Synchronization

/// How a turn is said, whatever it is about: what rules on single words miss.
///
/// Small models over the features that intents are read with: one says whether a machine should step
/// back, one for which reason, and one how the customer feels. One model for all reasons finds nearly
/// twice as many as the surest of one model for each: anger, fear and repeated failure have much in
/// common, and only together are they told from mere annoyance. All are learned from sentences of our own that come
/// with the package, harmless uses of alarming words among them, so a workspace has them before it
/// has heard anybody.
struct Manner: Sendable {
    /// A reason to step back.
    enum Finding: Hashable, Sendable {
        case distress(Distress.Kind)
        case wishForPerson
    }

    /// What is learned from: a text with the name of a finding, or `none`; a text with its mood.
    struct Sentences: Sendable {
        var findings: [(text: String, kind: String)] = []
        var moods: [(text: String, score: Float)] = []

        /// The sentences that come with the package; none where its resources are not installed.
        static let bundled: Sentences = {
            var sentences = Sentences()
            sentences.findings = records("stepping-back").map { ($0[0], $0[1]) }
            sentences.moods = records("mood").compactMap { record in
                Float(record[1]).map { (record[0], $0) }
            }
            return sentences
        }()

        private static func records(_ name: String) -> [[String]] {
            let url = Bundle.module.bundleURL.appendingPathComponent("sentences/\(name).csv")
            guard let bytes = try? Data(contentsOf: url),
                let records = try? CSVReader.records(in: [UInt8](bytes))
            else { return [] }
            return Array(records.dropFirst())
        }
    }

    /// How sure it must be that a machine should step back; at this, of sentences held out of training,
    /// eight in nine of those with a reason are found, and one in seven of the others, which are
    /// hard ones on purpose.
    static let certainty: Float = 0.4
    /// What one unit of the learned mood adds to a score by rules of one unit.
    static let moodShare: Float = 1

    private static let findings: [(name: String, finding: Finding)] = [
        ("anger", .distress(.anger)), ("anxiety", .distress(.despair)),
        ("failure", .distress(.failure)), ("legal", .distress(.legal)),
        ("safety", .distress(.safety)), ("wish", .wishForPerson),
    ]
    static let classes = findings.count
    private static let runs = 15
    /// A mood is a matter of degree and noisy: fewer runs are better on tweets and editorials.
    private static let moodRuns = 4

    /// One score: whether to step back.
    let need: LinearModel
    /// One score for each of ``findings``.
    let kinds: LinearModel
    /// One score that stands for a mood.
    let mood: LinearModel

    init(need: LinearModel, kinds: LinearModel, mood: LinearModel) {
        self.need = need
        self.kinds = kinds
        self.mood = mood
    }

    /// Learns from sentences; some tenths of a second for a few thousand.
    ///
    /// - Parameters:
    ///   - sentences: What is known in any workspace.
    ///   - calm: What customers of this workspace ask every day: no reason to step back, however
    ///     alarming the words are elsewhere.
    ///   - embeddings: The static table.
    init(_ sentences: Sentences, calm: [String], embeddings: StaticEmbeddings?) {
        let dimensions = embeddings?.dimensions ?? 0
        func features(_ text: String) -> FeatureVector {
            FeatureVector(TurnText(text), embeddings: embeddings)
        }
        var need = TrainingSet(classes: 1, dimensions: dimensions)
        var kinds = TrainingSet(classes: Self.findings.count, dimensions: dimensions)
        for sentence in sentences.findings {
            let features = features(sentence.text)
            let kind = Self.findings.firstIndex { $0.name == sentence.kind }
            need.append(features, label: kind.map { _ in 0 })
            kinds.append(features, label: kind)
        }
        // An example may itself be a cry for help, and then is no evidence against one.
        for text in calm where Distress(in: text) == nil && !PersonWish.isExpressed(in: text) {
            need.append(features(text), label: nil)
        }
        var moods = TrainingSet(classes: 1, dimensions: dimensions)
        for sentence in sentences.moods {
            moods.append(features(sentence.text), target: .share((sentence.score + 4) / 8))
        }
        self.init(
            need: Self.fit(need, runs: Self.runs),
            kinds: Self.fit(kinds, runs: Self.runs),
            mood: Self.fit(moods, runs: Self.moodRuns)
        )
    }

    private static func fit(_ set: TrainingSet, runs: Int) -> LinearModel {
        let options = TrainingOptions()
        let learner = BatchLearner(
            set: set,
            epochs: runs,
            firstRate: options.firstRate,
            lastRate: options.lastRate
        )
        return learner.fit(Array(0..<set.count)).model
    }

    /// The one that a core of a workspace reads with.
    ///
    /// Blocks its thread while it is learned; the latest are kept, for a workspace is often trained
    /// again with other intents' answers only, or in tests.
    static func bundled(calm: [String], _ embeddings: StaticEmbeddings?) -> Manner {
        learned.withLock { learned in
            var hash = ContentHash()
            hash.combine(embeddings?.fingerprint ?? 0)
            for text in calm { Array(text.utf8).withUnsafeBytes { hash.combine($0) } }
            if let known = learned.first(where: { $0.key == hash.value }) { return known.manner }
            let fresh = Manner(.bundled, calm: calm, embeddings: embeddings)
            if learned.count == maximumKept { learned.removeFirst() }
            learned.append((hash.value, fresh))
            return fresh
        }
    }

    private static let maximumKept = 6
    private static let learned = Mutex<[(key: UInt64, manner: Manner)]>([])

    /// The likeliest reason to step back, if it is sure enough that there is one.
    func finding(in features: FeatureVector) -> Finding? {
        guard certainty(features) >= Self.certainty else { return nil }
        let scores = kinds.scores(features)
        let top = scores.indices.max { scores[$0] < scores[$1] }
        return top.map { Self.findings[$0].finding }
    }

    /// How sure it is that a machine should step back, 0…1.
    func certainty(_ features: FeatureVector) -> Float {
        need.scores(features).first.map(logistic) ?? 0
    }

    /// How a turn sounds, −4…4.
    func mood(in features: FeatureVector) -> Float {
        mood.scores(features).first.map { 8 * logistic($0) - 4 } ?? 0
    }
}
