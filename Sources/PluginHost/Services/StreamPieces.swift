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
        state.withLock { $0.concealed.append($0.characters.append(bytes)) }
    }

    /// What was held back, once nothing follows.
    func finish() -> String { state.withLock { $0.concealed.finish() } }
}

/// Takes secrets out of a text that comes in pieces, wherever it is cut.
///
/// What may be the beginning of a secret is held back until more has come, and nothing else is: a
/// language model's words arrive as they are spoken.
struct ConcealedPieces {
    private let concealments: [PluginGrant.Concealment]
    private var held = ""

    init(_ concealments: [PluginGrant.Concealment]) { self.concealments = concealments }

    /// What can be shown so far.
    mutating func append(_ piece: String) -> String {
        if concealments.isEmpty { return piece }
        let text = PluginGrant.concealed(held + piece, concealments)
        let bytes = Array(text.utf8)
        let length = concealments.map { Self.overlap(of: bytes, with: $0.bytes) }.max() ?? 0
        held = String(decoding: bytes.suffix(length), as: UTF8.self)
        return String(decoding: bytes.dropLast(length), as: UTF8.self)
    }

    mutating func finish() -> String {
        defer { held = "" }
        return held
    }

    /// How many bytes at the end of a text are the beginning of a longer one.
    private static func overlap(of text: [UInt8], with secret: [UInt8]) -> Int {
        var length = min(text.count, secret.count - 1)
        while length > 0, !text.suffix(length).elementsEqual(secret.prefix(length)) { length -= 1 }
        return max(length, 0)
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
