import JSONCoding

/// Verifies the JWTs with which sites say who their customers are.
///
/// The algorithm is the key's, never the token's: the header must agree with it before anything is
/// computed, so neither `none` nor a public key used as an HMAC secret gets anywhere. Claims are looked
/// at after the signature. Costs some 20 µs (HS256) to 110 µs (ES256), so any thread may do it.
package enum IdentityVerifier {
    /// The longest token, in bytes.
    package static let longestToken = 8 << 10

    /// Returns the claims of a genuine token for a site.
    ///
    /// - Parameters:
    ///   - jwt: the compact form of a signed token.
    ///   - keys: the site's keys; with several, the token's `kid` chooses, and without one the nameless key.
    ///   - audience: the site's key, which `aud` must equal or contain.
    ///   - now: in milliseconds since 1970.
    /// - Returns: who the customer is.
    /// - Throws: the first fault that is found.
    package static func verify(
        jwt: String,
        keys: [IdentityKey],
        audience: String,
        now: Int64
    ) throws(IdentityFault) -> IdentityClaims {
        guard jwt.utf8.count <= longestToken else { throw .tooLong(limit: longestToken) }
        let parts = jwt.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed(.structure) }
        let header = try header(parts[0])
        let key = try key(for: header, among: keys)
        guard let algorithm = header["alg"]?.stringValue else { throw .malformed(.header) }
        guard algorithm == key.algorithm.rawValue else {
            throw .algorithm(expected: key.algorithm, found: String(algorithm.prefix(16)))
        }
        guard !parts[1].isEmpty, Base64.url.decode(parts[1]) != nil else {
            throw .malformed(.payload)
        }
        guard !parts[2].isEmpty, Base64.url.decode(parts[2]) != nil else {
            throw .malformed(.signature)
        }
        guard let payload = JoseSignature.payload(of: jwt, verifiedWith: key) else {
            throw .signature
        }
        return try IdentityClaims(payload: payload, audience: audience, now: now)
    }

    private static func header(_ text: Substring) throws(IdentityFault) -> JSON.Object {
        guard let bytes = Base64.url.decode(text), let json = try? JSON(parsing: bytes, depth: 8),
            case .object(let header) = json
        else { throw .malformed(.header) }
        guard header["crit"] == nil else { throw .criticalHeader }
        return header
    }

    private static func key(
        for header: JSON.Object,
        among keys: [IdentityKey]
    ) throws(IdentityFault) -> IdentityKey {
        guard let first = keys.first else { throw .noKeys }
        guard let stated = header["kid"] else {
            if keys.count == 1 { return first }
            // The first key of a site has no name: tokens that name none go on while others are added.
            let nameless = keys.filter { $0.kid == nil }
            guard nameless.count == 1 else { throw .keyIDMissing(keys: keys.count) }
            return nameless[0]
        }
        guard let kid = stated.stringValue else { throw .malformed(.header) }
        // A site with one nameless key may use libraries that put a kid in every token.
        if keys.count == 1, first.kid == nil { return first }
        guard let key = keys.first(where: { $0.kid == kid }) else {
            throw .unknownKey(kid: String(kid.prefix(IdentityKey.longestKeyID)))
        }
        return key
    }
}
