/// A TypeID: a short prefix that names the kind, and a UUIDv7 in 26 characters of base 32.
///
/// Identifiers of one kind sort by the time they were made. The text form follows the TypeID
/// specification 0.3: lower case, Crockford's alphabet, most significant digit first.
package struct Identifier<Kind: IdentifierKind>: Hashable, Sendable {
    fileprivate let high: UInt64
    fileprivate let low: UInt64

    /// Makes a fresh identifier carrying a time; the rest is random.
    package static func make(at time: Timestamp) -> Identifier {
        let milliseconds = UInt64(max(0, time.milliseconds)) & 0xFFFF_FFFF_FFFF
        let (first, second) = RandomWords.shared.pair()
        let high = milliseconds << 16 | 0x7000 | first & 0xFFF
        let low = second & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return Identifier(high: high, low: low)
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The identifier with the same digits under another prefix: two sides of one thing.
    init<Other>(sharing other: Identifier<Other>) { self.init(high: other.high, low: other.low) }

    /// Reads the text form; nil for another kind's prefix and for anything malformed.
    package init?(_ text: String) {
        var text = text
        let parsed: (UInt64, UInt64)? = text.withUTF8 { bytes in
            let prefix = Kind.prefix.utf8
            guard bytes.count == prefix.count + 27, bytes.starts(with: prefix),
                bytes[prefix.count] == UInt8(ascii: "_")
            else { return nil }
            return Base32.decode(bytes[(prefix.count + 1)...])
        }
        guard let parsed else { return nil }
        (high, low) = parsed
    }
}

/// What an identifier identifies.
package protocol IdentifierKind: Sendable {
    static var prefix: String { get }
}

extension Identifier: CustomStringConvertible, Comparable {
    package var description: String {
        let prefix = Kind.prefix.utf8
        return String(unsafeUninitializedCapacity: prefix.count + 27) { bytes in
            var position = 0
            for byte in prefix {
                bytes[position] = byte
                position += 1
            }
            bytes[position] = UInt8(ascii: "_")
            Base32.encode(high: high, low: low) { digit, byte in
                bytes[position + 1 + digit] = byte
            }
            return position + 27
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// Crockford's base 32 of 128 bits in 26 digits, as TypeID uses it.
private enum Base32 {
    static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()

    static func encode(high: UInt64, low: UInt64, digit: (Int, UInt8) -> Void) {
        for position in 0..<26 {
            let shift = (25 - position) * 5
            let value =
                shift >= 64
                ? high >> UInt64(shift - 64)
                : low >> UInt64(shift) | (shift > 59 ? high << UInt64(64 - shift) : 0)
            digit(position, alphabet[Int(value & 31)])
        }
    }

    static func decode(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> (UInt64, UInt64)? {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (position, byte) in digits.enumerated() {
            let value = values[Int(byte)]
            guard value != 255, position > 0 || value < 8 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(value)
        }
        return (high, low)
    }
}
