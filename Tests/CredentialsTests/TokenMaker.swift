import COpenSSL
import Credentials
import JSONCoding

/// Signs JWTs with OpenSSL alone, for the tests: cjose has no hand in what it is to verify.
enum TokenMaker {
    struct SigningFailed: Error {}

    static func hs256(
        _ claims: JSON,
        header: JSON = ["alg": "HS256", "typ": "JWT"],
        secret: [UInt8] = ThrowAwayKeys.secret
    ) -> String {
        let signed = unsigned(claims, header: header)
        return "\(signed).\(Base64.url.encode(Digest.hmacSHA256(key: secret, signed)))"
    }

    static func rs256(_ claims: JSON, header: JSON = ["alg": "RS256"]) throws -> String {
        let signed = unsigned(claims, header: header)
        let signature = try sign(signed, pem: ThrowAwayKeys.rsaPrivate)
        return "\(signed).\(Base64.url.encode(signature))"
    }

    static func es256(_ claims: JSON, header: JSON = ["alg": "ES256"]) throws -> String {
        let signed = unsigned(claims, header: header)
        let signature = try plain(sign(signed, pem: ThrowAwayKeys.ecPrivate))
        return "\(signed).\(Base64.url.encode(signature))"
    }

    static func unsigned(_ claims: JSON, header: JSON) -> String {
        "\(Base64.url.encode(header.bytes())).\(Base64.url.encode(claims.bytes()))"
    }

    private static func sign(_ text: String, pem: String) throws -> [UInt8] {
        // The BIO reads the text in place, so both stay inside the closure.
        let key = Array(pem.utf8).withUnsafeBytes { text in
            let source = BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { BIO_free(source) }
            return PEM_read_bio_PrivateKey(source, nil, nil, nil)
        }
        defer { EVP_PKEY_free(key) }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        let message = Array(text.utf8)
        var signature = [UInt8](repeating: 0, count: 512)
        var length = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw SigningFailed() }
        return Array(signature.prefix(length))
    }

    /// Turns the DER form of an ECDSA signature into the 64 bytes of RFC 7518.
    private static func plain(_ der: [UInt8]) throws -> [UInt8] {
        try der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            let signature = d2i_ECDSA_SIG(nil, &start, bytes.count)
            defer { ECDSA_SIG_free(signature) }
            var plain = [UInt8](repeating: 0, count: 64)
            let done = plain.withUnsafeMutableBufferPointer { plain in
                guard let start = plain.baseAddress else { return false }
                return BN_bn2binpad(ECDSA_SIG_get0_r(signature), start, 32) == 32
                    && BN_bn2binpad(ECDSA_SIG_get0_s(signature), start + 32, 32) == 32
            }
            guard done else { throw SigningFailed() }
            return plain
        }
    }
}
