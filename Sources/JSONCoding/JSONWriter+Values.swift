extension JSONWriter {
    package mutating func value(_ value: String) {
        scalar { bytes in Self.append(value, to: &bytes) }
    }

    package mutating func value(_ value: Int) {
        scalar { bytes in Self.append(Int64(value), to: &bytes) }
    }

    package mutating func value(_ value: Int64) {
        scalar { bytes in Self.append(value, to: &bytes) }
    }

    package mutating func value(_ value: Bool) {
        scalar { bytes in bytes.append(contentsOf: (value ? "true" : "false").utf8) }
    }

    /// Writes the shortest text that reads back as the same number; null when it is not finite.
    package mutating func value(_ value: Double) {
        scalar { bytes in
            bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
        }
    }

    package mutating func value(_ values: [String]) {
        array { json in
            for value in values { json.value(value) }
        }
    }

    package mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): self.value(value)
        case .int(let value): self.value(value)
        case .double(let value): self.value(value)
        case .string(let value): self.value(value)
        case .array(let values):
            array { json in
                for value in values { json.value(value) }
            }
        case .object(let object): self.value(object)
        }
    }

    package mutating func value(_ object: JSON.Object) {
        self.object { json in
            for member in object.members { json.member(member.key, member.value) }
        }
    }

    package mutating func null() {
        scalar { bytes in bytes.append(contentsOf: "null".utf8) }
    }
}

extension JSONWriter {
    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// Appends a string with its quotes.
    ///
    /// Text without escapes, the usual case, is copied whole.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            var copied = 0
            var index = plainPrefix(utf8)
            while index < utf8.count {
                if needsEscape(utf8[index]) {
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[copied..<index]))
                    appendEscape(of: utf8[index], to: &bytes)
                    copied = index + 1
                }
                index += 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[copied...]))
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// How many bytes at the beginning surely need no escape, eight looked at together.
    ///
    /// For each byte of a word, subtracting n borrows into its high bit when it is less than n: the
    /// test for "a byte less than n" of Sean Anderson's Bit Twiddling Hacks.
    private static func plainPrefix(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawBufferPointer(utf8)
        var index = 0
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ ones &* 0x22
            let backslash = word ^ ones &* 0x5C
            let escapes =
                (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote
                | (backslash &- ones) & ~backslash
            if escapes & (ones &* 0x80) != 0 { break }
            index += 8
        }
        return index
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexDigits[Int(byte >> 4)])
            bytes.append(hexDigits[Int(byte & 15)])
        }
    }

    private static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = value.magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = digits.count
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                first -= 1
                digits[first] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[first...]))
        }
    }
}
