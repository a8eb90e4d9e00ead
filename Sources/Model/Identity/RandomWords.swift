import Glibc
import Synchronization

/// Random bits of the kernel's, fetched some at a time.
///
/// The standard library asks the kernel for each number, and a message needs several.
final class RandomWords: Sendable {
    static let shared = RandomWords()

    /// `getentropy` gives 256 bytes at most.
    private static let batch = 32

    private let unused = Mutex<[UInt64]>([])

    /// Two words that nobody else gets.
    ///
    /// Any thread.
    func pair() -> (UInt64, UInt64) {
        unused.withLock { words in
            if words.count < 2 { words = Self.fetch() }
            return (words.removeLast(), words.removeLast())
        }
    }

    private static func fetch() -> [UInt64] {
        var words = [UInt64](repeating: 0, count: batch)
        let result = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        precondition(result == 0, "the kernel has no random numbers")
        return words
    }
}
