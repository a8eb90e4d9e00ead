import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A thread for work that can wait: it gives way to every other that wants a processor.
///
/// What runs here holds nothing that messages wait for: no lock, and no transaction on the log.
final class QuietThread: Sendable {
    typealias Job = @Sendable () -> Void

    /// A tenth of the share that others have, where all want more than there is.
    private static let niceness: CInt = 10

    private let queue = JobQueue<Job>()

    func start(named name: String) {
        let thread = Thread { [queue] in
            // A name that is given before the thread runs does not reach the kernel.
            Thread.current.name = name
            // On Linux this is the calling thread's alone. Where it is refused the work is done all the same.
            _ = setpriority(.init(PRIO_PROCESS.rawValue), 0, Self.niceness)
            while let jobs = queue.next() {
                for job in jobs { job() }
            }
        }
        thread.start()
    }

    /// Lets the thread end after what is pending.
    func stop() { queue.close() }

    /// Does something there, in the order in which it was asked for.
    /// - Throws: What the body throws; ``CancellationError`` after ``stop()``.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = queue.submit { continuation.resume(with: Result { try body() }) }
            if !isTaken { continuation.resume(throwing: CancellationError()) }
        }
    }
}
