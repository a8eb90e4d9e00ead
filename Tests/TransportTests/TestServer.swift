import Dispatch
import Foundation
import HTTPTypes
import Logging
import Synchronization
import Transport

/// Runs blocking work on a thread of its own: the cooperative pool belongs to the server.
func onThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}

/// Starts a server, runs a test against its port on a thread, stops it.
func withServer<T: Sendable>(
    _ application: any Application = TestApplication(),
    configure: (inout TransportOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (Server, Int) async throws -> T
) async throws -> T {
    var options = TransportOptions()
    options.loops = 2
    options.stopGrace = .milliseconds(200)
    configure(&options)
    let server = Server(options: options, application: application, logger: .quiet)
    let port = try await server.start()
    do {
        let result = try await body(server, port)
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

/// Starts a server and runs a blocking client against it.
func withClient(
    _ application: any Application = TestApplication(),
    configure: (inout TransportOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (Int) throws -> Void
) async throws {
    try await withServer(application, configure: configure) { _, port in
        try await onThread { try body(port) }
    }
}

extension Logger {
    static var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }
}

/// Echoes WebSocket texts and answers a few paths.
struct TestApplication: Application {
    let events = Events()
    let router: Router

    init() {
        var router = Router()
        let events = events
        router.on(.get, "/hello") { _ in text("hello") }
        router.on(.get, "/items/:id") { text("item \($0.parameters["id"] ?? "")") }
        router.on(.post, "/echo") { Response(contentType: "text/plain", body: $0.body) }
        router.on(.put, "/echo") { Response(contentType: "text/plain", body: $0.body) }
        router.on(.get, "/large") { _ in
            Response(contentType: "text/plain", body: Array(repeating: 97, count: 3_000_000))
        }
        router.on(.get, "/who") { text("\($0.address) \($0.scheme)") }
        router.on(.get, "/query") { request in
            text(request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
        }
        router.on(.get, "/never") { _ in
            events.add("asked")
            // Ends by cancellation only.
            try? await Task.sleep(for: .seconds(3600))
            events.add("cancelled")
            return text("too late")
        }
        self.router = router
    }

    func upgrade(_ request: UpgradeRequest) -> UpgradeDecision {
        guard request.origin != "https://evil.example" else {
            return .refuse(Problem(.forbidden, "this origin", code: "forbidden").response)
        }
        switch request.path {
        case "/flood": return .accept { FloodSession($0) }
        case "/threads": return .accept { ThreadsSession($0) }
        default: return .accept { [events] in EchoSession($0, events) }
        }
    }

    func respond(to request: Request) async -> Response {
        await router.respond(to: request)
    }
}

private func text(_ text: String) -> Response {
    Response(contentType: "text/plain", body: Array(text.utf8))
}

/// What happened, for tests to wait on.
final class Events: Sendable {
    private struct State {
        var seen: [String] = []
        var waiting: [(String, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func add(_ event: String) {
        let woken = state.withLock { state in
            state.seen.append(event)
            let woken = state.waiting.filter { $0.0 == event }
            state.waiting.removeAll { $0.0 == event }
            return woken
        }
        for (_, continuation) in woken { continuation.resume() }
    }

    /// The same for a thread that may block.
    func waitOnThread(for event: String) {
        let done = DispatchSemaphore(value: 0)
        Task {
            await wait(for: event)
            done.signal()
        }
        done.wait()
    }

    /// Returns once an event of that name has happened.
    func wait(for event: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard !state.seen.contains(event) else { return true }
                state.waiting.append((event, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

final class EchoSession: WebSocketSession {
    private let connection: WebSocketConnection
    private let events: Events

    init(_ connection: WebSocketConnection, _ events: Events) {
        self.connection = connection
        self.events = events
    }

    func received(_ text: [UInt8]) {
        if text == Array("bye".utf8) {
            connection.send(Array("farewell".utf8))
            connection.close(4401, "unauthenticated")
        } else {
            connection.send(text)
        }
    }

    func closed() { events.add("closed") }
}

/// Sends 9 MB for every text, more than any socket takes.
final class FloodSession: WebSocketSession {
    private let connection: WebSocketConnection

    init(_ connection: WebSocketConnection) { self.connection = connection }

    func received(_ text: [UInt8]) {
        let frame = [UInt8](repeating: 97, count: 60_000)
        for _ in 0..<150 { connection.send(frame) }
    }

    func closed() {}
}

/// Sends from eight threads at once.
final class ThreadsSession: WebSocketSession {
    private let connection: WebSocketConnection

    init(_ connection: WebSocketConnection) { self.connection = connection }

    func received(_ text: [UInt8]) {
        for thread in 0..<8 {
            Thread.detachNewThread { [connection] in
                for number in 0..<25 { connection.send(Array("\(thread) \(number)".utf8)) }
            }
        }
    }

    func closed() {}
}
