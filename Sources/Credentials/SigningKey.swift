import COpenSSL

/// A pair of Ed25519 keys (RFC 8032) with which packages of plugins are signed.
///
/// Both halves are kept as 32 bytes; the text forms are `mtd-sign:` and `mtd-verify:` with base64.
package struct SigningKey: Sendable {
    package static let length = 32
    private static let secretPrefix = "mtd-sign:"
    private let seed: [UInt8]

    /// A new key.
    package init() { seed = SecureRandom.bytes(Self.length) }

    /// Reads the text form; nil for anything else.
    package init?(text: String) {
        guard text.hasPrefix(Self.secretPrefix),
            let seed = Base64.padded.decode(text.dropFirst(Self.secretPrefix.count)),
            seed.count == Self.length
        else { return nil }
        self.seed = seed
    }

    /// The secret half, for a file that only its owner reads.
    package var text: String { Self.secretPrefix + Base64.padded.encode(seed) }

    /// The half that verifies.
    package var publicKey: VerifyingKey {
        Credentials.cleaningErrors {
            let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
            defer { EVP_PKEY_free(key) }
            var size = Self.length
            var bytes = [UInt8](repeating: 0, count: size)
            let got = EVP_PKEY_get_raw_public_key(key, &bytes, &size)
            precondition(got == 1 && size == Self.length, "OpenSSL offers no Ed25519")
            return VerifyingKey(bytes)
        }
    }

    /// Signs a message: 64 bytes.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        Credentials.cleaningErrors {
            let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
            defer { EVP_PKEY_free(key) }
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            var size = VerifyingKey.signatureLength
            var signature = [UInt8](repeating: 0, count: size)
            let signed =
                EVP_DigestSignInit(context, nil, nil, nil, key) == 1
                && EVP_DigestSign(context, &signature, &size, message, message.count) == 1
            precondition(signed && size == signature.count, "OpenSSL offers no Ed25519")
            return signature
        }
    }
}

/// The public half of a ``SigningKey``.
package struct VerifyingKey: Sendable, Hashable {
    static let signatureLength = 64
    private static let prefix = "mtd-verify:"
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the text form; nil for anything else.
    package init?(text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64.padded.decode(text.dropFirst(Self.prefix.count)),
            bytes.count == SigningKey.length
        else { return nil }
        self.bytes = bytes
    }

    package var text: String { Self.prefix + Base64.padded.encode(bytes) }

    /// Sixteen hexadecimal digits that tell keys apart.
    package var id: String { String(Digest.sha256Hex(bytes).prefix(16)) }

    /// Whether a signature is this key's over a message.
    package func isRight(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard signature.count == Self.signatureLength else { return false }
        return Credentials.cleaningErrors {
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
            guard let key else { return false }
            defer { EVP_PKEY_free(key) }
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
                && EVP_DigestVerify(context, signature, signature.count, message, message.count)
                    == 1
        }
    }
}
