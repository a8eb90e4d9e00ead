/// Cuts what a plugin prints into lines of bounded length.
struct LineReader {
    static let limit = 2048
    private var line: [UInt8] = []

    /// Takes bytes and returns the lines they complete; a line too long is cut in two.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte != UInt8(ascii: "\n") { line.append(byte) }
            if byte == UInt8(ascii: "\n") || line.count == Self.limit { lines += finish() }
        }
        return lines
    }

    /// What is left when no more bytes come.
    mutating func finish() -> [String] {
        defer { line.removeAll(keepingCapacity: true) }
        return line.isEmpty ? [] : [String(decoding: line, as: UTF8.self)]
    }
}
