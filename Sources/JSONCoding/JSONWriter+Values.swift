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
            for (index, byte) in utf8.enumerated() where needsEscape(byte) {
                bytes.append(contentsOf: utf8[copied..<index])
                appendEscape(of: byte, to: &bytes)
                copied = index + 1
            }
            bytes.append(contentsOf: utf8[copied...])
            bytes.append(UInt8(ascii: "\""))
        }
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
        if (0..<10).contains(value) {
            bytes.append(UInt8(ascii: "0") + UInt8(value))
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }
}
