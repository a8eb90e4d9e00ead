import Foundation
import JSONCoding
import Knowledge
import Model
import Synchronization
import Triage
import Workflows

extension TriageDesk {
    /// Entries taken in at once.
    private static let batch = 1000
    /// New entries after which the learner is kept again.
    static let keepEvery: Int64 = 200

    // MARK: - Content

    /// Takes new content: trains the learner when its examples changed since it was kept, and has it
    /// learn what the book holds.
    ///
    /// Returns the seconds it took to train; nil when a kept learner was good.
    @discardableResult
    package func take(_ workspace: Workspace) async -> Double? {
        await turnstile.pass { await self.takeNow(workspace) }
    }

    private func takeNow(_ workspace: Workspace) async -> Double? {
        let articles = ArticleIndex(workspace.articles)
        let seconds = await train { self.open(workspace) }
        hasHeardAll.withLock { $0 = false }
        // Entries that cannot be read now are learned when they can.
        _ = try? await learnNow()
        await train { self.publish(workspace, articles) }
        return seconds
    }

    /// Opens the school for a workspace's examples.
    private func open(_ workspace: Workspace) -> Double? {
        let examples = workspace.recognisedIntents.flatMap { intent in
            intent.allExamples.map { Example(text: $0, intent: intent.name) }
        }
        guard !examples.isEmpty else {
            school.withLock { $0 = nil }
            return nil
        }
        let names = Dictionary(
            workspace.recognisedIntents.map { ($0.name, $0.title) },
            uniquingKeysWith: { first, _ in first }
        )
        var options = Learner.Options()
        options.target = workspace.automation.precision
        let content = LearnerCache.fingerprint(examples, names, options)
        if let kept = cache.newest(of: content, embeddings, options) {
            school.withLock {
                $0 = School(
                    content: content,
                    learner: kept.learner,
                    upTo: kept.upTo,
                    intents: names.count
                )
            }
            return nil
        }
        let begin = ContinuousClock.now
        let learner = Learner(examples, names: names, embeddings: embeddings, options: options)
        let seconds = Double((ContinuousClock.now - begin).milliseconds) / 1000
        cache.keep(learner, content: content, upTo: 0)
        school.withLock {
            $0 = School(content: content, learner: learner, upTo: 0, intents: names.count)
        }
        return seconds
    }

    /// Puts in the core as it stands, with a workspace or with the one that is there.
    private func publish(_ workspace: Workspace? = nil, _ articles: ArticleIndex? = nil) {
        let before = current
        let workspace = workspace ?? before.workspace
        let school = school.withLock { $0 }
        var fresh = Engine(
            core: school?.learner.core ?? Trainer.train([], embeddings: nil),
            workspace: workspace,
            articles: articles ?? before.articles
        )
        let intents = Dictionary(
            workspace.recognisedIntents.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        fresh.policy = Policy(
            demands: Demands(workspace.automation, core: fresh.core),
            intents: intents,
            standings: school?.standings ?? [:],
            workflows: Set(workspace.workflows.flatMap(\.workflow.intents))
        )
        fresh.versions["outcomes"] = .int(school?.upTo ?? 0)
        fresh.versions["content"] = school.map { .string($0.content) }
        put(fresh)
    }

    // MARK: - Outcomes

    /// Learns what the book holds beyond what has been learned.
    package func learn() async throws(LogFailure) {
        let result: Result<Void, LogFailure> = await turnstile.pass {
            do throws(LogFailure) {
                if try await self.learnNow() { await self.train { self.publish() } }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Learns what the book holds; a learner that has just been opened hears of earlier entries too.
    ///
    /// Says whether there was anything.
    private func learnNow() async throws(LogFailure) -> Bool {
        guard let book, let start = school.withLock({ $0?.upTo }) else { return false }
        var last = hasHeardAll.withLock { $0 } ? start : 0
        var hasLearned = false
        while true {
            let entries = try await book.entries(after: last, limit: Self.batch)
            guard let end = entries.last?.id else { break }
            let changes = await train { self.take(entries) }
            if !changes.isEmpty { try await book.keep(changes) }
            last = end
            hasLearned = hasLearned || end > start
        }
        hasHeardAll.withLock { $0 = true }
        return hasLearned
    }

    private func take(_ entries: [LearningEntry]) -> [StandingChange] {
        school.withLock { school in
            var changes: [StandingChange] = []
            for entry in entries {
                changes += school?.take(entry) ?? []
                if entry.id % Self.keepEvery == 0 { keep(school) }
            }
            return changes
        }
    }

    private func keep(_ school: School?) {
        guard let school else { return }
        cache.keep(school.learner, content: school.content, upTo: school.upTo)
    }

    /// Keeps what has been learned, so that the next start is quick.
    package func close() async { await train { self.keep(self.school.withLock { $0 }) } }

    // MARK: - Going back

    /// Forgets everything learned after an entry of the book.
    ///
    /// The entries stay in the book, marked; what is learned from now on builds on those before.
    package func rollBack(to entry: Int64, at time: Timestamp) async throws(LogFailure) {
        guard let book else { return }
        let result: Result<Void, LogFailure> = await turnstile.pass {
            await self.train { self.cache.remove(after: entry) }
            do throws(LogFailure) {
                try await book.void(after: entry, at: time)
            } catch {
                return .failure(error)
            }
            _ = await self.takeNow(self.current.workspace)
            return .success(())
        }
        try result.get()
    }

    /// The core as it was when a decision was made; nil when its examples are not these any more.
    package func core(asOf decision: Decision) async throws(LogFailure) -> Core? {
        guard let book, let upTo = decision.versions["outcomes"]?.intValue.map({ Int64($0) }),
            let content = decision.versions["content"]?.stringValue,
            let options = school.withLock({ $0?.content == content ? $0?.learner.options : nil })
        else { return nil }
        var entries: [LearningEntry] = []
        while entries.last?.id ?? 0 < upTo {
            let next = try await book.entries(after: entries.last?.id ?? 0, limit: Self.batch)
            if next.isEmpty { break }
            entries += next
        }
        entries.removeAll { $0.id > upTo }
        // A learner that was kept after a rollback lacks what still counted then.
        let isRolledBack = entries.contains { $0.voidedAt.map { $0 > decision.at } ?? false }
        let limit = isRolledBack ? 0 : upTo
        let kept = await train {
            self.cache.newest(of: content, self.embeddings, options, notAfter: limit)
        }
        guard let kept else { return nil }
        var past = School(
            content: content,
            learner: kept.learner,
            upTo: kept.upTo,
            intents: current.workspace.recognisedIntents.count
        )
        for var entry in entries {
            if let voided = entry.voidedAt, voided > decision.at { entry.voidedAt = nil }
            _ = past.take(entry)
        }
        return past.learner.core
    }
}
