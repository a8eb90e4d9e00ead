import Foundation
import Testing
import Triage

struct LearningTests {
    @Test func `training twice gives the same core, in parallel or not`() {
        let options = TrainingOptions(epochs: 2, runsInParallel: false)
        let serial = Trainer.train(Workshop.examples, options: options)
        let parallel = Trainer.train(Workshop.examples, options: TrainingOptions(epochs: 2))
        #expect(serial.version == parallel.version)
        #expect(serial.read("where is my money") == parallel.read("where is my money"))
    }

    @Test func `another example makes another version`() {
        let more = Workshop.examples + [Example(text: "bonjour", intent: "greeting")]
        let core = Trainer.train(more, options: TrainingOptions(epochs: 2))
        let known = Trainer.train(Workshop.examples, options: TrainingOptions(epochs: 2))
        #expect(core.version != known.version)
    }

    @Test func `the page decides between intents with the same words`() {
        var examples: [Example] = []
        for text in ["how do I change this?", "change it", "where can I edit that", "update this"] {
            examples.append(
                Example(text: text, intent: "invoice", context: ["page=billing.invoice"])
            )
            examples.append(Example(text: text, intent: "team", context: ["page=settings.team"]))
        }
        let core = Trainer.train(examples)
        let billing = core.read("please change this", context: ["page=billing.invoice"])
        let settings = core.read("please change this", context: ["page=settings.team"])
        #expect(billing.ranking.first?.intent == "invoice")
        #expect(settings.ranking.first?.intent == "team")

        let explanation = core.explain("please change this", context: ["page=settings.team"])
        let fact = explanation?.contributions.first { $0.source == .context }
        #expect(fact?.text == "page=settings.team")
        #expect((fact?.weight ?? 0) > 0.5)
    }

    @Test func `an intent's name is learned as an example of it`() {
        let examples =
            Workshop.examples.filter { $0.intent != "export" }
            + [Example(text: "save the table", intent: "export")]
        let options = TrainingOptions(epochs: 6)
        let named = Trainer.train(examples, names: ["export": "spreadsheet"], options: options)
        let unnamed = Trainer.train(examples, options: options)
        func probability(_ core: Core) -> Float {
            core.read("spreadsheet").ranking.first { $0.intent == "export" }?.probability ?? 0
        }
        #expect(probability(named) > probability(unnamed))
    }

    @Test func `a higher precision asks for a higher confidence`() {
        let core = Workshop.core
        let thresholds = [0.5, 0.8, 0.9, 0.95].map { core.threshold(forPrecision: $0) }
        #expect(thresholds == thresholds.sorted())
        #expect(core.threshold(forPrecision: 0.8) > 0)
    }

    @Test func `expecting unknown turns makes it more careful`() {
        let core = Workshop.core
        let closed = core.threshold(forPrecision: 0.8, unknownShare: 0)
        let open = core.threshold(forPrecision: 0.8, unknownShare: 0.4)
        #expect(open > closed)
        #expect(open < 1)
    }

    @Test func `learns what is none of the intents`() {
        let unknown = ["tell me a joke", "what is the capital of France", "sing a song for me"]
        let taught = Trainer.train(
            Workshop.examples + unknown.map { Example(text: $0, intent: nil) },
            options: TrainingOptions(epochs: 6)
        )
        let text = "sing me a joke"
        #expect(taught.intents == Workshop.core.intents)
        #expect(
            taught.read(text).evidence?.score ?? 0 < Workshop.core.read(text).evidence?.score ?? 0
        )
    }

    @Test func `most of what was held out would have been answered rightly`() {
        let test = Workshop.texts.map { Example(text: $1[0] + " please", intent: $0) }
        let evaluation = Evaluation.run(
            train: Workshop.examples,
            test: test,
            options: Evaluation.Options(training: TrainingOptions(epochs: 6))
        )
        #expect(evaluation.accuracy == 1)
        #expect(evaluation.outOfScope == nil)
    }
}
