internal import Synchronization

/// Why the rest of a request's body does not come.
package enum BodyFault: Error, Hashable, Sendable {
    /// The client went away, or the server stops.
    case cut
    /// The client sends less than ``TransportOptions/bodyPaceBytes`` asks for.
    case tooSlow
}

/// A request's body while it arrives, for a reader that takes its time.
///
/// What waits for the reader is bounded: beyond that the socket is not read. There is one reader.
package final class BodyStream: Sendable {
    /// The bytes that may wait; another piece of the socket's may come on top.
    static let most = 131_072
    /// The reader has caught up when so few are left.
    static let few = 32_768

    private typealias Reader = CheckedContinuation<Result<[UInt8]?, BodyFault>, Never>

    private struct State {
        var waiting: [UInt8] = []
        var end: Result<Void, BodyFault>?
        var isWanted = false
        var isPaused = false
        var reader: Reader?
    }

    /// What the client announced.
    package let length: Int
    private let state = Mutex(State())
    /// Called when the reader wants bytes that the loop holds back.
    private let readOn: @Sendable () -> Void

    init(length: Int, readOn: @escaping @Sendable () -> Void) {
        self.length = length
        self.readOn = readOn
    }

    // MARK: - The reader

    /// All that has arrived, at least one byte; nil at the end.
    package func next() async throws(BodyFault) -> [UInt8]? {
        let result = await withCheckedContinuation { continuation in
            let (isToContinue, result) = state.withLock { state in
                let isToContinue = !state.isWanted || state.isPaused
                state.isWanted = true
                state.isPaused = false
                let result = Self.take(from: &state)
                if result == nil { state.reader = continuation }
                return (isToContinue, result)
            }
            if isToContinue { readOn() }
            if let result { continuation.resume(returning: result) }
        }
        return try result.get()
    }

    private static func take(from state: inout State) -> Result<[UInt8]?, BodyFault>? {
        if case .failure(let fault) = state.end { return .failure(fault) }
        if !state.waiting.isEmpty {
            defer { state.waiting = [] }
            return .success(state.waiting)
        }
        return state.end == nil ? nil : .success(nil)
    }

    // MARK: - The loop

    /// Adds bytes that have arrived; true when the socket is not to be read for now.
    func add(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (reader, isFull): (Reader?, Bool) = state.withLock { state in
            guard state.end == nil else { return (nil, false) }
            state.waiting.append(contentsOf: bytes)
            if let reader = state.reader.take() { return (reader, false) }
            state.isPaused = state.waiting.count >= Self.most
            return (nil, state.isPaused)
        }
        if let reader { answer(reader) }
        return isFull
    }

    /// Everything has arrived.
    func finish() { end(.success(())) }

    /// Nothing more comes; what waits is dropped.
    func fail(_ fault: BodyFault) { end(.failure(fault)) }

    private func end(_ end: Result<Void, BodyFault>) {
        let reader: Reader? = state.withLock { state in
            guard state.end == nil else { return nil }
            state.end = end
            return state.reader.take()
        }
        if let reader { answer(reader) }
    }

    private func answer(_ reader: Reader) {
        let result = state.withLock { Self.take(from: &$0) }
        reader.resume(returning: result ?? .success(nil))
    }
}

/// Whether a body arrives fast enough: a pure rule over bytes and the loop's time.
///
/// Some bytes must come in each window; a client that sends one now and then does not keep a
/// connection and a file open for hours.
package struct BodyPace: Sendable {
    private let least: Int
    private let window: UInt64
    private var since: UInt64
    private var bytes = 0

    /// `window`: milliseconds in which at least so many bytes must come.
    package init(least: Int, window: UInt64, at now: UInt64) {
        self.least = least
        self.window = window
        since = now
    }

    package mutating func arrived(_ count: Int, at now: UInt64) {
        bytes += count
        if bytes >= least { restart(at: now) }
    }

    /// Begins a new window: time in which the socket was not read is not the client's.
    package mutating func restart(at now: UInt64) {
        since = now
        bytes = 0
    }

    package func isTooSlow(at now: UInt64) -> Bool { now >= since + window }
}
