import Glibc
import Synchronization

/// The thread that all plugins' processes belong to: it starts them, reads from them and writes to
/// them, and runs the actors that supervise them.
///
/// It lives as long as the server: the kernel ends a plugin's process when the *thread* that made
/// it ends (`PR_SET_PDEATHSIG`), and the cooperative pool's threads come and go.
/// Nothing that runs here may block; plugins are never waited for.
final class PluginLoop: SerialExecutor, @unchecked Sendable {
    // Safe because `watches` is touched on the loop's own thread only (checked), all else is locked
    // or constant.

    /// The one loop; its thread starts with the first use.
    static let shared = PluginLoop()

    /// What is to be called when a descriptor has something.
    struct Watch {
        let wantsWrite: () -> Bool
        /// Called with what `poll` reported.
        let ready: (_ events: Int16) -> Void
    }

    private let queue = Mutex<[UnownedJob]>([])
    private let wakeUp: (in: Int32, out: Int32)
    private var watches: [Int32: Watch] = [:]
    private let thread = Mutex<pthread_t?>(nil)

    private init() {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let paired = socketpair(AF_UNIX, Int32(kind), 0, &ends)
        precondition(paired == 0, "no descriptor is left for the plugins' thread")
        wakeUp = (in: ends[0], out: ends[1])
        var id = pthread_t()
        let argument = Unmanaged.passRetained(self).toOpaque()
        let failed = pthread_create(&id, nil, { PluginLoop.main($0) }, argument)
        precondition(failed == 0, "the plugins' thread cannot be made")
    }

    // MARK: - Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = queue.withLock { queue in
            queue.append(job)
            return queue.count == 1
        }
        // A full socket has wake-ups enough.
        if wasEmpty { _ = send(wakeUp.in, [1], 1, Int32(MSG_NOSIGNAL)) }
    }

    func checkIsolated() {
        precondition(isCurrent, "this belongs to the plugins' thread")
    }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private var isCurrent: Bool {
        thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    // MARK: - Descriptors, on the loop's thread

    func watch(_ descriptor: Int32, _ watch: Watch) {
        checkIsolated()
        watches[descriptor] = watch
    }

    func forget(_ descriptor: Int32) {
        checkIsolated()
        watches[descriptor] = nil
    }

    // MARK: - The thread

    private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let loop = Unmanaged<PluginLoop>.fromOpaque(argument).takeUnretainedValue()
        loop.thread.withLock { $0 = pthread_self() }
        while true { loop.turn() }
    }

    private func turn() {
        var descriptors = [pollfd(fd: wakeUp.out, events: Int16(POLLIN), revents: 0)]
        for (descriptor, watch) in watches {
            let events = watch.wantsWrite() ? POLLIN | POLLOUT : POLLIN
            descriptors.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        }
        guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { return }
        if descriptors[0].revents != 0 { runJobs() }
        for descriptor in descriptors.dropFirst() where descriptor.revents != 0 {
            // An earlier one may have closed this one.
            watches[descriptor.fd]?.ready(descriptor.revents)
        }
    }

    private func runJobs() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            _ = read(wakeUp.out, buffer.baseAddress, buffer.count)
        }
        let jobs = queue.withLock { queue in
            defer { queue.removeAll() }
            return queue
        }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
