internal import CLibWebSockets
internal import Glibc
internal import Logging
internal import Synchronization

/// A thread that accepts connections and gives each to the loop with the fewest.
///
/// libwebsockets would listen on one loop only; this build of it never shares a port.
final class Acceptor: Sendable {
    private let listener: Listener
    private let loops: [EventLoop]
    private let ledger: AddressLedger
    private let logger: Logger
    /// Readable once the thread is to end.
    private let stopping = maitred_eventfd()
    private let ended = Mutex<CheckedContinuation<Void, Never>?>(nil)

    init(_ listener: Listener, loops: [EventLoop], shared: ServerState) {
        self.listener = listener
        self.loops = loops
        ledger = shared.ledger
        logger = shared.logger
    }

    deinit {
        close(stopping)
    }

    func start() {
        startThread(named: "maitred-accept") { self.run() }
    }

    /// Closes the listening sockets; returns when the thread has ended.
    func stop() async {
        await withCheckedContinuation { continuation in
            ended.withLock { $0 = continuation }
            maitred_eventfd_signal(stopping)
        }
    }

    private func run() {
        var polled = ([stopping] + listener.descriptors).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var isExhausted = false
        while true {
            // Out of descriptors, the listeners stay readable: look away for a while.
            let count = isExhausted ? 1 : polled.count
            let ready = poll(&polled, nfds_t(count), isExhausted ? 100 : -1)
            if polled[0].revents != 0 { break }
            guard ready >= 0 || errno == EINTR else {
                logger.error("poll failed", metadata: ["errno": "\(errno)"])
                break
            }
            let wasExhausted = isExhausted
            isExhausted = false
            for entry in polled.dropFirst() where wasExhausted || entry.revents != 0 {
                isExhausted = !acceptAll(from: entry.fd) || isExhausted
            }
            if isExhausted, !wasExhausted {
                logger.warning("out of file descriptors: new connections wait")
            }
        }
        listener.closeAll()
        ended.withLock { $0.take() }?.resume()
    }

    /// Accepts what waits; false when the process or system has no descriptor left.
    private func acceptAll(from listener: Int32) -> Bool {
        var address = sockaddr_storage()
        while true {
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let socket = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    maitred_accept(listener, $0, &length)
                }
            }
            if socket >= 0 {
                handOver(socket, from: address)
                continue
            }
            switch errno {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return false
            case EINTR, ECONNABORTED, EPROTO: continue
            default: return true
            }
        }
    }

    private func handOver(_ socket: Int32, from storage: sockaddr_storage) {
        guard
            let peer = NetworkAddress(storage),
            let loop = loops.min(by: {
                $0.counters.connections.load(ordering: .relaxed)
                    < $1.counters.connections.load(ordering: .relaxed)
            })
        else {
            close(socket)
            return
        }
        loop.counters.accepted.add(1, ordering: .relaxed)
        guard ledger.admit(peer) else {
            loop.counters.limited.add(1, ordering: .relaxed)
            close(socket)
            return
        }
        var one: Int32 = 1
        setsockopt(
            socket,
            Int32(IPPROTO_TCP),
            TCP_NODELAY,
            &one,
            socklen_t(MemoryLayout<Int32>.size)
        )
        loop.counters.connections.add(1, ordering: .relaxed)
        loop.executor.post(.adopt(socket, peer))
    }
}
