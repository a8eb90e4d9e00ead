import Dispatch
import Foundation
import Synchronization

/// The one thread on which conversations and the floor do their work.
///
/// What they do is short: decide, encode, hand over. On a thread of their own a batch of it costs one
/// wake-up and no lock is fought for, where the cooperative pool would spread it over threads that wait
/// for each other. What takes long (reading a turn, SQL, integrations) happens elsewhere.
///
/// Letters come as readers to be called, not as tasks: a task that waits for a continuation is resumed
/// on the cooperative pool first and only then finds its way here, two more threads for each message.
final class DeskExecutor: SerialExecutor {
    private enum Work {
        case job(UnownedJob)
        case letters(any LetterReader)
    }

    private struct Waiting {
        var work: [Work] = []
        var isAsleep = false
        var isOver = false
    }

    /// What the thread holds on to; the executor itself can go while it waits.
    private final class Queue: Sendable {
        let waiting = Mutex(Waiting())
        let alarm = DispatchSemaphore(value: 0)
        /// The desk's thread; 0 until it runs.
        let thread = Atomic<UInt>(0)
    }

    private let queue = Queue()

    init() {
        let queue = queue
        let executor = asUnownedSerialExecutor()
        DispatchQueue(label: "maitred.desk").async { Self.run(queue, executor) }
    }

    deinit {
        queue.waiting.withLock { $0.isOver = true }
        queue.alarm.signal()
    }

    func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

    /// Has a reader called on the desk's thread, after everything added before.
    ///
    /// Any thread; never blocks.
    func post(_ reader: any LetterReader) { add(.letters(reader)) }

    private func add(_ work: Work) {
        let mustWake = queue.waiting.withLock { waiting in
            waiting.work.append(work)
            defer { waiting.isAsleep = false }
            return waiting.isAsleep
        }
        if mustWake { queue.alarm.signal() }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    private var isOnThread: Bool { queue.thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func isIsolatingCurrentContext() -> Bool? { isOnThread }

    func checkIsolated() {
        precondition(isOnThread, "conversations work on the desk's thread only")
    }

    private static func run(_ queue: Queue, _ executor: UnownedSerialExecutor) {
        queue.thread.store(UInt(pthread_self()), ordering: .relaxed)
        Thread.current.name = "maitred.desk"
        var batch: [Work] = []
        while true {
            let isOver = queue.waiting.withLock { waiting in
                swap(&batch, &waiting.work)
                if batch.isEmpty { waiting.isAsleep = true }
                return waiting.isOver
            }
            if isOver { return }
            if batch.isEmpty {
                queue.alarm.wait()
                continue
            }
            for work in batch {
                switch work {
                case .job(let job): job.runSynchronously(on: executor)
                case .letters(let reader): reader.readLetters()
                }
            }
            batch.removeAll(keepingCapacity: true)
        }
    }
}

/// Who has a ``LetterBox`` and reads it on the desk's thread.
protocol LetterReader: Sendable {
    func readLetters()
}
