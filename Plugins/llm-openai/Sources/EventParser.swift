// SPDX-License-Identifier: Apache-2.0

/// Reads server-sent events (WHATWG HTML, 9.2) from bytes that come in pieces, cut anywhere.
///
/// Only `data` is kept: the interface has no other fields. Lines end in LF, CR or CRLF; a line that
/// begins with a colon is a comment. At the end an event counts without its empty line, because
/// some servers leave that out behind `[DONE]`.
struct EventParser {
    /// The most bytes of a line, and of an event.
    static let limit = 1 << 20

    /// A line or an event is longer than the limit.
    struct TooLong: Error {}

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var skipsLineFeed = false
    private var isFirstLine = true

    /// The data of the events that are complete with these bytes.
    mutating func take(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [String] {
        var events: [String] = []
        for byte in bytes {
            if skipsLineFeed {
                skipsLineFeed = false
                if byte == UInt8(ascii: "\n") { continue }
            }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                skipsLineFeed = byte == UInt8(ascii: "\r")
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
            }
            guard line.count + data.count <= Self.limit else { throw TooLong() }
        }
        return events
    }

    /// The event that the end of the stream completes.
    mutating func finish() -> String? {
        let last = line.isEmpty ? nil : endLine()
        return last ?? endEvent()
    }

    private mutating func endLine() -> String? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirstLine = false
        if line.isEmpty { return endEvent() }
        guard line.starts(with: "data".utf8) else { return nil }
        var value = line.dropFirst(4)
        guard value.isEmpty || value.removeFirst() == UInt8(ascii: ":") else { return nil }
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        if hasData { data.append(UInt8(ascii: "\n")) }
        data += value
        hasData = true
        return nil
    }

    private mutating func endEvent() -> String? {
        guard hasData else { return nil }
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        return String(decoding: data, as: UTF8.self)
    }
}
