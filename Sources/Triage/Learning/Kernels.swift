/// The inner loops, on raw memory.
///
/// This file is the wall behind which lengths are not checked at each access. The contract is the
/// same for all: a row has `stride` floats, `stride` is a multiple of ``width``, and every
/// pointer given reaches at least as far as the length given. ``LinearModel``, ``BatchLearner``
/// and ``StoredExamples`` are the only callers.
enum Kernels {
    /// Rows are padded to a multiple of this many classes.
    static let width = 8

    static func padded(_ count: Int) -> Int { (count + width - 1) / width * width }

    /// `scores += x · row`.
    @inline(__always)
    static func accumulate(
        _ scores: UnsafeMutablePointer<Float>,
        _ x: Float,
        _ row: UnsafePointer<Float>,
        stride: Int
    ) {
        for index in 0..<stride { scores[index] += x * row[index] }
    }

    /// One step of AdaGrad on eight coordinates of a row (Duchi, Hazan and Singer 2011): each
    /// moves by its gradient divided by the root of the sum of its squared gradients so far.
    @inline(__always)
    static func adaGrad(
        _ weights: UnsafeMutablePointer<Float>,
        _ sums: UnsafeMutablePointer<Float>,
        _ errors: UnsafePointer<Float>,
        _ x: Float,
        rate: Float
    ) {
        let gradient = load(errors) * x
        let sum = load(UnsafePointer(sums)) + gradient * gradient
        store(sum, sums)
        store(load(UnsafePointer(weights)) - rate * gradient * inverseSquareRoot(sum), weights)
    }

    /// 1 / √x to five digits: a guess from the exponent's bits and two steps of Newton's method.
    ///
    /// The compiler does not vectorise the exact root; this way a third of training time is
    /// saved. The method's ε = 1e-6 is left out: sums start at 1e-3 and never reach where it
    /// would matter.
    @inline(__always)
    private static func inverseSquareRoot(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let half = x * 0.5
        let bits = unsafeBitCast(x, to: SIMD8<UInt32>.self) &>> SIMD8<UInt32>(repeating: 1)
        let guess = SIMD8<UInt32>(repeating: 0x5F37_5A86) &- bits
        var root = unsafeBitCast(guess, to: SIMD8<Float>.self)
        root *= 1.5 - half * root * root
        root *= 1.5 - half * root * root
        return root
    }

    /// The largest magnitude among eight floats.
    @inline(__always)
    static func largestMagnitude(_ values: UnsafePointer<Float>) -> Float {
        var largest: Float = 0
        for index in 0..<width { largest = max(largest, abs(values[index])) }
        return largest
    }

    /// The inner product of two vectors of equal length.
    static func dot(
        _ left: UnsafeBufferPointer<Float>,
        _ right: UnsafeBufferPointer<Float>
    ) -> Float {
        precondition(left.count == right.count, "vectors of one length")
        guard let a = left.baseAddress, let b = right.baseAddress else { return 0 }
        var sum = SIMD8<Float>.zero
        var index = 0
        while index + width <= left.count {
            sum += load(a + index) * load(b + index)
            index += width
        }
        var total = sum.sum()
        while index < left.count {
            total += a[index] * b[index]
            index += 1
        }
        return total
    }

    @inline(__always)
    private static func load(_ address: UnsafePointer<Float>) -> SIMD8<Float> {
        UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inline(__always)
    private static func store(_ value: SIMD8<Float>, _ address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: value, as: SIMD8<Float>.self)
    }
}
