#if canImport(Glibc)
import Glibc
#endif

/// A thread for work that can wait: it gives way to every other that wants a processor.
///
/// What runs here holds nothing that messages wait for: no lock of ours, and no transaction on the log.
final class QuietThread: Sendable {
    typealias Job = @Sendable () -> Void

    /// So much more niceness than others: a tenth of their share, where all want more than there is.
    private static let niceness: CInt = 10

    private let queue = JobQueue<Job>()
    private let answers = JobQueue<Job>()

    /// Starts, once.
    ///
    /// - Parameters:
    ///   - name: Of the quiet thread.
    ///   - other: Of one like any other, which tells what came of the work. To resume a task may start a
    ///     thread of the pool, and from a quiet one that would be as quiet for all of its life.
    func start(named name: String, and other: String) {
        let quieten: @Sendable () -> Void = {
            // On Linux this is the calling thread's alone. Where it is refused the work is done all the
            // same.
            let process = __priority_which_t(PRIO_PROCESS.rawValue)
            _ = setpriority(process, 0, getpriority(process, 0) + Self.niceness)
        }
        queue.serve(onThread: name, begin: quieten) { jobs in for job in jobs { job() } }
        answers.serve(onThread: other) { jobs in for job in jobs { job() } }
    }

    /// Lets the threads end after what is pending.
    func stop() {
        _ = queue.submit { [answers] in answers.close() }
        queue.close()
    }

    /// Does something there, in the order in which it was asked for.
    /// - Throws: What the body throws; ``CancellationError`` after ``stop()``.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = queue.submit { [answers] in
                let result = Result { try body() }
                let answer: Job = { continuation.resume(with: result) }
                if !answers.submit(answer) { answer() }
            }
            if !isTaken { continuation.resume(throwing: CancellationError()) }
        }
    }
}
