import Glibc

/// One running `maitred-plugin-host`, as seen from the loop's thread: frames in and out, lines
/// printed, and its end.
///
/// Believes nothing the process sends. The loop keeps it until it has ended.
final class HostProcess {
    /// What happened, told in order, on the loop's thread.
    enum Event: Sendable {
        case frame(Frame)
        case line(String, isError: Bool)
        /// The last event.
        case ended(ExitStatus, fault: String?)
    }

    /// The server's unsent bytes beyond which a process counts as hung.
    private static let outputLimit = 8 << 20
    /// Bytes read from one process before others have their turn.
    private static let turnLimit = 256 << 10
    /// Frames and lines in one second beyond which a process counts as running wild.
    private static let floodLimit = 20_000

    let pid: pid_t
    private let ends: Ends
    private let handle: (Event) -> Void
    private var frames = FrameReader()
    private var output = LineReader()
    private var errors = LineReader()
    private var unsent: [UInt8] = []
    private var flood = (second: 0, count: 0)
    private var isEnded = false

    /// Starts a process.
    /// - Parameters:
    ///   - command: What to run.
    ///   - handle: Is told of everything; from inside a call to this object only of the end.
    /// - Throws: When the system refuses to start it.
    init(_ command: Command, handle: @escaping (Event) -> Void) throws(SpawnFailure) {
        ends = try Self.spawn(command)
        pid = ends.pid
        self.handle = handle
        let loop = PluginLoop.shared
        loop.watch(
            ends.channel,
            PluginLoop.Watch(
                wantsWrite: { [self] in !unsent.isEmpty },
                ready: { [self] events in channelReady(events) }
            )
        )
        for descriptor in [ends.output, ends.errors] {
            loop.watch(
                descriptor,
                PluginLoop.Watch(
                    wantsWrite: { false },
                    ready: { [self] _ in readLines(from: descriptor) }
                )
            )
        }
    }

    /// Queues a frame and writes what the socket takes at once.
    func send(_ frame: Frame) {
        guard !isEnded else { return }
        unsent += frame.bytes
        write()
        if unsent.count > Self.outputLimit { kill(fault: "does not read what it is sent") }
    }

    /// Ends the process now; says why unless that was asked for.
    func kill(fault: String?) {
        guard !isEnded else { return }
        isEnded = true
        Glibc.kill(pid, SIGKILL)
        var waitStatus: Int32 = 0
        // Not long: every thread of it is being ended. One already dead keeps its own status.
        var waited = waitpid(pid, &waitStatus, 0)
        while waited < 0, errno == EINTR { waited = waitpid(pid, &waitStatus, 0) }
        for descriptor in [ends.output, ends.errors] { readLines(from: descriptor, isLast: true) }
        for descriptor in [ends.channel, ends.output, ends.errors] {
            PluginLoop.shared.forget(descriptor)
            close(descriptor)
        }
        handle(.ended(waited == pid ? ExitStatus(waitStatus: waitStatus) : .unknown, fault: fault))
    }

    // MARK: - Channel

    private func channelReady(_ events: Int16) {
        if Int32(events) & POLLOUT != 0 { write() }
        if Int32(events) & ~POLLOUT != 0 { readFrames() }
    }

    private func write() {
        while !unsent.isEmpty {
            let sent = Glibc.send(ends.channel, unsent, unsent.count, Int32(MSG_NOSIGNAL))
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return }
            unsent.removeFirst(sent)
        }
    }

    private func readFrames() {
        var left = Self.turnLimit
        while left > 0, !isEnded {
            switch Self.read(ends.channel, { frames.append($0) }) {
            case .bytes(let count): left -= count
            case .nothing: return
            case .end: return kill(fault: nil)
            }
            deliverFrames()
        }
    }

    private func deliverFrames() {
        do {
            while !isEnded, let frame = try frames.next() {
                guard isBearable() else { return }
                handle(.frame(frame))
            }
        } catch {
            kill(fault: "sent \(error.reason)")
        }
    }

    /// Counts events; ends a process that floods the server with them.
    private func isBearable() -> Bool {
        let second = time(nil)
        if second != flood.second { flood = (second, 0) }
        flood.count += 1
        if flood.count <= Self.floodLimit { return true }
        kill(fault: "sent more than \(Self.floodLimit) frames and lines in a second")
        return false
    }

    // MARK: - Lines

    private func readLines(from descriptor: Int32, isLast: Bool = false) {
        let isError = descriptor == ends.errors
        var lines: [String] = []
        var left = Self.turnLimit
        reading: while left > 0 {
            let got = Self.read(descriptor) {
                lines += isError ? errors.append($0) : output.append($0)
            }
            switch got {
            case .bytes(let count): left -= count
            case .nothing: break reading
            case .end:
                lines += isError ? errors.finish() : output.finish()
                if !isLast { PluginLoop.shared.forget(descriptor) }
                break reading
            }
        }
        for line in lines where isLast || isBearable() { handle(.line(line, isError: isError)) }
    }

    private enum Got {
        case bytes(Int)
        case nothing
        case end
    }

    private static func read(
        _ descriptor: Int32,
        _ take: (UnsafeRawBufferPointer) -> Void
    ) -> Got {
        withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 8) { buffer in
            var count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            while count < 0, errno == EINTR {
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EAGAIN { return .nothing }
            guard count > 0 else { return .end }
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return .bytes(count)
        }
    }
}
