import Dispatch
import Foundation
import Glibc
import Synchronization

/// A server on this machine that plays another one: it reads whole requests and answers what it is
/// told.
final class PlayedServer: Sendable {
    /// How a request is answered.
    enum Play: Sendable {
        case bytes([UInt8])
        /// Nothing is sent until the client hangs up.
        case silence
        /// A head, and pieces of a body, each sent when it is asked for; the connection ends with
        /// the last.
        case pieces(head: String, [[UInt8]], Steps)
    }

    /// Lets a server go on piece by piece.
    final class Steps: Sendable {
        private let steps = DispatchSemaphore(value: 0)

        func next() { steps.signal() }
        fileprivate func wait() { steps.wait() }
    }

    let port: UInt16
    private let listener: Int32
    private let ledger = Ledger()

    /// What has come, kept for the threads that serve.
    private final class Ledger: Sendable {
        private let requests = Mutex<[String]>([])

        var all: [String] { requests.withLock { $0 } }

        func add(_ request: String) { requests.withLock { $0.append(request) } }
    }

    /// Requests as they came, head and body.
    var requests: [String] { ledger.all }

    /// - Parameter answer: Given a request, and how many came before it.
    init(_ answer: @escaping @Sendable (String, Int) -> Play) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(listener, pointer, length)
                _ = listen(listener, 64)
                _ = getsockname(listener, pointer, &length)
            }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread { [ledger] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else {
                    close(listener)
                    return
                }
                Thread { Self.serve(client, ledger, answer) }.start()
            }
        }.start()
    }

    convenience init(_ answer: @escaping @Sendable (String) -> Play) {
        self.init { request, _ in answer(request) }
    }

    /// The thread that accepts closes the socket: its number may be another server's at once.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    private static func serve(
        _ client: Int32,
        _ ledger: Ledger,
        _ answer: (String, Int) -> Play
    ) {
        defer { close(client) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            while !isWhole(text) {
                let count = recv(client, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                text += String(decoding: buffer.prefix(count), as: UTF8.self)
            }
            let request = text
            text = ""
            let before = ledger.all.count
            ledger.add(request)
            switch answer(request, before) {
            case .bytes(let bytes): guard send(bytes, to: client) else { return }
            case .silence:
                _ = recv(client, &buffer, buffer.count, 0)
                return
            case .pieces(let head, let pieces, let steps):
                guard send(Array(head.utf8), to: client) else { return }
                for piece in pieces {
                    steps.wait()
                    guard send(piece, to: client) else { return }
                }
                return
            }
        }
    }

    private static func send(_ bytes: [UInt8], to client: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[sent...])
                return Glibc.send(client, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func isWhole(_ text: String) -> Bool {
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        return text[end.upperBound...].utf8.count >= length ?? 0
    }
}

extension PlayedServer.Play {
    static func ok(
        _ body: [UInt8],
        status: String = "200 OK",
        headers: String = ""
    ) -> PlayedServer.Play {
        let head = "HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\n\(headers)\r\n"
        return .bytes(Array(head.utf8) + body)
    }

    static func ok(
        _ body: String,
        status: String = "200 OK",
        headers: String = ""
    ) -> PlayedServer.Play {
        ok(Array(body.utf8), status: status, headers: headers)
    }
}
