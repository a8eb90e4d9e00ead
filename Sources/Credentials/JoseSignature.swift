import CJose
import JSONCoding

/// The signature check of a JWT, by cjose.
enum JoseSignature {
    /// Returns the payload of a token whose signature fits a key, else nil.
    ///
    /// The key is imported for each call: cjose counts references without atomics, so one handle must
    /// not be seen by two threads. Both handles are owned here and released before returning.
    static func payload(of jwt: String, verifiedWith key: IdentityKey) -> [UInt8]? {
        Credentials.cleaningErrors {
            let document = JSON.object(key.members).text
            let jwk = cjose_jwk_import(document, document.utf8.count, nil)
            defer { if let jwk { _ = cjose_jwk_release(jwk) } }
            let jws = cjose_jws_import(jwt, jwt.utf8.count, nil)
            defer { if let jws { cjose_jws_release(jws) } }
            // Of a repeated `alg` cjose takes the last and our parser the first: ask cjose again.
            guard let jwk, let jws,
                algorithm(of: jws) == key.algorithm.rawValue,
                cjose_jws_verify(jws, jwk, nil)
            else { return nil }
            return payload(of: jws)
        }
    }

    /// The algorithm that cjose is going to use, owned by the token: copied.
    private static func algorithm(of jws: OpaquePointer) -> String? {
        guard let header = cjose_jws_get_protected(jws) else { return nil }
        // cjose_jws_get_protected retains nothing: the header is still the token's.
        return cjose_header_get(header, "alg", nil).map { String(cString: $0) }
    }

    /// The payload, owned by the token: copied.
    private static func payload(of jws: OpaquePointer) -> [UInt8]? {
        var start: UnsafeMutablePointer<UInt8>?
        var length = 0
        guard cjose_jws_get_plaintext(jws, &start, &length, nil), let start else { return nil }
        return Array(UnsafeBufferPointer(start: start, count: length))
    }
}
