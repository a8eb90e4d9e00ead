import Foundation
import Synchronization

/// How a turn is said, whatever it is about: what rules on single words miss.
///
/// Two small models over the features that intents are read with: one finds reasons for a machine to
/// step back, the other how the customer feels. Both are learned from sentences of our own that come
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

    /// How sure a finding must be, found on sentences held out of training.
    static let certainty: Float = 0.5
    /// What one unit of the learned mood adds to a score by rules of one unit.
    static let moodShare: Float = 1.0

    private static let findings: [(name: String, finding: Finding)] = [
        ("anger", .distress(.anger)), ("anxiety", .distress(.despair)),
        ("failure", .distress(.failure)), ("legal", .distress(.legal)),
        ("safety", .distress(.safety)), ("wish", .wishForPerson),
    ]
    static let classes = findings.count
    private static let runs = 15

    let kinds: LinearModel
    let mood: LinearModel

    init(kinds: LinearModel, mood: LinearModel) {
        self.kinds = kinds
        self.mood = mood
    }

    /// Learns from sentences; some tenths of a second for a few thousand.
    init(_ sentences: Sentences, embeddings: StaticEmbeddings?) {
        let dimensions = embeddings?.dimensions ?? 0
        var kinds = TrainingSet(classes: Self.findings.count, dimensions: dimensions)
        for sentence in sentences.findings {
            kinds.append(
                FeatureVector(TurnText(sentence.text), embeddings: embeddings),
                label: Self.findings.firstIndex { $0.name == sentence.kind }
            )
        }
        var moods = TrainingSet(classes: 1, dimensions: dimensions)
        for sentence in sentences.moods {
            moods.append(
                FeatureVector(TurnText(sentence.text), embeddings: embeddings),
                target: .share((sentence.score + 4) / 8)
            )
        }
        self.init(kinds: Self.fit(kinds), mood: Self.fit(moods))
    }

    private static func fit(_ set: TrainingSet) -> LinearModel {
        let options = TrainingOptions()
        let learner = BatchLearner(
            set: set,
            epochs: runs,
            firstRate: options.firstRate,
            lastRate: options.lastRate
        )
        return learner.fit(Array(0..<set.count)).model
    }

    /// The one that a core reads with, learned when it is first asked for.
    ///
    /// Blocks its thread then; later ones with the same table are copies.
    static func bundled(_ embeddings: StaticEmbeddings?) -> Manner {
        learned.withLock { learned in
            let key = embeddings?.fingerprint ?? 0
            if let known = learned[key] { return known }
            let fresh = Manner(.bundled, embeddings: embeddings)
            learned[key] = fresh
            return fresh
        }
    }

    private static let learned = Mutex<[UInt64: Manner]>([:])

    /// The surest reason to step back that a turn shows, if any is sure enough.
    func finding(in features: FeatureVector) -> Finding? {
        let scores = kinds.scores(features)
        guard let top = scores.indices.max(by: { scores[$0] < scores[$1] }),
            logistic(scores[top]) >= Self.certainty
        else { return nil }
        return Self.findings[top].finding
    }

    /// How sure the surest finding is, 0…1.
    func certainty(_ features: FeatureVector) -> Float {
        kinds.scores(features).max().map(logistic) ?? 0
    }

    /// How a turn sounds, −4…4.
    func mood(in features: FeatureVector) -> Float {
        mood.scores(features).first.map { 8 * logistic($0) - 4 } ?? 0
    }
}
