import COpenSSL
import Credentials
import JSONCoding
import Testing

struct IdentityKeyTests {
    @Test func `reads one key from PEM and from JWK`() throws {
        let pairs = [
            (IdentityKey.Algorithm.rs256, ThrowAwayKeys.rsaPublic, ThrowAwayKeys.rsaJWK),
            (.es256, ThrowAwayKeys.ecPublic, ThrowAwayKeys.ecJWK),
        ]
        for (algorithm, pem, jwk) in pairs {
            let fromPEM = try IdentityKey(algorithm: algorithm, material: .pem(pem))
            let fromJWK = try IdentityKey(
                algorithm: algorithm,
                material: .jwk(try JSON(parsing: jwk))
            )
            #expect(fromPEM == fromJWK)
        }
    }

    @Test func `comes back from its document`() throws {
        let keys = [
            try IdentityKey(algorithm: .hs256, material: .secret(ThrowAwayKeys.secret)),
            try IdentityKey(kid: "k", algorithm: .rs256, material: .pem(ThrowAwayKeys.rsaPublic)),
            try IdentityKey(kid: "é", algorithm: .es256, material: .pem(ThrowAwayKeys.ecPublic)),
        ]
        for key in keys {
            #expect(try IdentityKey(document: JSON(parsing: key.document.bytes())) == key)
        }
        #expect(throws: IdentityKeyFault.jwk(member: "alg")) {
            try IdentityKey(document: ["kty": "oct"])
        }
    }

    @Test func `bounds a secret`() {
        #expect(throws: IdentityKeyFault.secretTooShort(bytes: 31, least: 32)) {
            try IdentityKey(algorithm: .hs256, material: .secret(SecureRandom.bytes(31)))
        }
        #expect(throws: IdentityKeyFault.secretTooLong(limit: 1024)) {
            try IdentityKey(algorithm: .hs256, material: .secret(SecureRandom.bytes(1025)))
        }
    }

    struct Misfit: Sendable, CustomTestStringConvertible {
        let name: String
        let algorithm: IdentityKey.Algorithm
        let pem: String
        let fault: IdentityKeyFault

        init(
            _ name: String,
            _ algorithm: IdentityKey.Algorithm,
            _ pem: String,
            _ fault: IdentityKeyFault
        ) {
            self.name = name
            self.algorithm = algorithm
            self.pem = pem
            self.fault = fault
        }

        /// Names the case: keys, even worthless ones, have no place in a log.
        var testDescription: String { "\(name) for \(algorithm.rawValue)" }
    }

    static let misfits = [
        Misfit("curve key", .rs256, ThrowAwayKeys.ecPublic, .kind(.rs256)),
        Misfit("RSA key", .es256, ThrowAwayKeys.rsaPublic, .kind(.es256)),
        Misfit("RSA key", .hs256, ThrowAwayKeys.rsaPublic, .kind(.hs256)),
        Misfit("1024 bits", .rs256, ThrowAwayKeys.smallRSAPublic, .rsaSize(bits: 1024)),
        Misfit("P-384", .es256, ThrowAwayKeys.p384Public, .unreadablePEM),
        Misfit("Ed25519", .es256, ThrowAwayKeys.ed25519Public, .unreadablePEM),
        Misfit("private key", .rs256, ThrowAwayKeys.rsaPrivate, .privateKey),
        Misfit("nothing", .rs256, "", .unreadablePEM),
        Misfit(
            "no key",
            .rs256,
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            .unreadablePEM
        ),
    ]

    @Test(arguments: misfits)
    func `refuses what does not fit`(misfit: Misfit) {
        #expect(throws: misfit.fault) {
            try IdentityKey(algorithm: misfit.algorithm, material: .pem(misfit.pem))
        }
        #expect(ERR_peek_error() == 0)
    }

    @Test(arguments: [
        ("kty", JSON.string("OKP"), IdentityKeyFault.jwk(member: "kty")),
        ("crv", "P-384", .jwk(member: "crv")),
        ("x", "AAAA", .notOnCurve),
        ("y", "x57QHFCxthyM3DYuwC1wfeUkyhkeWk9l2yHzLq3unVQ", .notOnCurve),
        ("x", "not base64url!", .jwk(member: "x")),
        ("y", 7, .jwk(member: "y")),
        ("use", "enc", .jwk(member: "use")),
        ("alg", "ES384", .jwk(member: "alg")),
        ("d", "AAAA", .privateKey),
    ])
    func `refuses a JWK with a wrong member`(
        member: String,
        value: JSON,
        fault: IdentityKeyFault
    ) throws {
        var jwk = try #require(try JSON(parsing: ThrowAwayKeys.ecJWK).objectValue)
        jwk[member] = value
        #expect(throws: fault) {
            try IdentityKey(algorithm: .es256, material: .jwk(.object(jwk)))
        }
        #expect(ERR_peek_error() == 0)
    }

    @Test(arguments: ["AA", "AQ", "Ag", "AQAAAAE"])
    func `refuses an exponent that makes RSA weak or slow`(exponent: String) throws {
        var jwk = try #require(try JSON(parsing: ThrowAwayKeys.rsaJWK).objectValue)
        jwk["e"] = .string(exponent)
        #expect(throws: IdentityKeyFault.rsaExponent) {
            try IdentityKey(algorithm: .rs256, material: .jwk(.object(jwk)))
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 129)])
    func `bounds a key id`(kid: String) {
        #expect(throws: IdentityKeyFault.keyID(limit: 128)) {
            try IdentityKey(kid: kid, algorithm: .es256, material: .pem(ThrowAwayKeys.ecPublic))
        }
    }

    @Test func `shows no secret when it is printed`() throws {
        let key = try IdentityKey(
            kid: "a",
            algorithm: .hs256,
            material: .secret(ThrowAwayKeys.secret)
        )
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains(Base64.url.encode(ThrowAwayKeys.secret)))
        #expect("\(key)" == #"IdentityKey(HS256, kid: "a")"#)
    }
}
