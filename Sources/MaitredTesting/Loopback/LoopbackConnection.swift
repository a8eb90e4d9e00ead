import Gateway
import JSONCoding
import Synchronization
import Transport

/// Both ends of a WebSocket without the socket: the server's end, and what a test does at the other.
///
/// Frames are the bytes that would have travelled.
package final class LoopbackConnection: ClientConnection {
    private struct State {
        var session: (any WebSocketSession)?
        var frames: [JSON] = []
        var raw: [[UInt8]] = []
        var waiters: [Int: (matches: @Sendable (JSON) -> Bool, CheckedContinuation<Void, Never>)] =
            [:]
        var nextWaiter = 0
        var closeCode: Int?
        var isOver = false
    }

    package let id: UInt64
    package let address = NetworkAddress.loopback
    private let state = Mutex(State())

    init(id: UInt64) { self.id = id }

    func attach(_ session: any WebSocketSession) { state.withLock { $0.session = session } }

    // MARK: - The server's end

    package func send(_ frame: [UInt8], droppable: Bool) {
        // What is no JSON is kept as bytes, for the test to trip over.
        let json = (try? JSON(parsing: frame)) ?? .null
        let woken = state.withLock { state in
            guard !state.isOver else { return [CheckedContinuation<Void, Never>]() }
            state.frames.append(json)
            state.raw.append(frame)
            return Self.takeWaiters(from: &state) { $0(json) }
        }
        for waiter in woken { waiter.resume() }
    }

    package func close(_ code: UInt16, _ reason: String) { end(code: Int(code)) }

    // MARK: - The client's end

    /// Sends a frame to the server.
    package func say(_ frame: JSON) { say(bytes: frame.bytes()) }

    /// Sends what may be no frame at all.
    package func say(bytes: [UInt8]) {
        guard let session = state.withLock({ $0.isOver ? nil : $0.session }) else { return }
        session.received(bytes)
    }

    /// Goes away without a word.
    package func hangUp() { end(code: nil) }

    /// Everything received, in order.
    package var frames: [JSON] { state.withLock(\.frames) }
    package var rawFrames: [[UInt8]] { state.withLock(\.raw) }
    /// With which code the server closed; nil while it has not.
    package var closeCode: Int? { state.withLock(\.closeCode) }

    /// Returns once a frame that matches has come, the connection is over, or the task is cancelled.
    ///
    /// `start`: how many of the first frames do not count.
    package func wait(
        from start: Int = 0,
        for matches: @escaping @Sendable (JSON) -> Bool
    ) async {
        let key = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    let isHere = state.frames.dropFirst(start).contains(where: matches)
                    if isHere || state.isOver || Task.isCancelled { return true }
                    state.waiters[key] = (matches, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.1.resume()
        }
    }

    private func end(code: Int?) {
        let (session, woken) = state.withLock { state in
            guard !state.isOver else {
                return (nil as (any WebSocketSession)?, [CheckedContinuation<Void, Never>]())
            }
            state.isOver = true
            state.closeCode = code
            // It holds this connection, too: together they would keep the whole server.
            defer { state.session = nil }
            return (state.session, Self.takeWaiters(from: &state) { _ in true })
        }
        session?.closed()
        for waiter in woken { waiter.resume() }
    }

    private static func takeWaiters(
        from state: inout State,
        where isDone: (@Sendable (JSON) -> Bool) -> Bool
    ) -> [CheckedContinuation<Void, Never>] {
        let done = state.waiters.filter { isDone($0.value.matches) }
        for key in done.keys { state.waiters[key] = nil }
        return done.values.map(\.1)
    }
}
