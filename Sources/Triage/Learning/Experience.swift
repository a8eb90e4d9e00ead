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

        private(set) var right = 0.0
        private(set) var all = 0.0
        /// How much of ``all`` anybody could have made up.
        private(set) var untrusted = 0.0

        init(right: Double = 0, all: Double = 0, untrusted: Double = 0) {
            self.right = right
            self.all = all
            self.untrusted = untrusted
        }

        /// Of outcomes that anybody could have made up, those beyond a tenth do not count.
        mutating func add(isRight: Bool, isTrusted: Bool) {
            if !isTrusted, (untrusted + 1) * 10 > all + 1 { return }
            right = right * Self.decay + (isRight ? 1 : 0)
            all = all * Self.decay + 1
            untrusted = untrusted * Self.decay + (isTrusted ? 0 : 1)
        }

        var precision: Double {
            (right + Self.prior * Self.priorPrecision) / (all + Self.prior)
        }

        /// How sure it is that answers of this intent are right less often than a share.
        ///
        /// Under a Beta posterior with a flat prior; nothing is said before eight answers.
        func doubt(below share: Double) -> Double {
            all >= 8 ? chance(below: share) : 0
        }

        /// How sure it is that answers are right at least that often; nothing before twenty.
        func trust(above share: Double) -> Double {
            all >= 20 ? 1 - chance(below: share) : 0
        }

        private func chance(below share: Double) -> Double {
            ClopperPearson.incompleteBeta(share, 1 + right, 1 + all - right)
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
    /// The confidence that answers need; nil until enough is known.
    var curve: ThresholdCurve?

    init(intents: Int) {
        records = [Record](repeating: Record(), count: intents)
        answers = records
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
