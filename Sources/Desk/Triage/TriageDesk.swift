import Foundation
import JSONCoding
import Knowledge
import Model
import Synchronization
import Triage

/// The triage core at work: the trained core, what it answers with, and the policy between them.
///
/// Reading happens on an immutable copy, so a new one can be put in at any time. Training takes
/// seconds of a processor, learning milliseconds; both run on a queue of their own.
///
/// ## Topics
/// - ``take(_:)``
/// - ``learn()``
/// - ``rollBack(to:at:)``
/// - ``Policy``
/// - ``OutcomeReader``
package final class TriageDesk: Sendable {
    /// Everything a turn is read with; replaced as a whole.
    package struct Engine: Sendable {
        package var core: Core
        package var workspace: Workspace
        package var articles: ArticleIndex
        package var policy: Policy
        /// What a decision names, so that it can be computed again.
        package var versions: JSON.Object
        /// How many were there before it.
        fileprivate(set) var generation = 0

        init(core: Core, workspace: Workspace, articles: ArticleIndex) {
            self.core = core
            self.workspace = workspace
            self.articles = articles
            policy = Policy(demands: Demands(), intents: [:])
            versions = ["core": .string(core.version)]
        }

        package var version: String { core.version }
    }

    private let engine: Mutex<Engine>
    let embeddings: StaticEmbeddings?
    let cache: LearnerCache
    let book: (any OutcomeBook)?
    /// Changed on the training queue only.
    let school = Mutex<School?>(nil)
    /// Taking content, learning and going back wait for each other.
    let turnstile = Turnstile()
    /// The school has heard of every entry there was when it was opened.
    let hasHeardAll = Mutex(false)
    private let queue = DispatchQueue(label: "triage.training")

    /// - Parameters:
    ///   - embeddings: The static table.
    ///   - cache: The folder where trained cores are kept between starts; nil keeps none.
    ///   - book: What is learned from; nil for nothing.
    package init(
        embeddings: StaticEmbeddings?,
        cache: URL?,
        book: (any OutcomeBook)? = nil
    ) {
        self.embeddings = embeddings
        self.cache = LearnerCache(folder: cache)
        self.book = book
        // Without intents everything hands off, but wishes and distress are read all the same.
        let untaught = Trainer.train([], embeddings: nil)
        engine = Mutex(
            Engine(core: untaught, workspace: Workspace(), articles: ArticleIndex([]))
        )
    }

    package var current: Engine { engine.withLock { $0 } }

    /// Tells the engine from those that were replaced.
    var generation: Int { engine.withLock(\.generation) }

    func put(_ fresh: Engine) {
        engine.withLock { engine in
            let generation = engine.generation + 1
            engine = fresh
            engine.generation = generation
        }
    }

    /// Does something that takes long, away from the cooperative pool, one thing after the other.
    func train<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
