/// Issues and opens the server's own short-lived tokens.
///
/// A token is `v1.<claims>.<HMAC-SHA256>`, the last two in base64url. It is checked without any look-up,
/// so it cannot be taken back: whoever issues one keeps its life short. A sample:
///
///     let claims = Claims(purpose: .widget, subject: "ctc_1", site: "site_1")
///     let token = try sealer.issue(claims, expires: now + 3_600_000)
///     let opened = try sealer.open(token, for: .widget, now: now)
package struct TokenSealer: Sendable {
    /// The longest token, in bytes; it fits a header and a URL.
    package static let longestToken = 2048

    private static let version = "v1"
    private let key: [UInt8]

    /// The secret has at least ``Credentials/smallestSecret`` bytes and may serve other things too.
    package init(_ secret: [UInt8]) {
        precondition(
            secret.count >= Credentials.smallestSecret,
            "a token secret has 32 bytes or more"
        )
        key = Digest.subkey(of: secret, for: "session tokens v1")
    }

    /// Seals claims until a moment, in milliseconds since 1970.
    ///
    /// - Throws: `tooLong` when the claims do not fit.
    package func issue(_ claims: Claims, expires: Int64) throws(TokenFault) -> String {
        var claims = claims
        claims.expires = expires
        let signed = "\(Self.version).\(Base64.url.encode(claims.payload))"
        let token = "\(signed).\(Base64.url.encode(Digest.hmacSHA256(key: key, signed)))"
        guard token.utf8.count <= Self.longestToken else {
            throw .tooLong(limit: Self.longestToken)
        }
        return token
    }

    /// Returns the claims of a genuine token that is meant for this purpose and not yet over.
    package func open(
        _ token: String,
        for purpose: Claims.Purpose,
        now: Int64
    ) throws(TokenFault) -> Claims {
        guard token.utf8.count <= Self.longestToken else {
            throw .tooLong(limit: Self.longestToken)
        }
        // By bytes: finding characters costs more than all the rest.
        let letters = token.utf8
        let dot = UInt8(ascii: ".")
        let parts = letters.split(separator: dot, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual(Self.version.utf8),
            let payload = Base64.url.decode(Substring(parts[1])),
            let code = Base64.url.decode(Substring(parts[2]))
        else { throw .malformed }
        let signed = letters[..<parts[1].endIndex]
        let expected = Digest.hmacSHA256(key: key, Array(signed))
        guard Digest.equal(code, expected) else { throw .forged }
        guard let claims = Claims(payload: payload) else { throw .malformed }
        guard claims.purpose == purpose else { throw .otherPurpose(expected: purpose) }
        guard now < claims.expires else { throw .expired(at: claims.expires) }
        return claims
    }
}

extension TokenSealer {
    /// The signature of a link that leads to one thing until a moment, in seconds since 1970.
    package func signature(ofLinkTo subject: String, until expires: Int64) -> String {
        // No token begins like this, so neither passes for the other.
        Base64.url.encode(Digest.hmacSHA256(key: key, "link \(expires) \(subject)"))
    }

    /// Whether a link's signature is genuine and the link not yet over.
    package func opens(
        linkTo subject: String,
        until expires: Int64,
        _ signature: String,
        now: Int64
    ) -> Bool {
        let expected = self.signature(ofLinkTo: subject, until: expires)
        return Digest.equal(signature, expected) && now < expires
    }
}

extension TokenSealer: CustomStringConvertible, CustomReflectable {
    package var description: String { "TokenSealer" }

    /// Shows nothing: the key must not appear in a dump.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
