import Credentials
import JSONCoding
import Testing

struct IdentityClaimsTests {
    /// Verifies the usual claims with one of them replaced, or removed with nil.
    func verify(
        _ claim: String,
        _ value: JSON?,
        audience: String = "site_shop"
    ) throws -> IdentityClaims {
        var claims = try #require(IdentityVerifierTests.claims.objectValue)
        claims[claim] = value
        return try verify(text: JSON.object(claims).text, audience: audience)
    }

    func verify(text: String, audience: String = "site_shop") throws -> IdentityClaims {
        let signed = [#"{"alg":"HS256"}"#, text].map { Base64.url.encode($0.utf8) }
            .joined(separator: ".")
        let code = Base64.url.encode(Digest.hmacSHA256(key: ThrowAwayKeys.secret, signed))
        let key = try IdentityKey(algorithm: .hs256, material: .secret(ThrowAwayKeys.secret))
        return try IdentityVerifier.verify(
            jwt: "\(signed).\(code)",
            keys: [key],
            audience: audience,
            now: IdentityVerifierTests.now
        )
    }

    @Test(arguments: [JSON.string("site_shop"), ["site_shop"], ["other", "site_shop"]])
    func `accepts an audience that is or contains the site`(audience: JSON) throws {
        #expect(try verify("aud", audience).sub == "customer-17")
    }

    static let otherAudiences: [(JSON?, IdentityFault)] = [
        (nil, .missing(.aud)), ("site_other", .audience), (["site_other"], .audience),
        ([], .audience), ("", .audience), ("site_sho", .audience), (7, .invalid(.aud)),
        (["site_shop", 7], .invalid(.aud)), (.some(.null), .invalid(.aud)),
    ]

    @Test(arguments: otherAudiences)
    func `refuses another audience`(audience: JSON?, fault: IdentityFault) {
        #expect(throws: fault) { try verify("aud", audience) }
    }

    /// The clock stands at 1,800,000,000 s.
    @Test(arguments: [
        JSON.int(1_800_086_400), .int(1_800_086_430), .int(1_800_000_001), .int(1_799_999_971),
        .double(1_800_000_000.5),
    ])
    func `accepts an end within a day and a little leeway`(exp: JSON) throws {
        #expect(try verify("exp", exp).sub == "customer-17")
    }

    static let wrongEnds: [(JSON?, IdentityFault)] = [
        (nil, .missing(.exp)),
        (.int(1_799_999_970), .expired(at: 1_799_999_970_000)),
        (.int(0), .expired(at: 0)),
        (.int(1_800_086_431), .tooFarAhead(at: 1_800_086_431_000)),
        (.int(1_800_000_000_000), .invalid(.exp)), (.int(.max), .invalid(.exp)),
        (.int(-1), .invalid(.exp)), (.double(1e300), .invalid(.exp)),
        ("1800003600", .invalid(.exp)), (.some(.null), .invalid(.exp)),
    ]

    @Test(arguments: wrongEnds)
    func `refuses an end that is missing, past or too far`(exp: JSON?, fault: IdentityFault) {
        #expect(throws: fault) { try verify("exp", exp) }
    }

    @Test(arguments: ["nbf", "iat"])
    func `honours the beginning`(name: String) throws {
        let claim = try #require(IdentityFault.Claim(rawValue: name))
        #expect(try verify(name, 1_800_000_030).sub == "customer-17")
        #expect(throws: IdentityFault.notYet(claim, at: 1_800_000_031_000)) {
            try verify(name, 1_800_000_031)
        }
        #expect(throws: IdentityFault.invalid(claim)) { try verify(name, "soon") }
    }

    @Test(arguments: ["x", String(repeating: "é", count: 255), "a b@c"])
    func `takes a subject as it is`(sub: String) throws {
        #expect(try verify("sub", .string(sub)).sub == sub)
    }

    static let wrongSubjects: [(JSON?, IdentityFault)] = [
        (nil, .missing(.sub)), ("", .invalid(.sub)),
        (.string(String(repeating: "x", count: 256)), .invalid(.sub)),
        ("a\u{0}b", .invalid(.sub)), ("a\nb", .invalid(.sub)), (17, .invalid(.sub)),
    ]

    @Test(arguments: wrongSubjects)
    func `bounds the subject`(sub: JSON?, fault: IdentityFault) {
        #expect(throws: fault) { try verify("sub", sub) }
    }

    @Test func `reads name and address or does without`() throws {
        #expect(try verify("name", "Zoë").name == "Zoë")
        #expect(try verify("name", nil).name == nil)
        #expect(try verify("name", .some(.null)).name == nil)
        #expect(try verify("email", "").email == nil)
        #expect(throws: IdentityFault.invalid(.name)) { try verify("name", ["Zoë"]) }
        #expect(throws: IdentityFault.invalid(.email)) {
            try verify("email", .string(String(repeating: "x", count: 255)))
        }
    }

    @Test func `keeps the site's own claims`() throws {
        let own: JSON = ["tier": "gold", "seats": [1, 2, nil]]
        #expect(try verify("custom", own).others == ["custom": own])
    }

    @Test(arguments: ["", "[]", "7", "{", "\u{FEFF}{}"])
    func `refuses a payload that is no object`(text: String) {
        #expect(throws: IdentityFault.malformed(.payload)) { try verify(text: text) }
    }
}
