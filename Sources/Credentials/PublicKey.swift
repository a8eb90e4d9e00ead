import COpenSSL
import JSONCoding

/// A public key as plain numbers (big-endian), checked.
enum PublicKey: Hashable, Sendable {
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// The coordinates of a point of P-256, 32 bytes each.
    case p256(x: [UInt8], y: [UInt8])

    static let rsaBits = 2048...8192
    static let coordinateLength = 32

    /// The members of a JWK that make the key (RFC 7518, section 6).
    var jwk: JSON.Object {
        switch self {
        case .rsa(let modulus, let exponent):
            [
                "kty": "RSA", "n": .string(Base64.url.encode(modulus)),
                "e": .string(Base64.url.encode(exponent)),
            ]
        case .p256(let x, let y):
            [
                "kty": "EC", "crv": "P-256", "x": .string(Base64.url.encode(x)),
                "y": .string(Base64.url.encode(y)),
            ]
        }
    }

    /// Reads the numbers of a JWK.
    init(jwk: JSON.Object) throws(IdentityKeyFault) {
        func number(_ member: String) throws(IdentityKeyFault) -> [UInt8] {
            guard let text = jwk[member]?.stringValue, text.utf8.count <= 2048,
                let bytes = Base64.url.decode(text)
            else { throw .jwk(member: member) }
            return bytes
        }
        switch jwk["kty"]?.stringValue {
        case "RSA":
            self = .rsa(
                modulus: Self.trimmed(try number("n")),
                exponent: Self.trimmed(try number("e"))
            )
        case "EC":
            guard jwk["crv"]?.stringValue == "P-256" else { throw .jwk(member: "crv") }
            self = .p256(x: try number("x"), y: try number("y"))
        default: throw .jwk(member: "kty")
        }
        try check()
    }

    /// Refuses keys that are weak, costly or no keys at all.
    func check() throws(IdentityKeyFault) {
        switch self {
        case .rsa(let modulus, let exponent):
            let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
            guard Self.rsaBits.contains(bits) else { throw .rsaSize(bits: bits) }
            guard let last = exponent.last, last & 1 == 1, exponent.count <= 4, exponent != [1]
            else { throw .rsaExponent }
        case .p256(let x, let y):
            guard x.count == Self.coordinateLength, y.count == Self.coordinateLength else {
                throw .notOnCurve
            }
            guard Credentials.cleaningErrors({ Self.isOnCurve(x, y) }) else { throw .notOnCurve }
        }
    }

    static func trimmed(_ number: [UInt8]) -> [UInt8] { Array(number.drop { $0 == 0 }) }

    /// All handles live for this call and on its thread.
    private static func isOnCurve(_ x: [UInt8], _ y: [UInt8]) -> Bool {
        let curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)
        defer { EC_GROUP_free(curve) }
        let point = EC_POINT_new(curve)
        defer { EC_POINT_free(point) }
        let first = BN_bin2bn(x, Int32(x.count), nil)
        defer { BN_free(first) }
        let second = BN_bin2bn(y, Int32(y.count), nil)
        defer { BN_free(second) }
        // Setting the coordinates of a point checks that it is on the curve.
        return EC_POINT_set_affine_coordinates(curve, point, first, second, nil) == 1
    }
}
