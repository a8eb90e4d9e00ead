// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit
import Synchronization

/// A response while it comes, given up when the model is silent for too long.
struct ChatStream: Sendable {
    enum Piece: Sendable {
        case body(String)
        case end(HTTPResponse)
    }

    /// There was no sign of life in time.
    struct Silence: Error {}

    let pieces: AsyncThrowingStream<Piece, any Error>
    private let watch: Watch

    /// Until when the next sign of life must have come.
    private final class Watch: Sendable {
        let limit: Duration
        private let deadline: Mutex<ContinuousClock.Instant>

        init(_ limit: Duration) {
            self.limit = limit
            deadline = Mutex(.now + limit)
        }

        func extend() { deadline.withLock { $0 = .now + limit } }

        /// Returns when the deadline has passed.
        func run() async throws {
            while true {
                let deadline = deadline.withLock { $0 }
                if deadline <= .now { return }
                try await ContinuousClock().sleep(until: deadline)
            }
        }
    }

    /// Asks at once.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - call: On whose behalf; what is still under way when it ends is ended by the host.
    ///   - silence: How long the first sign of life may take, and each later one.
    init(_ request: HTTPRequest, _ call: Call, silence: Duration) {
        let (pieces, sink) = AsyncThrowingStream.makeStream(of: Piece.self)
        let watch = Watch(silence)
        let asking = Task {
            do {
                let response = try await call.http.stream(request) { sink.yield(.body($0)) }
                sink.yield(.end(response))
                sink.finish()
            } catch {
                sink.finish(throwing: error)
            }
        }
        let watching = Task {
            try await watch.run()
            sink.finish(throwing: Silence())
        }
        sink.onTermination = { _ in
            asking.cancel()
            watching.cancel()
        }
        self.pieces = pieces
        self.watch = watch
    }

    /// Notes that the model has written or thought something.
    func noteLife() { watch.extend() }
}
