/// Base64 in one of its two alphabets (RFC 4648).
///
/// Decoding is strict but for padding that other programs may leave out: no white space, no bits beyond the last byte. A text therefore
/// stands for one sequence of bytes and no other text does, so no altered token can be a valid one.
package enum Base64: Sendable {
    /// Letters, digits, `-` and `_`: tokens, JOSE.
    case url
    /// Letters, digits, `+` and `/`: password hashes.
    case standard
    /// The same with `=` at the end, as other programs write it: HTTP, webhooks.
    case padded

    package func encode(_ bytes: some Collection<UInt8>) -> String {
        let letters = self == .url ? Self.urlLetters : Self.standardLetters
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var held = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(letters[Int(bits >> held & 63)])
            }
        }
        if held > 0 { text.append(letters[Int(bits << (6 - held) & 63)]) }
        if self == .padded {
            while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns nil when the text is not the one encoding of some bytes.
    package func decode(_ text: some StringProtocol) -> [UInt8]? {
        if self == .padded, text.hasSuffix("=") {
            let bare = text.hasSuffix("==") ? text.dropLast(2) : text.dropLast()
            guard text.utf8.count % 4 == 0, !bare.hasSuffix("=") else { return nil }
            return Self.standard.decode(bare)
        }
        let values = self == .url ? Self.urlValues : Self.standardValues
        guard text.utf8.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for letter in text.utf8 {
            let value = values[Int(letter)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> held))
            }
        }
        guard bits & (1 << held - 1) == 0 else { return nil }
        return bytes
    }

    private static let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let urlLetters = Array((common + "-_").utf8)
    private static let standardLetters = Array((common + "+/").utf8)
    private static let urlValues = values(of: urlLetters)
    private static let standardValues = values(of: standardLetters)

    private static func values(of letters: [UInt8]) -> [UInt8] {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }
}
