import Synchronization

/// The pieces of one response, as its transfer's thread hands them over: whole characters, no secrets.
final class StreamPieces: Sendable {
    private struct State {
        var characters = Utf8Pieces()
        var concealed: ConcealedPieces
    }

    private let state: Mutex<State>

    init(_ concealed: ConcealedPieces) { state = Mutex(State(concealed: concealed)) }

    func append(_ bytes: [UInt8]) -> String {
        state.withLock { state in
            let whole = Array(state.characters.append(bytes).utf8)
            return String(decoding: state.concealed.append(whole), as: UTF8.self)
        }
    }

    /// What was held back, once nothing follows.
    func finish() -> String {
        String(decoding: state.withLock { $0.concealed.finish() }, as: UTF8.self)
    }
}

/// Cuts a stream of bytes into texts without tearing a character apart.
struct Utf8Pieces {
    private var rest: [UInt8] = []

    /// What is whole so far.
    mutating func append(_ bytes: [UInt8]) -> String {
        rest += bytes
        var end = rest.count
        // At most three bytes of a character can be waiting for its last one.
        for back in 1...3 where back <= rest.count {
            let byte = rest[rest.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            if length > back { end = rest.count - back }
            break
        }
        defer { rest.removeFirst(end) }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
