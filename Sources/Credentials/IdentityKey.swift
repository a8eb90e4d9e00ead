import JSONCoding

/// A key with which a site signs who its customers are.
///
/// Its algorithm is fixed: whatever a token says about itself, the key decides how it is verified.
package struct IdentityKey: Hashable, Sendable {
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case hs256 = "HS256"
        case rs256 = "RS256"
        case es256 = "ES256"
    }

    /// The forms in which sites hand over a key.
    package enum Material: Sendable {
        /// The secret that both sides know, for HS256.
        case secret([UInt8])
        /// A `BEGIN PUBLIC KEY` text.
        case pem(String)
        /// A JSON Web Key.
        case jwk(JSON)
    }

    package static let longestKeyID = 128
    package static let longestSecret = 1024

    /// The name by which tokens choose among several keys.
    package let kid: String?
    package let algorithm: Algorithm
    /// The key as cjose takes it; for HS256 it contains the secret.
    let members: JSON.Object

    /// Checks and takes a key.
    ///
    /// Secrets have 32 to 1,024 bytes, RSA keys 2,048 to 8,192 bits, elliptic curve keys are on P-256.
    package init(
        kid: String? = nil,
        algorithm: Algorithm,
        material: Material
    ) throws(IdentityKeyFault) {
        if let kid, !(1...Self.longestKeyID).contains(kid.utf8.count) {
            throw .keyID(limit: Self.longestKeyID)
        }
        self.kid = kid
        self.algorithm = algorithm
        members = try Self.members(of: material, for: algorithm)
    }

    /// Reads a JWK that names its own `alg`, such as ``document`` is.
    package init(document: JSON) throws(IdentityKeyFault) {
        guard let algorithm = document["alg"]?.stringValue.flatMap(Algorithm.init) else {
            throw .jwk(member: "alg")
        }
        let kid = document["kid"]
        guard kid == nil || kid?.stringValue != nil else { throw .jwk(member: "kid") }
        try self.init(kid: kid?.stringValue, algorithm: algorithm, material: .jwk(document))
    }

    /// The key as a JWK to store and read again; for HS256 it is secret (``SealedSecrets``).
    package var document: JSON {
        var members = members
        members["alg"] = .string(algorithm.rawValue)
        members["kid"] = kid.map(JSON.string)
        return .object(members)
    }

    private static func members(
        of material: Material,
        for algorithm: Algorithm
    ) throws(IdentityKeyFault) -> JSON.Object {
        switch (material, algorithm) {
        case (.secret(let secret), .hs256): return try members(of: secret)
        case (.pem(let text), .rs256), (.pem(let text), .es256):
            return try members(of: PublicKey(pem: text), for: algorithm)
        case (.jwk(let document), _): return try members(of: document, for: algorithm)
        // A public key as an HS256 secret would let everybody sign.
        case (.secret, _), (.pem, .hs256): throw .kind(algorithm)
        }
    }

    private static func members(of secret: [UInt8]) throws(IdentityKeyFault) -> JSON.Object {
        guard secret.count >= Credentials.smallestSecret else {
            throw .secretTooShort(bytes: secret.count, least: Credentials.smallestSecret)
        }
        guard secret.count <= longestSecret else { throw .secretTooLong(limit: longestSecret) }
        return ["kty": "oct", "k": .string(Base64.url.encode(secret))]
    }

    private static func members(
        of key: PublicKey,
        for algorithm: Algorithm
    ) throws(IdentityKeyFault) -> JSON.Object {
        switch (key, algorithm) {
        case (.rsa, .rs256), (.p256, .es256): return key.jwk
        default: throw .kind(algorithm)
        }
    }

    private static func members(
        of document: JSON,
        for algorithm: Algorithm
    ) throws(IdentityKeyFault) -> JSON.Object {
        guard case .object(let jwk) = document else { throw .jwk(member: "kty") }
        if let use = jwk["use"], use != "sig" { throw .jwk(member: "use") }
        if let stated = jwk["alg"], stated.stringValue != algorithm.rawValue {
            throw .jwk(member: "alg")
        }
        guard jwk["kty"] != "oct" else {
            guard algorithm == .hs256 else { throw .kind(algorithm) }
            guard let text = jwk["k"]?.stringValue, let secret = Base64.url.decode(text) else {
                throw .jwk(member: "k")
            }
            return try members(of: secret)
        }
        guard jwk["d"] == nil else { throw .privateKey }
        return try members(of: PublicKey(jwk: jwk), for: algorithm)
    }
}

extension IdentityKey: CustomStringConvertible, CustomReflectable {
    package var description: String {
        "IdentityKey(\(algorithm.rawValue), kid: \(kid.map(\.debugDescription) ?? "none"))"
    }

    /// Shows nothing: the secret must not appear in a dump.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
