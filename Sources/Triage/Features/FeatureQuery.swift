/// A turn's features, laid out to be looked up by bucket.
struct FeatureQuery {
    /// The table, bare, for the loop over stored examples.
    struct Lookup {
        fileprivate let keys: UnsafeBufferPointer<UInt32>
        fileprivate let values: UnsafeBufferPointer<Float>
        fileprivate let mask: Int

        /// The value of a feature in the turn; 0 when it is not there.
        @inline(__always)
        func value(of bucket: UInt32) -> Float {
            // The mask keeps the slot within both buffers, and a table is at most half full.
            var slot = Int(bucket) & mask
            while keys[slot] != .max {
                if keys[slot] == bucket { return values[slot] }
                slot = (slot + 1) & mask
            }
            return 0
        }
    }

    /// The turn's dense vector; empty without embeddings.
    let dense: [Float]
    var hasDense: Bool { !dense.isEmpty }
    /// Open addressing; `.max` marks a free place.
    private var keys: [UInt32]
    private var values: [Float]
    private let mask: Int

    init(_ vector: FeatureVector) {
        dense = vector.dense
        var size = 256
        while size < vector.textFeatures * 2 { size *= 2 }
        mask = size - 1
        keys = [UInt32](repeating: .max, count: size)
        values = [Float](repeating: 0, count: size)
        for index in 0..<vector.textFeatures {
            var slot = Int(vector.buckets[index]) & mask
            while keys[slot] != .max, keys[slot] != vector.buckets[index] {
                slot = (slot + 1) & mask
            }
            keys[slot] = vector.buckets[index]
            values[slot] += vector.values[index]
        }
    }

    /// Gives the table to a body that looks up much.
    func withLookup(_ body: (Lookup) -> Void) {
        keys.withUnsafeBufferPointer { keys in
            values.withUnsafeBufferPointer { values in
                body(Lookup(keys: keys, values: values, mask: mask))
            }
        }
    }
}
