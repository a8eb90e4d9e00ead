import Foundation
import Knowledge
import Model
import Synchronization
import Triage

/// The triage core at work: the trained core, what it answers with, and the policy between them.
///
/// Reading happens on an immutable copy, so a new one can be put in at any time. Training takes
/// seconds of a processor and runs on a queue of its own.
package final class TriageDesk: Sendable {
    /// Everything a turn is read with; replaced as a whole.
    package struct Engine: Sendable {
        package var core: Core
        package var workspace: Workspace
        package var articles: ArticleIndex
        package var policy: Policy
        package var version: String
    }

    /// The share of answers that are to be right.
    package static let targetPrecision = 0.95

    private let engine: Mutex<Engine>
    private let embeddings: StaticEmbeddings?
    private let cache: URL?

    /// `cache`: where a trained core is kept between starts; nil keeps none.
    package init(embeddings: StaticEmbeddings?, cache: URL?) {
        self.embeddings = embeddings
        self.cache = cache
        // Without intents everything hands off, but wishes and distress are read all the same.
        let untaught = Trainer.train([], embeddings: nil)
        engine = Mutex(
            Engine(
                core: untaught,
                workspace: Workspace(),
                articles: ArticleIndex([]),
                policy: Policy(threshold: 1, intents: [:]),
                version: untaught.version
            )
        )
    }

    package var current: Engine { engine.withLock { $0 } }

    /// Takes new content, training the core when its examples changed since it was kept.
    ///
    /// Returns the seconds it took to train; nil when a kept core was good.
    @discardableResult
    package func take(_ workspace: Workspace) async -> Double? {
        let trained: (core: Core, seconds: Double?) = await withCheckedContinuation {
            continuation in
            DispatchQueue(label: "triage.training").async { [self] in
                continuation.resume(returning: self.core(for: workspace))
            }
        }
        let core = trained.core
        let intents = Dictionary(
            workspace.recognisedIntents.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let threshold = Double(core.threshold(forPrecision: Self.targetPrecision))
        let fresh = Engine(
            core: core,
            workspace: workspace,
            articles: ArticleIndex(workspace.articles),
            policy: Policy(threshold: threshold, intents: intents),
            version: core.version
        )
        engine.withLock { $0 = fresh }
        return trained.seconds
    }

    private func core(for workspace: Workspace) -> (Core, Double?) {
        let examples = Self.examples(of: workspace)
        guard !examples.isEmpty else { return (Trainer.train([], embeddings: nil), nil) }
        let names = Dictionary(
            workspace.recognisedIntents.map { ($0.name, $0.title) },
            uniquingKeysWith: { first, _ in first }
        )
        let fingerprint = Self.fingerprint(examples, names)
        if let kept = kept(fingerprint) { return (kept, nil) }
        let begin = ContinuousClock.now
        let core = Trainer.train(examples, names: names, embeddings: embeddings)
        let seconds = Double((ContinuousClock.now - begin).milliseconds) / 1000
        keep(core, fingerprint)
        return (core, seconds)
    }

    private static func examples(of workspace: Workspace) -> [Example] {
        workspace.recognisedIntents.flatMap { intent in
            intent.allExamples.map { Example(text: $0, intent: intent.name) }
        }
    }

    // MARK: - Keeping

    private func file(_ fingerprint: String) -> URL? {
        cache?.appending(path: "triage-\(fingerprint).core")
    }

    private func kept(_ fingerprint: String) -> Core? {
        file(fingerprint).flatMap { try? Core(contentsOf: $0, embeddings: embeddings) }
    }

    /// A core that cannot be kept is trained again at the next start: no reason to fail this one.
    private func keep(_ core: Core, _ fingerprint: String) {
        guard let cache, let file = file(fingerprint) else { return }
        let files = FileManager.default
        try? files.createDirectory(at: cache, withIntermediateDirectories: true)
        let older =
            (try? files.contentsOfDirectory(at: cache, includingPropertiesForKeys: nil)) ?? []
        for old in older where old.pathExtension == "core" { try? files.removeItem(at: old) }
        try? core.write(to: file)
    }

    /// FNV-1a over everything that training sees, in order.
    private static func fingerprint(_ examples: [Example], _ names: [String: String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        for example in examples {
            mix(example.text)
            mix(example.intent ?? "")
        }
        for (name, title) in names.sorted(by: { $0.key < $1.key }) {
            mix(name)
            mix(title)
        }
        return String(hash, radix: 16)
    }
}
