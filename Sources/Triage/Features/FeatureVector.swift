import Foundation

/// What the learner sees of a turn: hashed n-grams with their weights, and a dense vector.
struct FeatureVector: Sendable {
    /// The length the dense vector is scaled to, beside groups of length 1; found on held-out rows.
    static let denseLength: Float = 4

    /// The features, each once.
    var buckets: [UInt32] = []
    /// Their values, in the order of ``buckets``.
    var values: [Float] = []
    /// How many of them come from the text; those of the context follow.
    var textFeatures = 0
    /// The mean of the static vectors of the word pieces, scaled; empty without embeddings or
    /// pieces.
    var dense: [Float] = []

    /// Extracts the features of a turn.
    ///
    /// - Parameters:
    ///   - text: The turn.
    ///   - context: Facts around the turn.
    ///   - embeddings: The table for the dense part.
    init(_ text: TurnText, context: [String] = [], embeddings: StaticEmbeddings?) {
        countGrams(text, context)
        if let embeddings { sumPieces(text, embeddings) }
    }

    /// Term frequency → 1 + ln tf, then each group scaled to length 1.
    private mutating func countGrams(_ text: TurnText, _ context: [String]) {
        var counter = GramCounter(for: text)
        Grams.forEach(in: text, context: context) { group, bucket, _ in
            _ = counter.count(group, bucket)
        }
        var squares: (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
        values.reserveCapacity(counter.entries.count)
        buckets.reserveCapacity(counter.entries.count)
        for entry in counter.entries {
            let value = entry.count == 1 ? 1 : 1 + log(Float(entry.count))
            buckets.append(entry.bucket)
            values.append(value)
            if entry.key >> 18 < FeatureGroup.context.rawValue { textFeatures += 1 }
            switch entry.key >> 18 {
            case 0: squares.0 += value * value
            case 1: squares.1 += value * value
            case 2: squares.2 += value * value
            case 3: squares.3 += value * value
            default: squares.4 += value * value
            }
        }
        for (index, entry) in counter.entries.enumerated() {
            switch entry.key >> 18 {
            case 0: values[index] /= squares.0.squareRoot()
            case 1: values[index] /= squares.1.squareRoot()
            case 2: values[index] /= squares.2.squareRoot()
            case 3: values[index] /= squares.3.squareRoot()
            default: values[index] /= squares.4.squareRoot()
            }
        }
    }

    private mutating func sumPieces(_ text: TurnText, _ embeddings: StaticEmbeddings) {
        var sum = [Float](repeating: 0, count: embeddings.dimensions)
        var found = false
        sum.withUnsafeMutableBufferPointer { sum in
            text.plain.withUnsafeBufferPointer { plain in
                for word in text.words {
                    embeddings.vocabulary.forEachPiece(of: word.plain, in: plain) { row in
                        embeddings.add(row, to: sum)
                        found = true
                    }
                }
            }
        }
        guard found else { return }
        let length = sum.withUnsafeBufferPointer { Kernels.dot($0, $0) }.squareRoot()
        guard length > 0 else { return }
        let scale = Self.denseLength / length
        dense = sum.map { $0 * scale }
    }
}

/// Counts n-grams in a small open-addressing table that keeps the order of first occurrence.
struct GramCounter {
    struct Entry {
        /// Group and bucket.
        var key: UInt32
        var count: UInt32

        var bucket: UInt32 { key & UInt32(GramHash.buckets - 1) }
    }

    private(set) var entries: [Entry] = []
    /// Entry + 1, or 0 for a free place.
    private var slots: [UInt16]
    private let mask: Int

    init(for text: TurnText) {
        let capacity = text.hashed.count * 4 + 2 * Grams.maximumFacts
        var size = 256
        while size < capacity { size *= 2 }
        // At most 65,535 entries: a text of 4 KB has fewer n-grams than that.
        slots = [UInt16](repeating: 0, count: size)
        mask = size - 1
        entries.reserveCapacity(capacity / 2)
    }

    /// Counts an occurrence; returns which entry it belongs to.
    @inline(__always)
    mutating func count(_ group: FeatureGroup, _ bucket: UInt32) -> Int {
        let key = UInt32(group.rawValue) << 18 | bucket
        var slot = Int(bucket ^ (bucket >> 9)) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 {
                entries.append(Entry(key: key, count: 1))
                slots[slot] = UInt16(truncatingIfNeeded: entries.count)
                return entries.count - 1
            }
            if entries[Int(entry) - 1].key == key {
                entries[Int(entry) - 1].count += 1
                return Int(entry) - 1
            }
            slot = (slot + 1) & mask
        }
    }
}
