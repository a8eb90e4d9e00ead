/// Why a JWT does not identify anybody.
///
/// The cases are facts for the site's own developers; none of them contains the token.
package enum IdentityFault: Error, Hashable, Sendable {
    case tooLong(limit: Int)
    case malformed(Part)
    /// The header demands extensions (`crit`) that nobody here knows.
    case criticalHeader
    case noKeys
    /// The site has several keys and the token does not name one.
    case keyIDMissing(keys: Int)
    case unknownKey(kid: String)
    /// The header's algorithm is not the key's.
    case algorithm(expected: IdentityKey.Algorithm, found: String)
    /// The signature does not fit: altered, or made with another key.
    case signature
    /// `aud` does not name the site.
    case audience
    /// A required claim is missing.
    case missing(Claim)
    /// A claim is of the wrong type or size.
    case invalid(Claim)
    /// Times in milliseconds since 1970.
    case expired(at: Int64)
    case tooFarAhead(at: Int64)
    case notYet(Claim, at: Int64)

    package enum Part: String, Hashable, Sendable { case structure, header, payload, signature }

    package enum Claim: String, Hashable, Sendable { case sub, aud, exp, nbf, iat, name, email }
}

extension IdentityFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit): "the token has more than \(limit) bytes"
        case .malformed(let part): "the token is malformed: \(part.rawValue)"
        case .criticalHeader: "the token's header demands an extension (crit)"
        case .noKeys: "the site has no identity key"
        case .keyIDMissing(let keys): "the site has \(keys) keys: the header needs a kid"
        case .unknownKey(let kid): "the site has no key \(kid.debugDescription)"
        case .algorithm(let expected, let found):
            "the key is one for \(expected.rawValue), the header says \(found.debugDescription)"
        case .signature: "the signature does not fit the key"
        case .audience: "aud does not contain the site's key"
        case .missing(let claim): "the claim \(claim.rawValue) is missing"
        case .invalid(let claim): "the claim \(claim.rawValue) has a wrong type or size"
        case .expired(let moment): "exp has passed (\(moment) ms)"
        case .tooFarAhead(let moment): "exp is more than 24 hours ahead (\(moment) ms)"
        case .notYet(let claim, let moment): "\(claim.rawValue) is in the future (\(moment) ms)"
        }
    }
}
