import Dispatch
import Glibc
import HTTPTypes
import Logging
import Synchronization
import Transport

extension Fuzz {
    /// What one client sends: heads, bodies and WebSocket frames; then it hangs up.
    ///
    /// A server on loopback reads it through libwebsockets, as it reads every stranger's bytes.
    /// FF, which is in no head and no text, stands for a moment in which nothing comes.
    @Sendable
    static func serveConnection(_ bytes: UnsafeRawBufferPointer) {
        let client = RawConnection(port: port)
        for piece in bytes.split(separator: 0xff, maxSplits: 7) {
            client.send(UnsafeRawBufferPointer(rebasing: piece))
            client.readUntilQuiet()
        }
        client.hangUp()
        // What it refuses by itself, libwebsockets answers as HTTP/1.0.
        let isHTTP = client.heard.isEmpty || client.heard.starts(with: "HTTP/1.".utf8)
        hold(isHTTP, "an answer that is none: \(client.heard.prefix(64))")
        Witness.underWay.wait()
    }

    private static let port: Int = {
        LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        var options = TransportOptions()
        options.loops = 1
        options.maximumBodyBytes = Witness.mostBytes
        options.maximumMessageBytes = Witness.mostBytes
        // Longer than libFuzzer waits: a connection that only the clock would end is a finding.
        options.requestSeconds = 60
        options.bodyPaceSeconds = 60
        options.keepAliveSeconds = 60
        options.writeSeconds = 60
        options.trustedProxies = (try? [AddressRange("127.0.0.0/8")]) ?? []
        let server = Server(options: options, application: Witness())
        let started = DispatchSemaphore(value: 0)
        let port = Mutex(0)
        Task.detached {
            let answer = (try? await server.start()) ?? 0
            port.withLock { $0 = answer }
            started.signal()
        }
        started.wait()
        return port.withLock(\.self)
    }()
}

/// Answers everything, and holds what Transport says of a request against what came.
private struct Witness: Application {
    /// Fewer than an input may have, so that what is beyond is refused.
    static let mostBytes = 2048
    /// Requests and WebSockets that are not over: none outlives its connection.
    static let underWay = DispatchGroup()

    func takesBodyInPieces(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        path.hasPrefix("/pieces")
    }

    func respond(to request: Request) async -> Response {
        Self.underWay.enter()
        defer { Self.underWay.leave() }
        check(request.path, request.headers)
        let announced = request.headers[.contentLength].map { Int($0) } ?? 0
        let received = await bytes(of: request)
        Fuzz.hold(
            received == nil || received == announced,
            "a body of \(received ?? 0) bytes where \(announced ?? -1) are announced"
        )
        return Response(contentType: "text/plain", body: Array(request.path.utf8))
    }

    /// The length of a whole body; nil when it has been cut off.
    private func bytes(of request: Request) async -> Int? {
        guard let stream = request.stream else {
            Fuzz.hold(request.body.count <= Self.mostBytes, "a body beyond its limit")
            return request.body.count
        }
        var count = 0
        do {
            while let piece = try await stream.next() {
                count += piece.count
                Fuzz.hold(!piece.isEmpty && count <= stream.length, "a piece that is none")
            }
        } catch {
            return nil
        }
        return count
    }

    func upgrade(_ request: UpgradeRequest) -> UpgradeDecision {
        check(request.path, request.headers)
        return .accept { connection in
            Self.underWay.enter()
            return EchoSession(connection)
        }
    }

    private func check(_ path: String, _ headers: HTTPFields) {
        let segments = path.split(separator: "/")
        Fuzz.hold(!segments.contains("..") && !segments.contains("."), "dots in \(path)")
        Fuzz.hold(headers[.transferEncoding] == nil, "a body in chunks")
    }
}

/// Sends every text back.
private final class EchoSession: WebSocketSession {
    private let connection: WebSocketConnection

    init(_ connection: WebSocketConnection) { self.connection = connection }

    func received(_ text: [UInt8]) {
        Fuzz.hold(text.count <= Witness.mostBytes, "a message beyond its limit")
        Fuzz.hold(String(validating: text, as: UTF8.self) != nil, "a text that is none")
        connection.send(text)
    }

    func closed() { Witness.underWay.leave() }
}

/// A client on a bare socket, which blocks.
private final class RawConnection {
    private let descriptor: Int32
    private(set) var heard: [UInt8] = []

    init(port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Fuzz.uninterrupted {
                    connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        Fuzz.hold(result == 0, "no connection: \(errno)")
    }

    deinit { close(descriptor) }

    /// Sends what the server still takes.
    func send(_ bytes: UnsafeRawBufferPointer) { Fuzz.send(bytes, to: descriptor) }

    /// Reads until a millisecond has passed without a byte: most answers are there by then.
    func readUntilQuiet() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 1) == 1, Fuzz.receive(from: descriptor, into: &heard) {}
    }

    /// Ends its own side and reads to the end, which has to come.
    func hangUp() {
        shutdown(descriptor, Int32(SHUT_WR))
        while Fuzz.receive(from: descriptor, into: &heard) {}
    }
}
