import COpenSSL
import Credentials
import JSONCoding
import Testing

struct IdentityVerifierTests {
    static let now: Int64 = 1_800_000_000_000
    static let claims: JSON = ["sub": "customer-17", "aud": "site_shop", "exp": 1_800_003_600]

    let secret: IdentityKey
    let rsa: IdentityKey
    let curve: IdentityKey

    init() throws {
        secret = try IdentityKey(algorithm: .hs256, material: .secret(ThrowAwayKeys.secret))
        rsa = try IdentityKey(
            kid: "rsa-1",
            algorithm: .rs256,
            material: .pem(ThrowAwayKeys.rsaPublic)
        )
        curve = try IdentityKey(
            kid: "ec-1",
            algorithm: .es256,
            material: .pem(ThrowAwayKeys.ecPublic)
        )
    }

    func verify(_ jwt: String, _ keys: [IdentityKey]) throws(IdentityFault) -> IdentityClaims {
        try IdentityVerifier.verify(jwt: jwt, keys: keys, audience: "site_shop", now: Self.now)
    }

    @Test func `verifies what OpenSSL signed, with each algorithm`() throws {
        let tokens = [
            (TokenMaker.hs256(Self.claims), secret), (try TokenMaker.rs256(Self.claims), rsa),
            (try TokenMaker.es256(Self.claims), curve),
        ]
        for (token, key) in tokens {
            let claims = try verify(token, [key])
            #expect(claims.sub == "customer-17")
            #expect(claims.exp == 1_800_003_600_000)
            #expect(claims.name == nil)
            #expect(claims.others.isEmpty)
        }
    }

    @Test func `verifies what another library signed, with each algorithm`() throws {
        let tokens = [
            (ForeignTokens.hs256, secret), (ForeignTokens.rs256, rsa),
            (ForeignTokens.es256, curve),
        ]
        for (token, key) in tokens {
            let claims = try verify(token, [key])
            #expect(claims.name == "Zoë")
            #expect(claims.email == "zoe@example.org")
            #expect(claims.others == ["plan": "pro", "seats": 3])
        }
    }

    @Test func `verifies with a JWK that was stored`() throws {
        for (token, key) in [(ForeignTokens.rs256, rsa), (ForeignTokens.es256, curve)] {
            let stored = try IdentityKey(document: try JSON(parsing: key.document.bytes()))
            #expect(try verify(token, [stored]).sub == "customer-17")
        }
    }

    @Test func `refuses a change at every position`() throws {
        let tokens = [
            (TokenMaker.hs256(Self.claims), secret), (try TokenMaker.es256(Self.claims), curve),
        ]
        for (token, key) in tokens {
            let bytes = Array(token.utf8)
            for position in bytes.indices {
                for change: UInt8 in [1, 2, 32] {
                    var altered = bytes
                    altered[position] ^= change
                    let text = String(decoding: altered, as: UTF8.self)
                    #expect(throws: IdentityFault.self) { try verify(text, [key]) }
                }
            }
            #expect(ERR_peek_error() == 0, "the thread's error queue is left clean")
        }
    }

    @Test func `refuses another key's signature`() throws {
        let other = try IdentityKey(
            algorithm: .hs256,
            material: .secret(Array(repeating: 1, count: 32))
        )
        #expect(throws: IdentityFault.signature) { try verify(ForeignTokens.hs256, [other]) }
    }

    @Test func `refuses a public key used as an HMAC secret`() throws {
        for text in [ThrowAwayKeys.rsaPublic, ThrowAwayKeys.rsaPublic + "\n"] {
            let forged = TokenMaker.hs256(Self.claims, secret: Array(text.utf8))
            #expect(throws: IdentityFault.algorithm(expected: .rs256, found: "HS256")) {
                try verify(forged, [rsa])
            }
        }
        // With the header that is expected the forgery is just a wrong signature.
        let disguised = TokenMaker.hs256(
            Self.claims,
            header: ["alg": "RS256"],
            secret: Array(ThrowAwayKeys.rsaPublic.utf8)
        )
        #expect(throws: IdentityFault.signature) { try verify(disguised, [rsa]) }
    }

    @Test(arguments: ["none", "None", "HS512", "PS256", "RS256", ""])
    func `refuses another algorithm than the key's`(algorithm: String) {
        let header: JSON = ["alg": .string(algorithm)]
        let unsigned = TokenMaker.unsigned(Self.claims, header: header)
        for token in ["\(unsigned).", TokenMaker.hs256(Self.claims, header: header)] {
            #expect(throws: IdentityFault.algorithm(expected: .hs256, found: algorithm)) {
                try verify(token, [secret])
            }
        }
    }

    @Test func `a repeated algorithm deceives no reader`() throws {
        let both = [#"{"alg":"HS256","alg":"none"}"#, #"{"alg":"none","alg":"HS256"}"#]
        for header in both + [#"{"alg":"HS256","alg":"HS512"}"#] {
            let signed =
                "\(Base64.url.encode(header.utf8))."
                + Base64.url.encode(Self.claims.bytes())
            let code = Digest.hmacSHA256(key: ThrowAwayKeys.secret, signed)
            #expect(throws: IdentityFault.self) {
                try verify("\(signed).\(Base64.url.encode(code))", [secret])
            }
        }
    }

    @Test(arguments: [
        #"{"alg":7}"#, "{}", "[]", #"{"alg":"HS256""#, #"{"alg":"HS256","kid":7}"#,
        "\u{FEFF}{}", "",
    ])
    func `refuses a malformed header`(header: String) {
        let signed = Base64.url.encode(header.utf8) + "." + Base64.url.encode(Self.claims.bytes())
        let code = Digest.hmacSHA256(key: ThrowAwayKeys.secret, signed)
        #expect(throws: IdentityFault.malformed(.header)) {
            try verify("\(signed).\(Base64.url.encode(code))", [secret])
        }
    }

    @Test func `refuses critical extensions`() {
        let header: JSON = ["alg": "HS256", "crit": ["b64"], "b64": false]
        #expect(throws: IdentityFault.criticalHeader) {
            try verify(TokenMaker.hs256(Self.claims, header: header), [secret])
        }
    }

    @Test(arguments: ["", ".", "..", "a.b", "a.b.c.d"])
    func `refuses what is no token`(text: String) {
        #expect(throws: IdentityFault.self) { try verify(text, [secret]) }
    }

    @Test func `bounds the token`() {
        let long: JSON = ["sub": .string(String(repeating: "x", count: 8000))]
        #expect(throws: IdentityFault.tooLong(limit: 8192)) {
            try verify(TokenMaker.hs256(long), [secret])
        }
    }
}
