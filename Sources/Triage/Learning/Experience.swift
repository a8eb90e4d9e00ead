import Foundation

/// What outcomes have taught about how sure one may be.
struct Experience: Sendable {
    /// How an intent has done lately, older outcomes counting less.
    struct Record: Sendable, Hashable {
        /// What an outcome counts after each one that follows.
        private static let decay = 0.98
        /// Outcomes that a record begins with, at ``priorPrecision``.
        private static let prior = 4.0
        private static let priorPrecision = 0.85

        private var right = 0.0
        private var all = 0.0

        mutating func add(isRight: Bool) {
            right = right * Self.decay + (isRight ? 1 : 0)
            all = all * Self.decay + 1
        }

        var precision: Double {
            (right + Self.prior * Self.priorPrecision) / (all + Self.prior)
        }

        /// How sure it is that answers of this intent are right less often than a share.
        ///
        /// Under a Beta posterior with a flat prior; nothing is said before eight answers.
        func doubt(below share: Double) -> Double {
            guard all >= 8 else { return 0 }
            return ClopperPearson.incompleteBeta(share, 1 + right, 1 + all - right)
        }
    }

    /// Weights found on learning streams of BANKING77 and CLINC150 training rows.
    static let typicalHead = LogisticHead(weights: [-1.6, 2.1, 0.8, 0.6, 2.6, 0.6])

    /// Right or not, from the evidence and the intent's record; nil until enough is known.
    var head: LogisticHead?
    /// How each intent's readings have turned out, answered or not.
    var records: [Record]
    /// How those have turned out that were sure enough to be answered.
    var answers: [Record]
    /// The confidence from which on to answer.
    var threshold: Float

    init(intents: Int, threshold: Float) {
        records = [Record](repeating: Record(), count: intents)
        answers = records
        self.threshold = threshold
    }

    mutating func addIntent() {
        records.append(Record())
        answers.append(Record())
    }

    func inputs(_ evidence: Evidence, of intent: Int) -> [Double] {
        let precision = records[intent].precision
        return evidence.inputs + [log(precision / (1 - precision)) / 3]
    }

    /// How likely it is that acting on an intent is right; nil until enough is known.
    func confidence(_ evidence: Evidence, of intent: Int) -> Float? {
        head.map { Float($0.probability(inputs(evidence, of: intent))) }
    }
}
