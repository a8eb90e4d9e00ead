import Dispatch
import Foundation
import Synchronization

/// Where conversations and the floor do their work: one thing at a time, mostly on a thread of its own.
///
/// What they do is short: decide, encode, hand over. On one thread a batch of it costs one wake-up and no
/// lock is fought for, where the cooperative pool would spread it over threads that wait for each other.
/// What takes long (SQL, integrations, reading a turn unless it is quickly done) happens elsewhere.
///
/// To wake a thread costs more than most of this work. So who posts a brief letter while the desk rests
/// does the work at once, on the thread that it is on, and what came meanwhile is left to the desk's own:
/// a single message passes two threads instead of four. Under load the desk does not rest, and its thread
/// works beside the others.
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
        /// Some thread works, or the desk's own has been woken for it.
        var isTaken = false
        /// When there was nothing left to do.
        var restsSince = ContinuousClock.now
        var isOver = false
    }

    /// What the thread holds on to; the executor itself can go while it waits.
    private final class Queue: Sendable {
        let waiting = Mutex(Waiting())
        let alarm = DispatchSemaphore(value: 0)
        /// The thread that works; 0 while the desk rests.
        let thread = Atomic<UInt>(0)
        /// The desk's own thread.
        let own = Atomic<UInt>(0)
    }

    /// What follows so soon after the last work comes in a batch, which is for the desk's own thread.
    private static let rest: Duration = .microseconds(20)
    /// So many letters are read at a time on the thread of whoever posted one.
    private static let brief = 4

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

    // MARK: - Any thread

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken = queue.waiting.withLock { waiting in
            waiting.work.append(.job(job))
            defer { waiting.isTaken = true }
            return waiting.isTaken
        }
        if !isTaken { queue.alarm.signal() }
    }

    /// Has a reader called, after everything added before.
    ///
    /// Any thread that holds no lock; waits for nothing.
    ///
    /// `isBrief`: reading the letter takes microseconds. While the desk rests the caller does it then.
    func post(_ reader: any LetterReader, isBrief: Bool) {
        enum Worker { case somebody, own, caller }
        let now = ContinuousClock.now
        let worker: Worker = queue.waiting.withLock { waiting in
            let isTaken = waiting.isTaken
            waiting.isTaken = true
            if !isTaken, isBrief, now - waiting.restsSince >= Self.rest { return .caller }
            waiting.work.append(.letters(reader))
            return isTaken ? .somebody : .own
        }
        switch worker {
        case .somebody: break
        case .own: queue.alarm.signal()
        case .caller:
            Self.begin(queue)
            if reader.readLetters(upTo: Self.brief) {
                queue.waiting.withLock { $0.work.append(.letters(reader)) }
            }
            if !Self.endIfDone(queue) { queue.alarm.signal() }
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Whether the work at hand is done by whoever brought it, and nobody has brought more meanwhile.
    ///
    /// For whoever works here.
    var isAtLeisure: Bool {
        queue.thread.load(ordering: .relaxed) != queue.own.load(ordering: .relaxed)
            && queue.waiting.withLock(\.work.isEmpty)
    }

    private var isWorking: Bool { queue.thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func isIsolatingCurrentContext() -> Bool? { isWorking }

    func checkIsolated() {
        precondition(isWorking, "conversations work for the desk only")
    }

    // MARK: - Working

    private static func begin(_ queue: Queue) {
        queue.thread.store(UInt(pthread_self()), ordering: .relaxed)
    }

    /// Lets the desk rest if there is nothing left; false when somebody has to go on.
    private static func endIfDone(_ queue: Queue) -> Bool {
        let now = ContinuousClock.now
        queue.thread.store(0, ordering: .relaxed)
        return queue.waiting.withLock { waiting in
            guard waiting.work.isEmpty else { return false }
            waiting.isTaken = false
            waiting.restsSince = now
            return true
        }
    }

    /// The desk's own thread.
    private static func run(_ queue: Queue, _ executor: UnownedSerialExecutor) {
        Thread.current.name = "maitred.desk"
        queue.own.store(UInt(pthread_self()), ordering: .relaxed)
        var batch: [Work] = []
        while true {
            queue.alarm.wait()
            if queue.waiting.withLock(\.isOver) { return }
            repeat {
                queue.waiting.withLock { swap(&batch, &$0.work) }
                begin(queue)
                for work in batch {
                    switch work {
                    case .job(let job): job.runSynchronously(on: executor)
                    case .letters(let reader): _ = reader.readLetters(upTo: .max)
                    }
                }
                batch.removeAll(keepingCapacity: true)
            } while !endIfDone(queue)
        }
    }
}

/// Who has a ``LetterBox`` and reads it where the desk works.
protocol LetterReader: AnyObject, Sendable {
    /// Reads what has come; true when the limit was reached before there was nothing left to read.
    func readLetters(upTo limit: Int) -> Bool
}
