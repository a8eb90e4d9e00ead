import CBench
import Glibc
import JSONCoding

/// The C load client, one for each server under measurement.
final class LoadClient {
    let handle: OpaquePointer
    private let server: ChildProcess
    private var delivers = false
    private static let longestAnswer = 256 * 1024
    static let handshakesAtATime = 64

    init(port: Int, dialect: bench_dialect, isSecure: Bool, server: ChildProcess) throws {
        guard let handle = bench_load_create(UInt16(port), dialect, isSecure) else {
            throw BenchError.connection("no resources for a client")
        }
        self.handle = handle
        self.server = server
    }

    deinit { bench_load_destroy(handle) }

    /// Closes all connections and forgets them.
    func closeAll() {
        bench_load_close_all(handle)
        delivers = false
    }

    /// Opens connections, each greeting with something of its own when there are `hellos`.
    @discardableResult
    func open(
        _ role: bench_role,
        count: Int,
        origin: String? = nil,
        hellos: [String] = [],
        closing: Bool = false,
        atATime: Int = LoadClient.handshakesAtATime,
        missed: [UInt32] = []
    ) throws -> bench_opened {
        var frames = hellos.map { UnsafePointer<CChar>(strdup($0)) }
        let name = origin.flatMap { strdup($0) }
        defer {
            for frame in frames { free(UnsafeMutablePointer(mutating: frame)) }
            free(name)
        }
        let result = frames.withUnsafeMutableBufferPointer { list in
            var opening = bench_opening()
            opening.role = role
            opening.count = UInt32(count)
            opening.width = UInt32(atATime)
            opening.origin = UnsafePointer(name)
            opening.hellos = hellos.isEmpty ? nil : UnsafePointer(list.baseAddress)
            opening.close_when_open = closing
            opening.server = server.processID
            return missed.withUnsafeBufferPointer { missed in
                opening.missed = missed.isEmpty ? nil : missed.baseAddress
                return bench_load_open(handle, &opening)
            }
        }
        guard result.missing == 0 else {
            throw BenchError.messagesLost(
                "\(result.missing) acknowledged messages did not come again to those who returned;"
                    + " \(result.opened) of \(count) had all. \(error)"
            )
        }
        guard result.failed == 0 else {
            throw BenchError.notAllOpened(
                wanted: count,
                opened: Int(result.opened),
                reason: error
            )
        }
        if role == bench_role_agent { delivers = true }
        return result
    }

    /// Sets what a connection says from now on.
    ///
    /// The text is used as it is: it must need no escaping in JSON or XML.
    func prepare(_ connection: Int, conversation: String, text: String) {
        bench_load_prepare(handle, UInt32(connection), conversation, text)
    }

    /// How many messages a customer has sent.
    func sent(by connection: Int) -> UInt32 { bench_load_sent(handle, UInt32(connection)) }

    /// Gives a connection a frame of maitred's that is sent as it is and answered by one of the type `answer`: to
    /// the agent when there is a conversation, else to the connection itself.
    func prepareSignal(
        _ connection: Int,
        frame: String,
        conversation: String? = nil,
        answer: String? = nil
    ) {
        bench_load_prepare_signal(handle, UInt32(connection), frame, conversation, answer)
    }

    /// Sends a request of maitred's and returns its `ack`.
    func ask(
        _ connection: Int,
        _ type: String,
        id: String,
        conversation: String? = nil,
        _ details: JSON.Object = [:]
    ) throws -> JSON {
        var frame: JSON.Object = ["t": .string(type), "id": .string(id), "d": .object(details)]
        if let conversation { frame["c"] = .string(conversation) }
        let request = JSON.object(frame).text
        let answer = String(unsafeUninitializedCapacity: Self.longestAnswer) { room in
            let length = room.withMemoryRebound(to: CChar.self) { room in
                bench_load_ask(
                    handle,
                    UInt32(connection),
                    request,
                    id,
                    room.baseAddress,
                    room.count,
                    10
                )
            }
            return min(max(length, 0), room.count - 1)
        }
        guard !answer.isEmpty else { throw BenchError.unexpectedAnswer(to: request, error) }
        let parsed = try JSON(parsing: answer)
        guard parsed["t"]?.stringValue == "ack" else {
            throw BenchError.unexpectedAnswer(to: request, answer)
        }
        return parsed
    }

    /// Sends a frame and returns the seconds until one came that contains `expected`.
    func exchange(_ connection: Int, _ frame: String, expecting expected: String) throws -> Double {
        let seconds = bench_load_exchange(handle, UInt32(connection), frame, expected, 20)
        guard seconds >= 0 else { throw BenchError.unexpectedAnswer(to: frame, error) }
        return seconds
    }

    /// Answers pings for a while.
    func serve(seconds: Double) { bench_load_serve(handle, seconds) }

    /// Drives the first connections and measures.
    ///
    /// `rate` is in messages a second, nil for as fast as the answers come. The connection `beside`
    /// sends its signal 20 times a second, whatever becomes of it. Throws when anything was refused,
    /// lost, doubled or out of order, or a connection ended.
    func measure(
        connections: Int,
        seconds: Double,
        rate: Double? = nil,
        beside: Int? = nil
    ) throws -> bench_measured {
        var options = bench_load_options()
        options.connections = UInt32(connections)
        options.warm_up_seconds = min(0.5, seconds / 3)
        options.seconds = seconds
        options.messages_per_second = rate ?? 0
        options.beside = UInt32(beside ?? 0)
        options.beside_seconds = beside == nil ? 0 : 0.05
        options.server = server.processID
        let result = bench_load_run(handle, &options)
        guard result.refused == 0, result.closed == 0, result.misordered == 0, error.isEmpty else {
            throw BenchError.messagesLost(
                "\(result.refused) refused, \(result.misordered) out of order,"
                    + " \(result.closed) connections ended. \(error)"
            )
        }
        guard result.unanswered == 0 else {
            throw BenchError.messagesLost("\(result.unanswered) sent and never answered.")
        }
        guard !delivers || result.delivered == result.acknowledged else {
            throw BenchError.messagesLost(
                "\(result.acknowledged) acknowledged, \(result.delivered) delivered."
            )
        }
        return result
    }

    var error: String { String(cString: bench_load_error(handle)) }
}
