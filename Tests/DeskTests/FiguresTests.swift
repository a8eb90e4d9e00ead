import Foundation
import Knowledge
import Testing
import Triage

/// The figures of Documentation/triage.md in small, on our own sentences: a loss is noticed in seconds,
/// the full figures come from `maitred triage eval` and `simulate` over the public sets.
struct FiguresTests {
    private static let embeddings = try? StaticEmbeddings.bundled()
    private static let workspace = try? Workspace.load(Workspace.starterFolder)

    /// The starter's English examples: every third is for the test.
    private static func halves(
        without hidden: Int = 0
    ) throws -> (train: [Example], test: [Example]) {
        let intents = try #require(workspace).recognisedIntents.filter { !$0.isSmallTalk }
        var train: [Example] = []
        var test: [Example] = []
        for (number, intent) in intents.enumerated() {
            let isHidden = number < hidden
            for (place, text) in intent.examples.enumerated() {
                let label = isHidden ? nil : intent.name
                if place % 3 == 0 {
                    test.append(Example(text: text, intent: label))
                } else if !isHidden {
                    train.append(Example(text: text, intent: label))
                }
            }
        }
        return (train, test)
    }

    /// T1, T4, T5 and T8.
    @Test func `messages are read rightly, and the core knows how sure to be`() throws {
        let (train, test) = try Self.halves()
        var options = Evaluation.Options(embeddings: Self.embeddings, usesNames: true)
        options.pairs = 60
        let figures = Evaluation.run(train: train, test: test, options: options)
        print("figures: \(figures.json)")
        #expect(figures.accuracy >= 0.64)
        #expect(figures.expectedCalibrationError <= 0.09)
        #expect(figures.thresholdPrecision >= 0.93)
        let several = try #require(figures.several)
        #expect(several.exact >= 0.08)
        #expect(several.wronglySplit <= 0.05)
    }

    /// T3.
    @Test func `what nobody taught is told from what somebody did`() throws {
        let (train, test) = try Self.halves(without: 12)
        let options = Evaluation.Options(embeddings: Self.embeddings, usesNames: true)
        let unknown = try #require(
            Evaluation.run(train: train, test: test, options: options).outOfScope
        )
        print("unknown: \(unknown)")
        #expect(unknown.auroc >= 0.69)
    }

    /// T6 and T7.
    @Test func `in a stream it answers more and more, and keeps its target`() throws {
        let (train, test) = try Self.halves()
        var options = Simulation.Options()
        options.unknownIntents = 0.2
        let stream = (train + test).filter { $0.text.count % 5 != 0 }
        let seeds = Dictionary(grouping: train, by: { $0.intent ?? "" }).values
            .flatMap { $0.prefix(5) }.sorted { $0.text < $1.text }
        let simulation = Simulation(
            examples: seeds,
            stream: stream,
            embeddings: Self.embeddings,
            options: options
        )
        print("stream: \(simulation.whole) \(simulation.first) \(simulation.last)")
        #expect(simulation.whole.precision >= 0.93)
        #expect(simulation.last.automation >= simulation.first.automation)
    }

    /// T9, on sentences held out of training.
    @Test func `moods are heard as people rate them`() {
        let hearing = MannerEvaluation.heldOutMood(embeddings: Self.embeddings)
        print("mood: \(hearing)")
        #expect(hearing.together >= 0.44)
        #expect(hearing.together > hearing.rules)
    }

    /// T11.
    @Test func `explanations add up`() throws {
        let (train, test) = try Self.halves()
        let core = Trainer.train(train, embeddings: Self.embeddings)
        for example in test.prefix(200) {
            let explanation = try #require(core.explain(example.text))
            #expect(abs(explanation.residual) < 1e-4)
        }
    }
}
