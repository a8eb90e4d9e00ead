internal import CLibWebSockets
internal import Glibc

/// Returns the processors this process may use.
package func availableCores() -> Int {
    max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}

/// The clock of this machine, as the kernel sees it.
package enum MachineClock {
    /// Whether a time server keeps it; nil when the kernel does not say.
    package static var isKept: Bool? {
        let answer = maitred_clock_is_kept()
        return answer < 0 ? nil : answer == 1
    }
}

/// Returns the system's text for an errno.
func systemMessage(_ code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let base = buffer.baseAddress else { return "error \(code)" }
        return strerror_r(code, base, buffer.count) == 0
            ? String(cString: base) : "error \(code)"
    }
}

/// Blocks until a descriptor is readable or the time is over.
func waitForInput(_ descriptor: Int32, milliseconds: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&entry, 1, milliseconds)
}

/// Starts a detached thread; the body is its whole life.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ThreadBody(name: name, run: body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let result = pthread_create(&thread, &attributes, runThreadBody, box.toOpaque())
    pthread_attr_destroy(&attributes)
    precondition(result == 0, "a thread can be created")
}

private func runThreadBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let body = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    maitred_name_thread(body.name)
    body.run()
    return nil
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}
