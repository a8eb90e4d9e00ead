import Foundation
import Glibc
import JSONCoding
import Logging

/// The server's ear for commands: a Unix socket in the data folder that only its owner can open.
///
/// One order a connection: the client writes a JSON document and ends its side, the server answers
/// with `{"ok":…}` or `{"error":"…"}` and closes.
package final class ControlSocket: Sendable {
    package typealias Handler = @Sendable (JSON) async throws(OrderFault) -> JSON

    static let orderLimit = 80 << 20
    /// The last words of orders that change nothing.
    private static let looks: Set<Substring> = [
        "changes", "check", "explain", "health", "list", "logs", "policies", "show", "status",
        "unknowns",
    ]
    private let path: String
    private let listener: Int32
    private let handler: Handler
    private let logger = Logger(label: "maitred.control")

    /// Listens below a folder; an old socket there is of a process that has ended, for the folder is ours.
    package init(folder: URL, handler: @escaping Handler) throws(OrderFault) {
        path = Self.path(in: folder)
        self.handler = handler
        unlink(path)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0, var address = Self.address(path) else {
            throw OrderFault("\(path) cannot be a socket: the data folder's path is too long")
        }
        let old = umask(0o177)
        defer { umask(old) }
        guard Self.with(&address, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw OrderFault("\(path) cannot be listened on: \(String(cString: strerror(errno)))")
        }
    }

    /// Takes orders on a thread of its own until ``close()``.
    package func start() {
        let thread = Thread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                serve(connection)
            }
        }
        thread.name = "control"
        thread.start()
    }

    package func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        unlink(path)
    }

    /// Reads on the socket's own thread, so that a client that dawdles delays other orders only.
    private func serve(_ connection: Int32) {
        Self.limitWaiting(connection)
        guard let bytes = Self.readAll(connection, limit: Self.orderLimit),
            let order = try? JSON(parsing: bytes)
        else {
            Self.writeAll(connection, Self.answer(.failure(OrderFault("the order is not JSON"))))
            Glibc.close(connection)
            return
        }
        Task {
            let result: Result<JSON, OrderFault>
            do throws(OrderFault) {
                result = .success(try await handler(order))
            } catch {
                result = .failure(error)
            }
            note(order, result)
            // Answers fit the socket's buffer many times over: this does not block.
            Self.writeAll(connection, Self.answer(result))
            Glibc.close(connection)
        }
    }

    /// A line in the log for what somebody has changed, or tried to; what only looks is of no interest.
    private func note(_ order: JSON, _ result: Result<JSON, OrderFault>) {
        let name = order["do"]?.stringValue ?? ""
        let isLook = name.split(separator: ".").last.map { Self.looks.contains($0) } ?? false
        let isDone = if case .success = result { true } else { false }
        logger.log(
            level: isLook ? .debug : .notice,
            "order",
            metadata: ["order": "\(Refusals.printable(name))", "done": "\(isDone)"]
        )
    }

    private static func answer(_ result: Result<JSON, OrderFault>) -> [UInt8] {
        switch result {
        case .success(let value): JSON.object(["ok": value]).bytes()
        case .failure(let fault): JSON.object(["error": .string(fault.description)]).bytes()
        }
    }

    // MARK: - Asking

    /// Sends an order to the server that has the folder; nil when none runs.
    package static func ask(_ order: JSON, folder: URL) throws(OrderFault) -> JSON? {
        let connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0, var address = address(path(in: folder)) else { return nil }
        defer { Glibc.close(connection) }
        guard with(&address, { connect(connection, $0, $1) }) == 0 else { return nil }
        writeAll(connection, order.bytes())
        shutdown(connection, Int32(SHUT_WR))
        guard let bytes = readAll(connection, limit: orderLimit),
            let answer = try? JSON(parsing: bytes)
        else { throw OrderFault("the server ended while it was carrying the order out") }
        if let error = answer["error"]?.stringValue { throw OrderFault(error) }
        return answer["ok"]
    }

    // MARK: - Sockets

    private static func path(in folder: URL) -> String {
        folder.appending(path: "control.sock").path(percentEncoded: false)
    }

    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        return withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard bytes.count < place.count else { return false }
            place.copyBytes(from: bytes)
            return true
        } ? address : nil
    }

    private static func with(
        _ address: inout sockaddr_un,
        _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                call(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func limitWaiting(_ connection: Int32) {
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            connection,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
    }

    private static func readAll(_ connection: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(connection, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes += chunk[..<count]
            if bytes.count > limit { return nil }
        }
    }

    private static func writeAll(_ connection: Int32, _ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            offset += count
        }
    }
}
