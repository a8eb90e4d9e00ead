/// Appends JSON text to a byte buffer, without building a tree first.
///
/// The caller is responsible for balance and for distinct keys; separators are the writer's business:
///
///     var json = JSONWriter()
///     json.object { json in
///         json.member("t", "ack")
///         json.member("s", 12)
///         json.member("d") { json in
///             json.object { json in json.member("m", "msg_1") }
///         }
///     }
///     send(json.bytes)
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// What was written so far, as text.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes an object; the body writes its members.
    package mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try container(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// Writes an array; the body writes its values.
    package mutating func array<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try container(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// Splices in a value that is JSON text already; it is not checked.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Writes a key; exactly one value must follow.
    mutating func key(_ name: String) {
        separate()
        Self.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Appends bytes that make up one value.
    mutating func scalar(_ append: (inout [UInt8]) -> Void) {
        separate()
        append(&bytes)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func container<Failure: Error>(
        _ open: UInt8,
        _ close: UInt8,
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        separate()
        bytes.append(open)
        needsComma = false
        try body(&self)
        bytes.append(close)
        needsComma = true
    }
}
