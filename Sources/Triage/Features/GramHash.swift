/// The hash that turns an n-gram into a feature.
///
/// FNV-1a, which can be extended byte by byte so that the 3-, 4- and 5-gram at a place share
/// their work, then the finaliser of MurmurHash3, which spreads FNV's weak high bits over all of
/// them. Collisions cost nothing measurable: more than 2¹⁶ buckets brought no gain on the public
/// sets.
struct GramHash {
    /// How many features n-grams are hashed to.
    static let buckets = 1 << 18

    private var state: UInt32

    @inline(__always)
    init(_ group: FeatureGroup) {
        state = 0x811C_9DC5
        append(group.rawValue)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        state = (state ^ UInt32(byte)) &* 0x0100_0193
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        for index in range { append(bytes[index]) }
    }

    /// The feature's number, below ``buckets``.
    @inline(__always)
    var bucket: UInt32 {
        var mixed = state
        mixed ^= mixed >> 16
        mixed = mixed &* 0x85EB_CA6B
        mixed ^= mixed >> 13
        mixed = mixed &* 0xC2B2_AE35
        mixed ^= mixed >> 16
        return mixed & UInt32(Self.buckets - 1)
    }
}

/// The groups of hashed features; each is scaled to length 1 on its own, so that the many
/// character n-grams do not drown the few words.
enum FeatureGroup: UInt8, CaseIterable {
    case word
    case pair
    case characters
    case context
    /// A word together with the page it was written on.
    case placed
}
