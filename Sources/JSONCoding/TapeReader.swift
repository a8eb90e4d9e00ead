/// Turns simdjson's tape into a tree.
///
/// Each word has a kind in its top byte and a payload below. The pointers belong to the parser of
/// this thread, so a reader must not outlive the call that made it.
struct TapeReader {
    private let words: UnsafePointer<UInt64>
    private let strings: UnsafePointer<UInt8>
    private var index = 1
    private let bound: Int
    private var depth = 0

    init(words: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, bound: Int) {
        self.words = words
        self.strings = strings
        self.bound = bound
    }

    /// The value after the tape's root word.
    mutating func document() throws(JSONFailure) -> JSON { try value() }

    private mutating func value() throws(JSONFailure) -> JSON {
        let word = words[index]
        index += 1
        switch UInt8(truncatingIfNeeded: word >> 56) {
        case UInt8(ascii: "\""): return .string(try string(word))
        case UInt8(ascii: "l"): return .int(Int64(bitPattern: operand()))
        case UInt8(ascii: "u"): return unsigned(operand())
        case UInt8(ascii: "d"): return .double(Double(bitPattern: operand()))
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "["): return .array(try elements(word))
        case UInt8(ascii: "{"): return .object(try members(word))
        default: throw .malformed
        }
    }

    private mutating func operand() -> UInt64 {
        defer { index += 1 }
        return words[index]
    }

    private func unsigned(_ value: UInt64) -> JSON {
        Int64(exactly: value).map(JSON.int) ?? .double(Double(value))
    }

    /// The text a word refers to: four bytes of length in this machine's order, then the text.
    private func string(_ word: UInt64) throws(JSONFailure) -> String {
        let entry = strings + Int(word & 0x00FF_FFFF_FFFF_FFFF)
        let count = UnsafeRawPointer(entry).loadUnaligned(as: UInt32.self)
        let text = UnsafeBufferPointer(start: entry + 4, count: Int(count))
        // Escapes are not covered by the parser's check of the input.
        guard let checked = try? UTF8Span(validating: text.span) else { throw .malformed }
        return String(copying: checked)
    }

    /// Counts a container; the parser's own bound does not count the innermost one when it is empty.
    private mutating func enter() throws(JSONFailure) {
        guard depth < bound else { throw .tooDeep(bound: bound) }
        depth += 1
    }

    /// How many values a container has; the tape counts up to 2^24 - 1, which is enough for a hint.
    private func size(_ word: UInt64) -> Int { Int(word >> 32 & 0xFF_FFFF) }

    /// Where a container ends: the index of its closing word.
    private func end(_ word: UInt64) -> Int { Int(word & 0xFFFF_FFFF) - 1 }

    private mutating func elements(_ word: UInt64) throws(JSONFailure) -> [JSON] {
        try enter()
        defer { depth -= 1 }
        let end = end(word)
        var result: [JSON] = []
        result.reserveCapacity(size(word))
        while index < end { result.append(try value()) }
        index = end + 1
        return result
    }

    private mutating func members(_ word: UInt64) throws(JSONFailure) -> JSON.Object {
        try enter()
        defer { depth -= 1 }
        let end = end(word)
        var result: [JSON.Object.Member] = []
        result.reserveCapacity(size(word))
        while index < end {
            let key = try string(words[index])
            index += 1
            result.append((key: key, value: try value()))
        }
        index = end + 1
        return JSON.Object(firstOfEach: result)
    }
}
