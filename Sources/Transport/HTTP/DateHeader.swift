internal import Glibc

/// The `Date` header's value, made once a second.
struct DateHeader {
    private var second: time_t = -1
    private var text: [UInt8] = []

    /// The current time as RFC 9110 writes it.
    mutating func value() -> [UInt8] {
        let now = time(nil)
        guard now != second else { return text }
        second = now
        var moment = now
        var parts = tm()
        gmtime_r(&moment, &parts)
        text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress else { return [] }
            // The server never leaves the C locale, so the names are English.
            let length = strftime(base, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return buffer[..<length].map { UInt8(bitPattern: $0) }
        }
        return text
    }
}
