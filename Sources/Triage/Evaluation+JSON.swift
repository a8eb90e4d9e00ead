import Foundation

extension Evaluation {
    /// The figures as one line of JSON, with the keys that scripts rely on.
    public var json: String {
        var scope = "null"
        if let outOfScope {
            scope = object([
                ("auroc", number(outOfScope.auroc)),
                ("recall_at_5pct", number(outOfScope.recallAt5Percent)),
                ("in_scope_accuracy", number(outOfScope.inScopeAccuracy)),
            ])
        }
        let coverages = coverage.sorted { $0.key < $1.key }.map { precision, share in
            (String(format: "%.2f", precision), number(share))
        }
        var parts = "null"
        if let several {
            parts = object([
                ("exact", number(several.exact)),
                ("wrongly_split", number(several.wronglySplit)),
            ])
        }
        return object([
            ("accuracy", number(accuracy)),
            ("coverage", object(coverages)),
            ("ece", number(expectedCalibrationError)),
            ("oos", scope),
            ("several", parts),
            (
                "threshold_98",
                object([
                    ("coverage", number(thresholdCoverage)),
                    ("precision", number(thresholdPrecision)),
                ])
            ),
            (
                "latency_us",
                object([("p50", number(medianLatency)), ("p99", number(tailLatency))])
            ),
            ("train_seconds", number(trainingSeconds)),
        ])
    }

    private func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func number(_ value: Double) -> String {
        String(format: "%.4f", value)
    }
}
