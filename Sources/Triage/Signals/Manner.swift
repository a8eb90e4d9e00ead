import Foundation
import Synchronization

/// How a turn is said, whatever it is about: what rules on single words miss.
///
/// Small models over the features that intents are read with: one says whether a machine should step
/// back, one for which reason, and one how the customer feels. One model for all reasons finds nearly
/// twice as many as the surest of one model for each: anger, fear and repeated failure have much in
/// common, and only together are they told from mere annoyance. All are learned from sentences of our
/// own that come with the package, harmless uses of alarming words among them, so a workspace has
/// them before it has heard anybody.
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

    /// Of a workspace's examples about so many are learned as everyday matters.
    private static let everydayTexts = 2000
    /// How sure it must be that a machine should step back; at this, of sentences held out of training,
    /// six in seven of those with a reason are found, and one in eight of the others, which are
    /// hard ones on purpose.
    static let certainty: Float = 0.4
    /// Rules and model are added up, one as good as the other on tweets and editorials, and brought back
    /// to the scale of one of them: they often say the same.
    static let moodScale: Float = 0.6

    fileprivate static let findings: [(name: String, finding: Finding)] = [
        ("anger", .distress(.anger)), ("anxiety", .distress(.despair)),
        ("failure", .distress(.failure)), ("legal", .distress(.legal)),
        ("safety", .distress(.safety)), ("wish", .wishForPerson),
    ]
    static let classes = 1 + findings.count + 1
    private static let runs = 8
    /// A mood is a matter of degree and noisy: fewer runs are better on tweets and editorials.
    private static let moodRuns = 4

    /// The scores: whether to step back, then one for each of ``findings``, then a mood.
    ///
    /// Three models side by side: together they fill a row of eight and cost one run through memory.
    let model: LinearModel

    init(model: LinearModel) { self.model = model }

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
        // What is asked every day is asked matter-of-factly, unless its words say otherwise.
        for text in calm where abs(Mood(of: text).score) < 1 {
            moods.append(features(text), target: .share(0.5))
        }
        let models = [
            Self.fit(need, runs: Self.runs), Self.fit(kinds, runs: Self.runs),
            Self.fit(moods, runs: Self.moodRuns),
        ]
        self.init(model: LinearModel(sideBySide: models))
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

    /// What customers of a workspace ask every day: some of each intent's examples.
    static func everyday(_ examples: [[String]]) -> [String] {
        let share = max(5, everydayTexts / max(1, examples.count))
        return examples.flatMap { $0.prefix(share) }
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

    /// What is heard in a turn.
    struct Heard {
        fileprivate let scores: [Float]

        /// How sure it is that a machine should step back, 0…1.
        var certainty: Float { logistic(scores[0]) }

        /// The likeliest reason to step back, if it is sure enough that there is one.
        var finding: Finding? {
            guard certainty >= Manner.certainty else { return nil }
            let kinds = Manner.findings.indices
            return kinds.max { scores[1 + $0] < scores[1 + $1] }.map { Manner.findings[$0].finding }
        }

        /// How it sounds, −4…4.
        var mood: Float { 8 * logistic(scores[Manner.classes - 1]) - 4 }
    }

    /// Hears a turn; some microseconds.
    func hear(_ features: FeatureVector) -> Heard { Heard(scores: model.scores(features)) }
}
