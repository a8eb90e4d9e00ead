import COpenSSL

/// Seals small secrets for the disk with AES-256-GCM.
///
/// A sealed secret is text: `v1.` and, in base64url, a random 12-byte nonce, the ciphertext and the
/// 16-byte tag. The context (such as `site_1/identity`) is authenticated with it and must be given
/// again: a sealed secret copied into another row does not open there.
package struct SealedSecrets: Sendable {
    /// The largest secret, in bytes.
    package static let largestSecret = 64 << 10

    private static let prefix = "v1."
    private static let nonceLength = 12
    private static let tagLength = 16
    private let key: [UInt8]

    /// The key has at least ``Credentials/smallestSecret`` bytes and may serve other things too.
    package init(_ key: [UInt8]) {
        precondition(
            key.count >= Credentials.smallestSecret,
            "a sealing key has 32 bytes or more"
        )
        self.key = Digest.subkey(of: key, for: "sealed secrets v1")
    }

    /// Seals a secret; twice the same gives two different texts.
    ///
    /// - Throws: `tooLarge`.
    package func seal(_ secret: [UInt8], context: String) throws(SealFault) -> String {
        guard secret.count <= Self.largestSecret else {
            throw .tooLarge(limit: Self.largestSecret)
        }
        let nonce = SecureRandom.bytes(Self.nonceLength)
        let sealed = Credentials.cleaningErrors { encrypt(secret, nonce: nonce, context: context) }
        return Self.prefix + Base64.url.encode(nonce + sealed)
    }

    /// Opens what ``seal(_:context:)`` returned for the same context.
    ///
    /// - Throws: `malformed`, or `notOurs` for another key, another context or altered text.
    package func open(_ text: String, context: String) throws(SealFault) -> [UInt8] {
        guard text.utf8.count <= Self.largestSecret * 2, text.hasPrefix(Self.prefix),
            let bytes = Base64.url.decode(text.dropFirst(Self.prefix.count)),
            bytes.count >= Self.nonceLength + Self.tagLength
        else { throw .malformed }
        let opened = Credentials.cleaningErrors { decrypt(bytes, context: context) }
        guard let opened else { throw .notOurs }
        return opened
    }

    /// Returns ciphertext and tag.
    ///
    /// The cipher's context lives for this call and on its thread.
    private func encrypt(_ secret: [UInt8], nonce: [UInt8], context: String) -> [UInt8] {
        let cipher = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(cipher) }
        let related = Array(context.utf8)
        var output = [UInt8](repeating: 0, count: secret.count)
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        var written: Int32 = 0
        var rest: Int32 = 0
        // GCM writes nothing in its last step: there is no room to leave for it.
        let done =
            EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && EVP_EncryptUpdate(cipher, nil, &written, related, Int32(related.count)) == 1
            && EVP_EncryptUpdate(cipher, &output, &written, secret, Int32(secret.count)) == 1
            && EVP_EncryptFinal_ex(cipher, nil, &rest) == 1
            && EVP_CIPHER_CTX_ctrl(
                cipher,
                EVP_CTRL_AEAD_GET_TAG,
                Int32(tag.count),
                &tag
            ) == 1
        precondition(done && Int(written) == secret.count, "OpenSSL offers no AES-256-GCM")
        return output + tag
    }

    /// Opens nonce, ciphertext and tag; nil unless the tag fits.
    private func decrypt(_ bytes: [UInt8], context: String) -> [UInt8]? {
        let cipher = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(cipher) }
        let related = Array(context.utf8)
        let nonce = Array(bytes.prefix(Self.nonceLength))
        let sealed = Array(bytes.dropFirst(Self.nonceLength).dropLast(Self.tagLength))
        var tag = Array(bytes.suffix(Self.tagLength))
        var output = [UInt8](repeating: 0, count: sealed.count)
        var written: Int32 = 0
        var rest: Int32 = 0
        let genuine =
            EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && EVP_DecryptUpdate(cipher, nil, &written, related, Int32(related.count)) == 1
            && EVP_DecryptUpdate(cipher, &output, &written, sealed, Int32(sealed.count)) == 1
            && EVP_CIPHER_CTX_ctrl(
                cipher,
                EVP_CTRL_AEAD_SET_TAG,
                Int32(tag.count),
                &tag
            ) == 1
            && EVP_DecryptFinal_ex(cipher, nil, &rest) == 1
        return genuine ? output : nil
    }
}

extension SealedSecrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "SealedSecrets" }

    /// Shows nothing: the key must not appear in a dump.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
