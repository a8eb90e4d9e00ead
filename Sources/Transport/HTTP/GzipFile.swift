/// A file in gzip format as it lies on disk (RFC 1952), of one member.
struct GzipFile {
    let bytes: [UInt8]

    /// Whether unpacking gives this content, by the length and the checksum at the end.
    ///
    /// It tells a copy that was left behind by an older content. It is no proof against somebody
    /// who makes one: what lies in the folder is trusted.
    func holds(_ content: [UInt8]) -> Bool {
        guard bytes.count >= 18, bytes[0] == 0x1f, bytes[1] == 0x8b else { return false }
        let end = bytes.suffix(8)
        return Self.number(end.prefix(4)) == Self.checksum(of: content)
            && Self.number(end.suffix(4)) == UInt32(truncatingIfNeeded: content.count)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// CRC-32 as gzip has it.
    private static func checksum(of bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    private static let table: [UInt32] = (0..<256).map { (start: UInt32) in
        (0..<8).reduce(start) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xedb8_8320 : 0) }
    }
}
