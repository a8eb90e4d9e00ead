import Foundation
import Testing
import Triage

struct EvaluationTests {
    @Test func `prints the keys that scripts rely on`() throws {
        let test = [
            Example(text: "refund please", intent: "refund"),
            Example(text: "sing me a song", intent: nil),
        ]
        let evaluation = Evaluation.run(
            train: Workshop.examples,
            test: test,
            options: Evaluation.Options(training: TrainingOptions(epochs: 1), usesNames: true)
        )
        let parsed = try JSONSerialization.jsonObject(with: Data(evaluation.json.utf8))
        let object = try #require(parsed as? [String: Any])
        #expect(
            Set(object.keys) == [
                "accuracy", "coverage", "ece", "oos", "several", "threshold_98", "latency_us",
                "train_seconds",
            ]
        )
        func keys(_ name: String) -> Set<String> {
            Set((object[name] as? [String: Any] ?? [:]).keys)
        }
        #expect(keys("coverage") == ["0.95", "0.98", "0.99"])
        #expect(keys("oos") == ["auroc", "recall_at_5pct", "in_scope_accuracy"])
        #expect(keys("threshold_98") == ["coverage", "precision"])
        #expect(keys("latency_us") == ["p50", "p99"])
    }

    @Test func `has no figures for unknown rows where there are none`() {
        let evaluation = Evaluation.run(
            train: Workshop.examples,
            test: Array(Workshop.examples.prefix(5)),
            options: Evaluation.Options(training: TrainingOptions(epochs: 1))
        )
        #expect(evaluation.json.contains("\"oos\":null"))
    }

    /// Eight intents of BANKING77, ten training rows each: seconds in a debug build, too.
    @Test(.enabled(if: Workshop.sharedData != nil, "the public sets are not on this machine"))
    func `learns public data with the embedding table`() throws {
        let folder = try #require(Workshop.sharedData).appending(path: "banking77")
        let intents: Set<String> = [
            "card_arrival", "lost_or_stolen_card", "exchange_rate", "change_pin", "age_limit",
            "terminate_account", "verify_my_identity", "top_up_failed",
        ]
        func rows(_ name: String) throws -> [Example] {
            try CSVReader.examples(at: folder.appending(path: name))
                .filter { intents.contains($0.intent ?? "") }
        }
        let evaluation = Evaluation.run(
            train: try rows("train-10-shot.csv"),
            test: try rows("test.csv"),
            options: Evaluation.Options(
                training: TrainingOptions(epochs: 4),
                embeddings: try StaticEmbeddings.bundled()
            )
        )
        #expect(evaluation.accuracy > 0.9)
    }
}
