import Dispatch
import Synchronization

/// The one thread on which conversations and the floor do their work.
///
/// What they do is short: decide, encode, hand over. On a thread of their own a batch of it costs one
/// wake-up and no lock is fought for, where the cooperative pool would spread it over threads that wait
/// for each other. What takes long (reading a turn, SQL, integrations) happens elsewhere.
final class DeskExecutor: SerialExecutor {
    private struct Waiting {
        var jobs: [UnownedJob] = []
        var isAsleep = false
        var isOver = false
    }

    /// What the thread holds on to; the executor itself can go while it waits.
    private final class Work: Sendable {
        let waiting = Mutex(Waiting())
        let alarm = DispatchSemaphore(value: 0)
    }

    private let work = Work()

    init() {
        let work = work
        let executor = asUnownedSerialExecutor()
        DispatchQueue(label: "desk").async { Self.run(work, executor) }
    }

    deinit {
        work.waiting.withLock { $0.isOver = true }
        work.alarm.signal()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = work.waiting.withLock { waiting in
            waiting.jobs.append(job)
            defer { waiting.isAsleep = false }
            return waiting.isAsleep
        }
        if mustWake { work.alarm.signal() }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    private static func run(_ work: Work, _ executor: UnownedSerialExecutor) {
        var jobs: [UnownedJob] = []
        while true {
            let isOver = work.waiting.withLock { waiting in
                swap(&jobs, &waiting.jobs)
                if jobs.isEmpty { waiting.isAsleep = true }
                return waiting.isOver
            }
            if isOver { return }
            if jobs.isEmpty {
                work.alarm.wait()
                continue
            }
            for job in jobs { job.runSynchronously(on: executor) }
            jobs.removeAll(keepingCapacity: true)
        }
    }
}
