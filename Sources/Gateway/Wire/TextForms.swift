/// ISO 8601 in UTC: `2026-11-21T09:30:00Z`, with milliseconds or without.
enum TimeForm {
    static func accepts(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 24, matches(bytes) else { return false }
        func number(_ start: Int, _ count: Int) -> Int {
            bytes[start..<(start + count)].reduce(0) { $0 * 10 + Int($1) - 48 }
        }
        let month = number(5, 2)
        guard (1...12).contains(month) else { return false }
        return (1...days(in: month, of: number(0, 4))).contains(number(8, 2))
            && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60
    }

    private static func matches(_ bytes: [UInt8]) -> Bool {
        let pattern = bytes.count == 20 ? "0000-00-00T00:00:00Z" : "0000-00-00T00:00:00.000Z"
        return zip(bytes, pattern.utf8).allSatisfy { byte, expected in
            expected == UInt8(ascii: "0") ? (48...57).contains(byte) : byte == expected
        }
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Something before one `@` and a domain with a dot after it; whether mail arrives only mail tells.
enum EmailForm {
    static func accepts(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, !labels.contains("") else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.value > 0x20
                && !"<>,;:\"()".unicodeScalars.contains(scalar)
                && scalar.value != 0x7F
        }
    }
}
