import CLibWebSockets
import Glibc

/// A client on a bare socket: it can say anything, also what no honest client would.
///
/// Blocks; tests use it inside of `onThread`.
final class RawClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Response {
        let status: Int
        let headers: [String: String]
        let body: String
    }

    struct Frame: Equatable {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }

        /// The code of a close frame.
        var closeCode: Int? {
            guard opcode == 8, payload.count >= 2 else { return nil }
            return Int(payload[0]) << 8 | Int(payload[1])
        }
    }

    private let descriptor: Int32
    private var ssl: OpaquePointer?
    private var context: OpaquePointer?
    private var buffer: [UInt8] = []
    private var start = 0

    /// Connects; every later wait ends after five seconds.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, maitred_stream, 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_SNDTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(description: "connect: errno \(errno)") }
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
        close(descriptor)
    }

    // MARK: - Bytes

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                let rest = UnsafeRawBufferPointer(rebasing: raw[sent...])
                return ssl.map { Int(SSL_write($0, rest.baseAddress, Int32(rest.count))) }
                    ?? Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: errno \(errno)") }
            sent += count
        }
    }

    /// The next byte; nil at the end of the stream.
    func byte() throws -> UInt8? {
        if start == buffer.count {
            start = 0
            buffer = [UInt8](repeating: 0, count: 65_536)
            let count = buffer.withUnsafeMutableBytes { raw in
                ssl.map { Int(SSL_read($0, raw.baseAddress, Int32(raw.count))) }
                    ?? recv(descriptor, raw.baseAddress, raw.count, 0)
            }
            let code = errno
            buffer.removeLast(buffer.count - max(0, count))
            guard count >= 0 || code == ECONNRESET else {
                throw Failure(description: "nothing came within five seconds")
            }
        }
        guard start < buffer.count else { return nil }
        start += 1
        return buffer[start - 1]
    }

    func bytes(_ count: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            guard let byte = try byte() else { throw Failure(description: "the stream ended") }
            result.append(byte)
        }
        return result
    }

    /// True when the server has nothing more to say.
    func isAtEnd() throws -> Bool { try byte() == nil }

    // MARK: - HTTP

    func get(_ path: String, _ headers: [String] = [], method: String = "GET") throws -> Response {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: test"] + headers
        try send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try response(hasBody: method != "HEAD")
    }

    /// One request on a connection of its own.
    static func get(_ port: Int, _ path: String, _ headers: [String] = []) throws -> Response {
        try RawClient(port: port).get(path, headers)
    }

    func response(hasBody: Bool = true) throws -> Response {
        var lines: [String] = []
        while true {
            let line = try line()
            if line.isEmpty { break }
            lines.append(line)
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status else { throw Failure(description: "no status line") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingPrefix(" ").description
        }
        let length = hasBody ? Int(headers["content-length"] ?? "") ?? 0 : 0
        return Response(
            status: status,
            headers: headers,
            body: String(decoding: try bytes(length), as: UTF8.self)
        )
    }

    private func line() throws -> String {
        var line: [UInt8] = []
        while let byte = try byte() {
            if byte == 10 { return String(decoding: line.dropLast(), as: UTF8.self) }
            line.append(byte)
        }
        throw Failure(description: "the stream ended within a head")
    }

    // MARK: - WebSocket

    static let goodHeaders = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: maitred.v1",
    ]

    /// Opens a WebSocket, or throws what the server said instead.
    func open(_ path: String = "/v1/ws", _ headers: [String] = []) throws {
        let response = try get(path, Self.goodHeaders + headers)
        guard response.status == 101, response.headers["sec-websocket-protocol"] == "maitred.v1"
        else { throw Failure(description: "refused with \(response.status)") }
    }

    func sendText(_ text: String) throws { try sendFrame(1, Array(text.utf8)) }

    func sendFrame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) throws {
        try send(Self.frame(opcode, payload, isFinal: isFinal))
    }

    static func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        var bytes = [opcode | (isFinal ? 0x80 : 0)]
        switch payload.count {
        case ..<126: bytes.append(0x80 | UInt8(payload.count))
        case ..<65_536:
            bytes += [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default:
            bytes.append(0xff)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8((payload.count >> shift) & 0xff))
            }
        }
        let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        bytes += mask
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index & 3]) }
        return bytes
    }

    func frame() throws -> Frame {
        let head = try bytes(2)
        var length = Int(head[1] & 0x7f)
        if length == 126 {
            length = try bytes(2).reduce(0) { $0 << 8 | Int($1) }
        } else if length == 127 {
            length = try bytes(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: head[0] & 0x0f, payload: try bytes(length))
    }

    /// The next text, skipping nothing: anything else is a failure.
    func text() throws -> String {
        let frame = try frame()
        guard frame.opcode == 1 else {
            throw Failure(description: "opcode \(frame.opcode), code \(frame.closeCode ?? 0)")
        }
        return frame.text
    }

    /// Reads on to the close frame.
    func closeCode() throws -> Int? {
        while true {
            let frame = try frame()
            if frame.opcode == 8 { return frame.closeCode }
        }
    }

    // MARK: - TLS

    /// Shakes hands; the certificate is not verified, tests look at it instead.
    func startTLS(resuming session: OpaquePointer? = nil) throws {
        context = SSL_CTX_new(TLS_client_method())
        ssl = SSL_new(context)
        SSL_set_fd(ssl, descriptor)
        if let session { SSL_set_session(ssl, session) }
        guard SSL_connect(ssl) == 1 else { throw Failure(description: "no TLS handshake") }
    }

    /// The subject of the server's certificate.
    var certificateSubject: String {
        guard let ssl, let certificate = SSL_get1_peer_certificate(ssl) else { return "" }
        defer { X509_free(certificate) }
        var text = [CChar](repeating: 0, count: 256)
        X509_NAME_oneline(X509_get_subject_name(certificate), &text, 256)
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    /// The session to resume with; the caller frees it.
    var session: OpaquePointer? { SSL_get1_session(ssl) }

    var isResumed: Bool { SSL_session_reused(ssl) == 1 }
}
