import JSONCoding

/// A plugin's process together with what is under way in it; belongs to its ``PluginInstance``.
final class PluginLink {
    enum Phase {
        /// The program runs; the library is not loaded.
        case opening
        /// The library is loaded and has been told to start.
        case starting
        case ready
        /// Takes no more calls and has been told to end.
        case stopping
    }

    /// A call the process has been given.
    struct PendingCall {
        /// Who waits for the answer; nil once the deadline has passed.
        var waiter: CheckedContinuation<Result<[UInt8], PluginError>, Never>?
        let started: Duration
        /// When the deadline is.
        let ends: Duration
        /// Is told of parts of the answer.
        var part: (@Sendable ([UInt8]) -> Void)?
        /// Heartbeats since the deadline; nil before it.
        var overdue: Int?
        var deadline: Task<Void, Never>?
    }

    let serial: Int
    var process: HostProcess?
    var phase = Phase.opening
    var startCall: UInt64?
    /// Ends the process when it has been told to end and does not.
    var ending: Task<Void, Never>?
    var calls: [UInt64: PendingCall] = [:]
    /// Questions to services, with the call that each serves.
    var requests: [UInt64: (call: UInt64?, task: Task<Void, Never>)] = [:]
    var sandbox: SandboxStatus?
    /// Heartbeats since the start and since the latest frame.
    ///
    /// Counted rather than timed: when the server itself stood still (a paused machine), the
    /// plugin's signs of life wait to be read.
    private(set) var age = 0
    private(set) var silence = 0
    /// The latest lines on standard error: a crash is explained by them.
    private(set) var lastWords: [String] = []

    init(serial: Int) { self.serial = serial }

    /// A frame has come.
    func hasSpoken() { silence = 0 }

    func remember(_ line: String) {
        lastWords.append(String(line.prefix(300)))
        if lastWords.count > 6 { lastWords.removeFirst() }
    }

    /// Answers everyone who waits, with the same failure.
    func failCalls(_ error: PluginError) {
        for call in calls.values {
            call.deadline?.cancel()
            call.waiter?.resume(returning: .failure(error))
        }
        calls.removeAll()
        for request in requests.values { request.task.cancel() }
        requests.removeAll()
    }

    /// Gives up the questions of a call that has ended.
    func endRequests(of call: UInt64) {
        for request in requests.values where request.call == call { request.task.cancel() }
    }

    /// Counts a heartbeat and says why the process must be ended; nil while it is well.
    func beat(_ options: PluginHostOptions) -> String? {
        age += 1
        silence += 1
        for (id, call) in calls where call.overdue != nil { calls[id]?.overdue? += 1 }

        if phase == .opening || phase == .starting {
            let isLate = options.heartbeat * age > options.startLimit
            return isLate ? "did not start within \(options.startLimit)" : nil
        }
        if options.heartbeat * (silence - 1) > options.heartbeatLimit {
            return "gave no sign of life for \(options.heartbeatLimit)"
        }
        let isHung = calls.values.contains {
            options.heartbeat * ($0.overdue ?? 0) > options.hangLimit
        }
        return isHung ? "went on with a call \(options.hangLimit) after its deadline" : nil
    }
}
