import Dispatch
import Synchronization

/// Makes a ``Core`` from examples.
public struct Trainer {
    /// Trains from nothing.
    ///
    /// The same examples, names, options and table give the same core, bit for bit. Blocks its
    /// thread: a starter workspace takes a fraction of a second, 15,000 examples of 150 intents
    /// some seconds. Not for the cooperative pool.
    ///
    /// - Parameters:
    ///   - examples: What customers write. Those without an intent teach what is none of them.
    ///     Their order matters a little: alike ones should stand together, as people write them.
    ///   - names: A readable name for each intent's identifier, learned as one more example of it.
    ///     Only intents that have an example are trained.
    ///   - options: How to train.
    ///   - embeddings: The static table; without it paraphrases are understood less well.
    /// - Returns: A core that reads these intents.
    public static func train(
        _ examples: [Example],
        names: [String: String] = [:],
        options: TrainingOptions = TrainingOptions(),
        embeddings: StaticEmbeddings? = nil
    ) -> Core {
        fit(examples, names: names, options: options, embeddings: embeddings).core
    }

    /// What training leaves behind: the core, and what learning goes on from.
    struct Fit {
        var core: Core
        var sums: [Float]
        var set: TrainingSet
        /// In the order of the set: names, then examples.
        var examples: [Example]
    }

    static func fit(
        _ examples: [Example],
        names: [String: String],
        options: TrainingOptions,
        embeddings: StaticEmbeddings?
    ) -> Fit {
        let intents = Set(examples.compactMap(\.intent)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(intents, 0...))
        let named = intents.compactMap { intent in
            names[intent].map { Example(text: $0, intent: intent) }
        }
        var set = TrainingSet(classes: intents.count, dimensions: embeddings?.dimensions ?? 0)
        for example in named + examples {
            let vector = FeatureVector(
                TurnText(example.text),
                context: example.context,
                embeddings: embeddings
            )
            set.append(vector, label: example.intent.flatMap { numbers[$0] })
        }

        let learner = BatchLearner(
            set: set,
            epochs: options.epochs ?? (set.count < 3000 ? 15 : 10),
            firstRate: options.firstRate,
            lastRate: options.lastRate
        )
        let validation = CrossValidation(set: set, learner: learner, permanent: named.count)
        let stored = StoredExamples(set, members: Array(named.count..<set.count)) {
            examples[$0 - named.count].text
        }
        let everyday = Manner.everyday(intents.indices.map { stored.texts(of: $0) })
        let manner = Mutex<Manner?>(nil)
        let (fitted, calibration) = fit(learner, validation, options) {
            guard !intents.isEmpty else { return }
            let learned = Manner.bundled(calm: everyday, embeddings)
            manner.withLock { $0 = learned }
        }
        let core = Core(
            intents: intents,
            model: fitted.model,
            calibration: calibration,
            stored: stored,
            embeddings: embeddings,
            manner: manner.withLock { $0 }
        )
        return Fit(core: core, sums: fitted.sums, set: set, examples: named + examples)
    }

    /// Runs the final fit, the passes that judge it, and something besides: all independent of each
    /// other.
    private static func fit(
        _ learner: BatchLearner,
        _ validation: CrossValidation,
        _ options: TrainingOptions,
        besides: @Sendable () -> Void
    ) -> (BatchLearner.Fitted, Calibration) {
        let passes = validation.passes
        let model = Mutex<BatchLearner.Fitted?>(nil)
        let judged = Mutex([[HeldOut]](repeating: [], count: passes.count))
        @Sendable func step(_ index: Int) {
            // The final fit is the longest and goes first.
            switch index {
            case 0:
                let fitted = learner.fit(Array(0..<learner.set.count))
                model.withLock { $0 = fitted }
            case 1: besides()
            default:
                let heldOut = validation.run(passes[index - 2])
                judged.withLock { $0[index - 2] = heldOut }
            }
        }
        let steps = passes.count + 2
        if options.runsInParallel {
            DispatchQueue.concurrentPerform(iterations: steps) { step($0) }
        } else {
            for index in 0..<steps { step(index) }
        }

        var known: [HeldOut] = []
        var strange: [HeldOut] = []
        for (pass, heldOut) in zip(passes, judged.withLock { $0 }) {
            switch pass {
            case .fold:
                known += heldOut.filter { $0.label != nil }
                // Examples of "none of these" held out of a fold are unknowns of the real kind.
                strange += heldOut.filter { $0.label == nil }
            case .hiding:
                strange += heldOut
            }
        }
        guard let model = model.withLock({ $0 }) else {
            preconditionFailure("the final fit is always among the steps")
        }
        return (model, Calibration(known: known, strange: strange))
    }
}
