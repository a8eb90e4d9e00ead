import JSONCoding

/// JSON values of every kind, the same for the same seed.
struct RandomTrees {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func next(depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .int(Int64.random(in: .min ... .max, using: &generator))
        case 3: .int(Int64.random(in: -20...20, using: &generator))
        case 4: .double(number())
        case 5: .string(text())
        case 6: .array((0..<size()).map { _ in next(depth: depth - 1) })
        default:
            .object(JSON.Object((0..<size()).map { _ in (text(), next(depth: depth - 1)) }))
        }
    }

    private mutating func size() -> Int { Int.random(in: 0...20, using: &generator) / 2 }

    private mutating func number() -> Double {
        let candidate = Double(bitPattern: generator.next())
        return candidate.isFinite ? candidate : 0.25
    }

    private mutating func text() -> String {
        let alphabet = Array("ab \"\\/\u{0}\u{1}\n\t\r\u{7F}é\u{2028}漢\u{1F600}\u{301}")
        return String((0..<size()).compactMap { _ in alphabet.randomElement(using: &generator) })
    }
}

/// A small generator with a seed, so that a failing tree can be made again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
