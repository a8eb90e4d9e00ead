/// One message between the server and a plugin's process; the other end is `frames.h`.
package struct Frame: Sendable, Equatable {
    package enum Kind: UInt16, Sendable {
        // From the process.
        case hello = 1
        case loaded, refused, result, log, pong, request, part
        // To the process.
        case start = 16
        case configure, invoke, cancel, ping, stop, reply, clock
    }

    /// What both ends must agree on.
    static let version: Int32 = 2
    /// The largest frame a process may send, without its header.
    static let limit = 300_000
    static let headerSize = 24

    package var kind: Kind
    package var call: UInt64 = 0
    /// The lower half of the number of the call that a request serves; 0 for none.
    var related: UInt32 = 0
    var status: Int32 = 0
    var method = ""
    var payload: [UInt8] = []
}

extension Frame {
    /// The frame as it goes over the socket, numbers in the machine's own order.
    var bytes: [UInt8] {
        let method = Array(method.utf8.prefix(Int(UInt16.max)))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerSize + method.count + payload.count)
        Self.append(UInt32(method.count + payload.count), to: &bytes)
        Self.append(kind.rawValue, to: &bytes)
        Self.append(UInt16(method.count), to: &bytes)
        Self.append(status, to: &bytes)
        Self.append(related, to: &bytes)
        Self.append(call, to: &bytes)
        return bytes + method + payload
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }
}

/// Cuts a stream of bytes into frames.
package struct FrameReader {
    /// Bytes that can be no frame; the stream is of no more use.
    package struct Garbage: Error, Equatable {
        let reason: String
    }

    private var buffer: [UInt8] = []
    private var consumed = 0

    package init() {}

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if consumed > 0 {
            buffer.removeFirst(consumed)
            consumed = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame; nil until more bytes come.
    package mutating func next() throws(Garbage) -> Frame? {
        guard buffer.count - consumed >= Frame.headerSize else { return nil }
        let length = Int(number(at: 0, as: UInt32.self))
        let methodLength = Int(number(at: 6, as: UInt16.self))
        let type = number(at: 4, as: UInt16.self)
        guard length <= Frame.limit else { throw Garbage(reason: "a frame of \(length) bytes") }
        guard methodLength <= length else {
            throw Garbage(reason: "a frame inconsistent in itself")
        }
        guard let kind = Frame.Kind(rawValue: type), type < Frame.Kind.start.rawValue else {
            throw Garbage(reason: "a frame of the unknown kind \(type)")
        }
        guard buffer.count - consumed >= Frame.headerSize + length else { return nil }
        let start = consumed + Frame.headerSize
        let method = buffer[start..<start + methodLength]
        let frame = Frame(
            kind: kind,
            call: number(at: 16, as: UInt64.self),
            related: number(at: 12, as: UInt32.self),
            status: number(at: 8, as: Int32.self),
            method: String(decoding: method, as: UTF8.self),
            payload: Array(buffer[(start + methodLength)..<(start + length)])
        )
        consumed = start + length
        return frame
    }

    private func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
        buffer.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: consumed + offset, as: Number.self)
        }
    }
}
