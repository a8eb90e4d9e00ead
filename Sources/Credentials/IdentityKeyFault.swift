/// Why a key cannot verify identities.
package enum IdentityKeyFault: Error, Hashable, Sendable {
    case secretTooShort(bytes: Int, least: Int)
    case secretTooLong(limit: Int)
    /// The text is not a PEM public key that OpenSSL reads.
    case unreadablePEM
    /// The document is not a JWK, or a member of it is wrong.
    case jwk(member: String)
    case privateKey
    /// The key is of another kind than the algorithm needs.
    case kind(IdentityKey.Algorithm)
    case rsaSize(bits: Int)
    case rsaExponent
    case notOnCurve
    case keyID(limit: Int)
}

extension IdentityKeyFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .secretTooShort(let bytes, let least):
            "the secret has \(bytes) bytes; HS256 needs \(least) or more"
        case .secretTooLong(let limit): "the secret has more than \(limit) bytes"
        case .unreadablePEM: "the key is not PEM text with BEGIN PUBLIC KEY, RSA or P-256"
        case .jwk(let member): "the JWK is refused for its member \(member)"
        case .privateKey: "this is a private key: keep it and give the public one"
        case .kind(let algorithm): "the key does not fit \(algorithm.rawValue)"
        case .rsaSize(let bits):
            "the RSA key has \(bits) bits; \(PublicKey.rsaBits.lowerBound) to "
                + "\(PublicKey.rsaBits.upperBound) are accepted"
        case .rsaExponent: "the exponent of the RSA key is even, one or above 32 bits"
        case .notOnCurve: "the key is not a point of the curve P-256"
        case .keyID(let limit): "a key id has 1 to \(limit) bytes"
        }
    }
}
