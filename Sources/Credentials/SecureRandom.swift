import COpenSSL

/// Unpredictable bytes and words, from OpenSSL's generator.
package enum SecureRandom {
    /// Digits and lower-case letters without i, l, o and u, which people misread.
    private static let readable = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Returns that many random bytes.
    ///
    /// Without randomness nothing here is safe, so the process ends when the generator fails.
    package static func bytes(_ count: Int) -> [UInt8] {
        precondition((0...1 << 20).contains(count), "random bytes are asked for in small numbers")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let result = RAND_bytes(buffer.baseAddress, Int32(count))
            precondition(count == 0 || result == 1, "the system has no randomness to give")
            filled = count
        }
    }

    /// A secret for headers, cookies and URLs: base64url, six bits a letter.
    package static func token(bytes count: Int = 32) -> String {
        Base64.url.encode(bytes(count))
    }

    /// A short random word such as `k7f3`: five bits a letter, easy to read aloud.
    package static func word(_ letters: Int) -> String {
        // 256 is a multiple of 32: the low five bits are evenly spread.
        String(decoding: bytes(letters).map { readable[Int($0 & 31)] }, as: UTF8.self)
    }

    /// A password to hand to a person once, such as `x7f2-9bd3-kk0m-4vqe`: 80 bits.
    package static func password() -> String {
        (0..<4).map { _ in word(4) }.joined(separator: "-")
    }
}
