import CBench
import Foundation
import JSONCoding

/// A kept-alive HTTP/1.1 connection to a server on this machine.
///
/// One request at a time, JSON both ways, answers with a Content-Length only: enough to open
/// sessions quickly.
final class HTTPConnection {
    struct Response {
        var status: Int
        var headers: [(name: String, value: String)]
        var body: String

        func values(of name: String) -> [String] {
            headers.filter { $0.name == name }.map(\.value)
        }
    }

    private let port: Int
    private let stream: OpaquePointer
    private var received: [UInt8] = []
    private static let longestAnswer = 1 << 20

    init(port: Int, isSecure: Bool) throws {
        self.port = port
        guard let stream = bench_stream_open(UInt16(port), isSecure) else {
            throw Self.lastError()
        }
        self.stream = stream
    }

    deinit { bench_stream_close(stream) }

    /// Posts a document and returns the answer, whatever its status.
    func post(
        _ path: String,
        _ body: JSON,
        headers: [(String, String)] = []
    ) throws -> Response {
        let text = body.text
        var request = "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        request += "Content-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n"
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        try send(Array((request + "\r\n" + text).utf8))
        return try receive()
    }

    /// Posts a document and returns the one that answers it, which must come with `status`.
    func post(
        _ path: String,
        _ body: JSON,
        headers: [(String, String)] = [],
        expecting status: Int
    ) throws -> JSON {
        let response = try post(path, body, headers: headers)
        guard response.status == status else {
            throw BenchError.http("POST \(path)", status: response.status, body: response.body)
        }
        return try JSON(parsing: response.body)
    }

    private func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                bench_stream_send(stream, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw Self.lastError() }
            sent += count
        }
    }

    private func receive() throws -> Response {
        var end = Self.endOfHead(received)
        while end == nil {
            try readMore()
            end = Self.endOfHead(received)
        }
        let bodyStart = end ?? 0
        var response = Self.parseHead(String(decoding: received[..<bodyStart], as: UTF8.self))
        let length = response.values(of: "content-length").first.flatMap { Int($0) } ?? 0
        while received.count < bodyStart + length { try readMore() }
        let body = received[bodyStart..<bodyStart + length]
        response.body = String(decoding: body, as: UTF8.self)
        received.removeFirst(bodyStart + length)
        return response
    }

    private func readMore() throws {
        guard received.count < Self.longestAnswer else {
            throw BenchError.connection("an answer never ends")
        }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = bytes.withUnsafeMutableBytes {
            bench_stream_receive(stream, $0.baseAddress, $0.count)
        }
        guard count != 0 else {
            throw BenchError.connection("the server closed it in the middle of an answer")
        }
        guard count > 0 else { throw Self.lastError() }
        received += bytes[..<count]
    }

    private static func lastError() -> BenchError {
        .connection(String(cString: strerror(errno)))
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for at in 0...(bytes.count - 4) where bytes[at] == 13 {
            if bytes[at + 1] == 10, bytes[at + 2] == 13, bytes[at + 3] == 10 { return at + 4 }
        }
        return nil
    }

    private static func parseHead(_ head: String) -> Response {
        // Swift counts CR LF as one character.
        let lines = head.split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        return Response(status: status, headers: headers, body: "")
    }
}
