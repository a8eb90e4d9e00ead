import Foundation

extension Learner {
    /// The first bytes of a file that holds a learner: `MLEARN` and two line breaks.
    private static let magic = Array("MLEARN\n\n".utf8)

    /// Writes everything that learning goes on from to a file, atomically.
    ///
    /// The core as ``Core/write(to:)`` writes it, and behind it the optimiser's sums, the examples for
    /// replays as texts, and what outcomes have taught. Costs some tens of milliseconds for each
    /// thousand examples when it is opened again.
    /// - Parameter url: Where to; an existing file is replaced.
    /// - Throws: ``TriageFailure/unreadable(_:)``.
    public func write(to url: URL) throws(TriageFailure) {
        var writer = SnapshotWriter()
        writer.append(raw: core.contents())
        writer.section("base") { part in
            part.append(base)
            part.append(UInt32(lessons))
            part.append(random.state)
        }
        writer.section("sums") { part in part.append(table: sums) }
        writer.section("memo") { part in
            part.append(UInt32(memory.count))
            for example in memory {
                part.append(example.text)
                part.append(example.context)
                part.append(example.label.map { UInt32($0) } ?? .max)
            }
        }
        writer.section("expe") { part in experience.write(to: &part) }
        writer.section("ctrl") { part in controller.state.write(to: &part) }
        try SnapshotFile(magic: Self.magic).write(writer.bytes, to: url)
    }

    /// Opens a learner that was written to a file: it goes on as if it had never stopped.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - embeddings: The table it was trained with; nil when it was trained without.
    ///   - options: How to go on; the same as before for the same result.
    /// - Throws: ``TriageFailure`` as ``Core/init(contentsOf:embeddings:)``.
    public init(
        contentsOf url: URL,
        embeddings: StaticEmbeddings?,
        options: Options = Options()
    ) throws(TriageFailure) {
        let sections = try SnapshotFile(magic: Self.magic).sections(of: url)
        guard var base = sections["base"], var sums = sections["sums"],
            var memo = sections["memo"], var expe = sections["expe"], var ctrl = sections["ctrl"]
        else { throw .damagedSnapshot }
        let core = try Core.decode(sections, embeddings)
        let version = try base.string()
        let lessons = Int(try base.number())
        let random = SeededRandom(seed: try base.longNumber())
        let table = try sums.floatTable()
        guard table.count <= core.model.weights.count else { throw .damagedSnapshot }
        var memory: [Remembered] = []
        for _ in 0..<(try memo.number()) {
            memory.append(try Remembered(from: &memo, core))
        }
        let state = try ThresholdController.State(from: &ctrl)
        self.init(
            core: core,
            base: version,
            lessons: lessons,
            experience: try Experience(from: &expe, intents: core.intents.count),
            controller: ThresholdController(target: options.target, state: state),
            sums: table,
            memory: memory,
            random: random,
            options: options
        )
    }
}

extension Learner.Remembered {
    fileprivate init(from reader: inout SnapshotReader, _ core: Core) throws(TriageFailure) {
        text = try reader.string()
        context = try reader.strings()
        let number = try reader.number()
        guard number == .max || number < core.intents.count else { throw .damagedSnapshot }
        label = number == .max ? nil : Int(number)
        features = FeatureVector(TurnText(text), context: context, embeddings: core.embeddings)
    }
}

extension Experience {
    fileprivate func write(to part: inout SnapshotWriter) {
        part.append(head?.weights ?? [])
        for record in records + answers {
            part.append(record.right)
            part.append(record.all)
            part.append(record.untrusted)
        }
        part.append(UInt32(curve == nil ? 0 : 1))
        guard let curve else { return }
        part.append(curve.floor)
        part.append(curve.slack)
        part.append(UInt32(curve.points == nil ? 0 : 1))
        part.append(UInt32(curve.points?.count ?? 0))
        for point in curve.points ?? [] {
            part.append(point.bound)
            part.append(point.confidence)
        }
    }

    fileprivate init(
        from reader: inout SnapshotReader,
        intents: Int
    ) throws(TriageFailure) {
        self.init(intents: intents)
        let weights = try reader.doubles()
        let size = Self.typicalHead.weights.count
        guard weights.isEmpty || weights.count == size else { throw .damagedSnapshot }
        head = weights.isEmpty ? nil : LogisticHead(weights: weights)
        var all: [Record] = []
        for _ in 0..<2 * intents {
            all.append(
                Record(
                    right: try reader.double(),
                    all: try reader.double(),
                    untrusted: try reader.double()
                )
            )
        }
        records = Array(all.prefix(intents))
        answers = Array(all.suffix(intents))
        guard try reader.number() == 1 else { return }
        var curve = ThresholdCurve(floor: try reader.float(), slack: try reader.double())
        let isOpen = try reader.number() == 1
        var points: [ThresholdCurve.Point] = []
        for _ in 0..<(try reader.number()) {
            points.append(
                ThresholdCurve.Point(bound: try reader.double(), confidence: try reader.float())
            )
        }
        if isOpen { curve.points = points }
        self.curve = curve
    }
}

extension ThresholdController.State {
    fileprivate func write(to part: inout SnapshotWriter) {
        part.append(UInt64(count))
        part.append(UInt32(next))
        part.append(slack)
        part.append(conformal)
        part.append(heard)
        part.append(unheard)
        part.append(UInt32(entries.count))
        for entry in entries {
            part.append(entry.inputs)
            part.append(
                UInt32(
                    (entry.isRight ? 1 : 0) + (entry.isUnknown ? 2 : 0)
                        + (entry.isTrusted ? 4 : 0) + (entry.wasAnswered ? 8 : 0)
                )
            )
        }
    }

    fileprivate init(from reader: inout SnapshotReader) throws(TriageFailure) {
        self.init()
        count = Int(try reader.longNumber())
        next = Int(try reader.number())
        slack = try reader.double()
        conformal = try reader.float()
        heard = try reader.double()
        unheard = try reader.double()
        for _ in 0..<(try reader.number()) {
            let inputs = try reader.doubles()
            let flags = try reader.number()
            guard inputs.count == Experience.typicalHead.weights.count else {
                throw .damagedSnapshot
            }
            entries.append(
                ThresholdController.Entry(
                    inputs: inputs,
                    isRight: flags & 1 != 0,
                    isUnknown: flags & 2 != 0,
                    isTrusted: flags & 4 != 0,
                    wasAnswered: flags & 8 != 0
                )
            )
        }
        guard entries.count <= ThresholdController.window,
            next < max(1, entries.count)
        else { throw .damagedSnapshot }
    }
}
