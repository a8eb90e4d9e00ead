/// Reads what ``SnapshotWriter`` has laid out; every length is checked against what is there.
struct SnapshotReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    mutating func number() throws(TriageFailure) -> UInt32 {
        let part = try take(4)
        return part.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
    }

    mutating func longNumber() throws(TriageFailure) -> UInt64 {
        let part = try take(8)
        return part.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    mutating func float() throws(TriageFailure) -> Float {
        let value = Float(bitPattern: try number())
        guard value.isFinite else { throw .damagedSnapshot }
        return value
    }

    mutating func double() throws(TriageFailure) -> Double {
        let value = Double(bitPattern: try longNumber())
        guard value.isFinite else { throw .damagedSnapshot }
        return value
    }

    mutating func string() throws(TriageFailure) -> String {
        let part = try take(Int(try number()))
        guard let text = String(validating: part, as: UTF8.self) else { throw .damagedSnapshot }
        return text
    }

    mutating func strings() throws(TriageFailure) -> [String] {
        var list: [String] = []
        for _ in 0..<(try number()) { list.append(try string()) }
        return list
    }

    mutating func doubles() throws(TriageFailure) -> [Double] {
        var list: [Double] = []
        for _ in 0..<(try number()) { list.append(try double()) }
        return list
    }

    mutating func floatTable() throws(TriageFailure) -> [Float] {
        let part = try takeTable()
        return [Float](unsafeUninitializedCapacity: part.count / 4) { buffer, count in
            count = UnsafeMutableRawBufferPointer(buffer).copyAndCount(part) / 4
        }
    }

    mutating func numberTable() throws(TriageFailure) -> [UInt32] {
        let part = try takeTable()
        return [UInt32](unsafeUninitializedCapacity: part.count / 4) { buffer, count in
            count = UnsafeMutableRawBufferPointer(buffer).copyAndCount(part) / 4
        }
    }

    /// The next section: its tag and a reader for its contents.
    mutating func section() throws(TriageFailure) -> (tag: String, body: SnapshotReader) {
        let tag = String(decoding: try take(4), as: UTF8.self)
        let length = try longNumber()
        guard length <= UInt64(bytes.endIndex - position) else { throw .damagedSnapshot }
        return (tag, SnapshotReader(try take(Int(length))))
    }

    private mutating func takeTable() throws(TriageFailure) -> ArraySlice<UInt8> {
        let count = try longNumber()
        guard count <= UInt64(bytes.count / 4) else { throw .damagedSnapshot }
        return try take(Int(count) * 4)
    }

    private mutating func take(_ count: Int) throws(TriageFailure) -> ArraySlice<UInt8> {
        guard count <= bytes.endIndex - position else { throw .damagedSnapshot }
        defer { position += count }
        return bytes[position..<position + count]
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies bytes to the start of the buffer, which is large enough, and says how many.
    fileprivate func copyAndCount(_ bytes: ArraySlice<UInt8>) -> Int {
        copyBytes(from: bytes)
        return bytes.count
    }
}
