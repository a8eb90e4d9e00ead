import COpenSSL

/// Hashes and message authentication codes.
package enum Digest {
    /// The length of every digest here, in bytes.
    package static let length = 32

    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            var size: UInt32 = 0
            let result = EVP_Digest(
                bytes,
                bytes.count,
                buffer.baseAddress,
                &size,
                EVP_sha256(),
                nil
            )
            precondition(result == 1 && size == length, "OpenSSL offers no SHA-256")
            filled = length
        }
        return digest
    }

    package static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }

    /// The SHA-256 digest as 64 lower-case hexadecimal digits.
    package static func sha256Hex(_ bytes: [UInt8]) -> String { hex(sha256(bytes)) }

    package static func sha256Hex(_ text: String) -> String { hex(sha256(text)) }

    /// Returns the HMAC-SHA256 of a message, 32 bytes; about a microsecond for short ones.
    package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        precondition(key.count <= 1 << 16, "a key is short")
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            var size: UInt32 = 0
            let result = HMAC(
                EVP_sha256(),
                key,
                Int32(key.count),
                message,
                message.count,
                buffer.baseAddress,
                &size
            )
            precondition(result != nil && size == length, "OpenSSL offers no HMAC-SHA256")
            filled = length
        }
    }

    package static func hmacSHA256(key: [UInt8], _ message: String) -> [UInt8] {
        hmacSHA256(key: key, Array(message.utf8))
    }

    /// Compares in a time that depends on the lengths only.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// Compares secrets given as text in a time that depends on the lengths only.
    package static func equal(_ left: String, _ right: String) -> Bool {
        equal(Array(left.utf8), Array(right.utf8))
    }

    package static func hex(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A key for one use made from a secret that has several: knowing one tells nothing of others.
    static func subkey(of secret: [UInt8], for use: String) -> [UInt8] {
        hmacSHA256(key: secret, "maitred \(use)")
    }
}
