import Foundation

extension Core {
    /// `MTRIAGE` and a line break: the first bytes of every snapshot.
    static let magic = Array("MTRIAGE\n".utf8)

    /// Writes the core to a file, atomically.
    ///
    /// The file is the magic, the format's version, sections with tag and length, and a checksum
    /// over all.
    /// - Parameter url: Where to; an existing file is replaced.
    /// - Throws: ``TriageFailure/unreadable(_:)``.
    public func write(to url: URL) throws(TriageFailure) {
        try SnapshotFile(magic: Self.magic).write(contents(), to: url)
    }

    /// Opens a core that was written to a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - embeddings: The table it was trained with; nil when it was trained without.
    /// - Throws: ``TriageFailure/unreadable(_:)``, ``TriageFailure/notASnapshot``,
    ///   ``TriageFailure/snapshotVersion(_:)``, ``TriageFailure/damagedSnapshot`` or
    ///   ``TriageFailure/otherEmbeddings``.
    public init(contentsOf url: URL, embeddings: StaticEmbeddings?) throws(TriageFailure) {
        let sections = try SnapshotFile(magic: Self.magic).sections(of: url)
        self = try Self.decode(sections, embeddings)
    }

    /// Everything the core consists of, in sections; what ``version`` is the hash of.
    func contents() -> [UInt8] {
        var writer = SnapshotWriter()
        writer.section("meta") { part in
            part.append(embeddings?.fingerprint ?? 0)
            part.append(intents)
        }
        writer.section("cali") { part in
            part.append(calibration.temperature)
            part.append(calibration.rightness.weights)
            part.append(calibration.familiarity.weights)
            part.append(UInt32(calibration.threshold.trials.count))
            for trial in calibration.threshold.trials {
                part.append(trial.confidence)
                part.append(trial.outcome.rawValue)
            }
        }
        writer.section("line") { part in
            model.write(into: &part)
        }
        if let manner {
            writer.section("mann") { part in
                manner.model.write(into: &part)
            }
        }
        writer.section("near") { part in
            for intent in intents.indices {
                part.append(stored.texts(of: intent))
            }
        }
        return writer.bytes
    }

    static func decode(
        _ sections: [String: SnapshotReader],
        _ embeddings: StaticEmbeddings?
    ) throws(TriageFailure) -> Core {
        guard var meta = sections["meta"], var cali = sections["cali"], var line = sections["line"],
            var near = sections["near"]
        else { throw .damagedSnapshot }

        let fingerprint = try meta.longNumber()
        guard fingerprint == embeddings?.fingerprint ?? 0 else { throw .otherEmbeddings }
        let intents = try meta.strings()
        let calibration = try Calibration(from: &cali)
        let model = try LinearModel(from: &line, classes: intents.count)
        var texts: [[String]] = []
        for _ in intents { texts.append(try near.strings()) }
        let vectors = texts.map { list in
            list.map { ($0, FeatureVector(TurnText($0), embeddings: embeddings)) }
        }
        let dimensions = embeddings?.dimensions ?? 0
        guard model.denseDimensions == dimensions else { throw .damagedSnapshot }
        var manner: Manner?
        if var part = sections["mann"] { manner = try Manner(from: &part) }
        return Core(
            intents: intents,
            model: model,
            calibration: calibration,
            stored: StoredExamples(vectors, dimensions: dimensions),
            embeddings: embeddings,
            manner: manner
        )
    }
}

extension Manner {
    fileprivate init(from reader: inout SnapshotReader) throws(TriageFailure) {
        self.init(model: try LinearModel(from: &reader, classes: Self.classes))
    }
}

extension Calibration {
    fileprivate init(from reader: inout SnapshotReader) throws(TriageFailure) {
        let temperature = try reader.float()
        let rightness = LogisticHead(weights: try reader.doubles())
        let familiarity = LogisticHead(weights: try reader.doubles())
        guard temperature > 0, rightness.weights.count == 5, familiarity.weights.count == 5 else {
            throw .damagedSnapshot
        }
        var trials: [ColdThreshold.Trial] = []
        for _ in 0..<(try reader.number()) {
            let confidence = try reader.float()
            guard let outcome = ColdThreshold.Outcome(rawValue: try reader.number()) else {
                throw .damagedSnapshot
            }
            trials.append(ColdThreshold.Trial(confidence: confidence, outcome: outcome))
        }
        self.init(
            temperature: temperature,
            rightness: rightness,
            familiarity: familiarity,
            threshold: ColdThreshold(trials)
        )
    }
}

extension LinearModel {
    /// The buckets that have a row, in the order of the rows.
    fileprivate var buckets: [UInt32] {
        let rows = stride == 0 ? 0 : weights.count / stride
        var buckets = [UInt32](repeating: 0, count: max(0, rows - firstFeatureRow))
        for (bucket, row) in rowOfBucket.enumerated() where row >= 0 && stride > 0 {
            buckets[Int(row) - firstFeatureRow] = UInt32(bucket)
        }
        return buckets
    }

    fileprivate func write(into part: inout SnapshotWriter) {
        part.append(UInt32(denseDimensions))
        part.append(table: buckets)
        part.append(table: weights)
    }

    fileprivate init(
        from reader: inout SnapshotReader,
        classes: Int
    ) throws(TriageFailure) {
        let dimensions = Int(try reader.number())
        let buckets = try reader.numberTable()
        let weights = try reader.floatTable()
        let stride = Kernels.padded(classes)
        guard dimensions <= 1024, weights.count == (1 + dimensions + buckets.count) * stride,
            weights.allSatisfy(\.isFinite)
        else { throw .damagedSnapshot }
        var rows = [Int32](repeating: -1, count: GramHash.buckets)
        for (index, bucket) in buckets.enumerated() {
            guard bucket < GramHash.buckets else { throw .damagedSnapshot }
            rows[Int(bucket)] = Int32(1 + dimensions + index)
        }
        self.init(
            classes: classes,
            stride: stride,
            denseDimensions: dimensions,
            rowOfBucket: rows,
            weights: weights
        )
    }
}
