/// Lays values out in bytes for a snapshot; ``SnapshotReader`` is its mirror.
///
/// Little endian, as all machines that Swift runs on; a length stands before each list.
struct SnapshotWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }
    mutating func append(_ value: UInt32) { appendRaw(value.littleEndian) }
    mutating func append(_ value: UInt64) { appendRaw(value.littleEndian) }
    mutating func append(_ value: Float) { append(value.bitPattern) }
    mutating func append(_ value: Double) { append(value.bitPattern) }

    mutating func append(_ text: String) {
        append(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ list: [String]) {
        append(UInt32(list.count))
        for text in list { append(text) }
    }

    mutating func append(_ list: [Double]) {
        append(UInt32(list.count))
        for value in list { append(value) }
    }

    /// Numbers as they lie in memory, for the large tables.
    mutating func append(table: [Float]) {
        append(UInt64(table.count))
        table.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Numbers as they lie in memory, for the large tables.
    mutating func append(table: [UInt32]) {
        append(UInt64(table.count))
        table.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// A part that a reader may skip without knowing it.
    mutating func section(_ tag: StaticString, _ body: (inout SnapshotWriter) -> Void) {
        var part = SnapshotWriter()
        body(&part)
        precondition(tag.utf8CodeUnitCount == 4, "tags have four letters")
        bytes.append(contentsOf: UnsafeBufferPointer(start: tag.utf8Start, count: 4))
        append(UInt64(part.bytes.count))
        bytes.append(contentsOf: part.bytes)
    }

    private mutating func appendRaw<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }
}
