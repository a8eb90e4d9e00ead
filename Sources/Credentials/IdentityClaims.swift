import JSONCoding

/// Who a site says its customer is.
package struct IdentityClaims: Hashable, Sendable {
    package static let longestSubject = 255
    package static let longestName = 200
    package static let longestEmail = 254
    /// How far ahead `exp` may be, in milliseconds.
    package static let longestLife: Int64 = 24 * 3_600_000
    /// What the clocks of two machines may differ by, in milliseconds.
    package static let leeway: Int64 = 30_000

    /// The site's own id of the customer, 1–255 Unicode scalars without control characters.
    package let sub: String
    package let name: String?
    package let email: String?
    /// When the token ends, in milliseconds since 1970.
    package let exp: Int64
    /// All other claims but `aud`, `nbf` and `iat`, as the site wrote them; bounded by the token.
    package let others: JSON.Object

    /// Reads and checks a payload whose signature has been verified.
    init(payload: [UInt8], audience: String, now: Int64) throws(IdentityFault) {
        guard let json = try? JSON(parsing: payload, depth: 16), case .object(let claims) = json
        else { throw .malformed(.payload) }
        try Self.check(claims["aud"], names: audience)
        exp = try Self.checkTimes(claims, now: now)
        guard let sub = claims["sub"] else { throw .missing(.sub) }
        guard let sub = Self.text(sub, limit: Self.longestSubject) else { throw .invalid(.sub) }
        self.sub = sub
        name = try Self.optional(.name, in: claims, limit: Self.longestName)
        email = try Self.optional(.email, in: claims, limit: Self.longestEmail)
        let own: Set = ["sub", "name", "email", "exp", "aud", "nbf", "iat"]
        others = JSON.Object(
            claims.members.filter { !own.contains($0.key) }.map { ($0.key, $0.value) }
        )
    }

    private static func check(_ aud: JSON?, names audience: String) throws(IdentityFault) {
        switch aud {
        case nil: throw .missing(.aud)
        case .string(let one): guard one == audience else { throw .audience }
        case .array(let several):
            guard several.allSatisfy({ $0.stringValue != nil }) else { throw .invalid(.aud) }
            guard several.contains(.string(audience)) else { throw .audience }
        default: throw .invalid(.aud)
        }
    }

    /// Returns `exp`.
    private static func checkTimes(
        _ claims: JSON.Object,
        now: Int64
    ) throws(IdentityFault) -> Int64 {
        guard let exp = try moment(.exp, in: claims) else { throw .missing(.exp) }
        guard now < exp + leeway else { throw .expired(at: exp) }
        guard exp <= now + longestLife + leeway else { throw .tooFarAhead(at: exp) }
        for claim in [IdentityFault.Claim.nbf, .iat] {
            guard let start = try moment(claim, in: claims) else { continue }
            guard start <= now + leeway else { throw .notYet(claim, at: start) }
        }
        return exp
    }

    /// A NumericDate, seconds since 1970 with or without a fraction, in milliseconds.
    private static func moment(
        _ claim: IdentityFault.Claim,
        in claims: JSON.Object
    ) throws(IdentityFault) -> Int64? {
        guard let value = claims[claim.rawValue] else { return nil }
        // The bound is the year 5138; it keeps the sums above from overflowing.
        guard let seconds = value.doubleValue, (0...1e11).contains(seconds) else {
            throw .invalid(claim)
        }
        return Int64(seconds * 1000)
    }

    /// A text that may be missing, null or empty, which all mean nil.
    private static func optional(
        _ claim: IdentityFault.Claim,
        in claims: JSON.Object,
        limit: Int
    ) throws(IdentityFault) -> String? {
        guard let value = claims[claim.rawValue], !value.isNull, value != "" else { return nil }
        guard let text = text(value, limit: limit) else { throw .invalid(claim) }
        return text
    }

    private static func text(_ value: JSON, limit: Int) -> String? {
        guard let text = value.stringValue, (1...limit).contains(text.unicodeScalars.count),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        return text
    }
}
