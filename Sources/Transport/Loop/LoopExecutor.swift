internal import CLibWebSockets
internal import Dispatch
internal import Glibc
internal import Synchronization

/// A loop thread as a serial executor, and the mailbox through which other threads reach it.
///
/// Frames travel as values in one FIFO, not as jobs: order is kept per sender, and a batch costs
/// one wake-up. The loop empties both before and after it waits for sockets, so what is posted on
/// the loop thread itself needs no wake-up.
final class LoopExecutor: SerialExecutor {
    private struct Waiting {
        var jobs: [UnownedJob] = []
        var mail: [LoopMail] = []
        /// Nil before the loop runs and once it is to end.
        var context: LoopHandle?
        var isWakePending = false
        var hasEnded = false
    }

    private let waiting = Mutex(Waiting())
    /// There may be something to take: set with the lock held, so that an idle turn needs no lock.
    private let hasNews = Atomic<Bool>(false)
    /// Threads that are about to wake the loop, for which its context has to stay.
    private let wakers = Atomic<Int>(0)
    /// The loop's thread; 0 before it starts and after it has ended.
    private let thread = Atomic<UInt>(0)
    /// Runs what is enqueued when the loop is gone, so that nobody waits for ever.
    private let afterlife = DispatchQueue(label: "maitred.transport.afterlife")

    var isOnLoopThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: - Any thread

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken = leave { $0.jobs.append(job) }
        if !isTaken {
            afterlife.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }
    }

    /// Leaves something for the loop; dropped when the loop has ended.
    func post(_ mail: LoopMail) {
        _ = leave { $0.mail.append(mail) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    func isIsolatingCurrentContext() -> Bool? { isOnLoopThread }

    func checkIsolated() {
        precondition(isOnLoopThread, "libwebsockets is used on its loop thread only")
    }

    /// Leaves something and wakes the loop if it may sleep; false when it has ended.
    private func leave(_ something: (inout Waiting) -> Void) -> Bool {
        let isHere = isOnLoopThread
        let (isTaken, sleeper): (Bool, LoopHandle?) = waiting.withLock { waiting in
            guard !waiting.hasEnded else { return (false, nil) }
            something(&waiting)
            hasNews.store(true, ordering: .releasing)
            guard !waiting.isWakePending, !isHere, let context = waiting.context else {
                return (true, nil)
            }
            waiting.isWakePending = true
            wakers.add(1, ordering: .relaxed)
            return (true, context)
        }
        // Not with the lock held: the loop that wakes wants it at once.
        if let sleeper {
            lws_cancel_service(sleeper.pointer)
            wakers.subtract(1, ordering: .releasing)
        }
        return isTaken
    }

    // MARK: - The loop thread

    /// Makes the calling thread the loop thread.
    func begin() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
    }

    /// Lets other threads wake the loop from now on.
    func open(_ context: LoopHandle) {
        waiting.withLock { $0.context = context }
    }

    /// Keeps other threads from touching the context from now on.
    func close() {
        waiting.withLock { $0.context = nil }
        while wakers.load(ordering: .acquiring) > 0 { sched_yield() }
    }

    /// Runs the jobs that are due and swaps the mail into an emptied array; false when there
    /// was nothing.
    func drain(into mail: inout [LoopMail]) -> Bool {
        // Another thread that sets it after this look wakes the loop.
        guard hasNews.load(ordering: .acquiring) else { return false }
        var jobs: [UnownedJob] = []
        waiting.withLock { waiting in
            hasNews.store(false, ordering: .relaxed)
            waiting.isWakePending = false
            if !waiting.mail.isEmpty { swap(&waiting.mail, &mail) }
            if !waiting.jobs.isEmpty { swap(&waiting.jobs, &jobs) }
        }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        return !jobs.isEmpty || !mail.isEmpty
    }

    /// Makes the loop come round again at once.
    func wake() {
        let context = waiting.withLock { waiting in
            hasNews.store(true, ordering: .relaxed)
            waiting.isWakePending = waiting.context != nil
            return waiting.context
        }
        if let context { lws_cancel_service(context.pointer) }
    }

    /// Ends the loop: remaining jobs run here, later ones on a queue.
    func end() {
        while true {
            let jobs = waiting.withLock { waiting in
                let jobs = waiting.jobs
                waiting.jobs = []
                waiting.mail = []
                waiting.hasEnded = jobs.isEmpty
                return jobs
            }
            if jobs.isEmpty { break }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
        thread.store(0, ordering: .relaxed)
    }
}

/// What other threads leave for a loop.
enum LoopMail: Sendable {
    case frame(ChannelID, [UInt8], droppable: Bool)
    /// Frames whose number the sender has bounded; they do not count against the queue.
    case replay(ChannelID, [[UInt8]])
    case close(ChannelID, UInt16, String)
    /// The application's answer to the request of that number.
    case answer(ChannelID, UInt64, AnswerBox)
    /// The application wants more of the body of the request of that number.
    case readOn(ChannelID, UInt64)
    /// The next piece of a response; nil when it could not be made.
    case piece(ChannelID, UInt64, [UInt8]?)
    case adopt(Int32, NetworkAddress)
}

/// Keeps the mail small: an answer is much larger than a frame.
final class AnswerBox: Sendable {
    let response: Response

    init(_ response: Response) { self.response = response }
}

/// A libwebsockets context, virtual host or connection.
struct LoopHandle: @unchecked Sendable, Equatable {
    // Safe because it is dereferenced on the loop thread only, or by threads that close() waits for.
    let pointer: OpaquePointer
}
