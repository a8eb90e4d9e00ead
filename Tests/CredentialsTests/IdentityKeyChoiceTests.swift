import Credentials
import JSONCoding
import Testing

struct IdentityKeyChoiceTests {
    let keys: [IdentityKey]

    init() throws {
        keys = [
            try IdentityKey(
                kid: "old",
                algorithm: .hs256,
                material: .secret(Array(repeating: 1, count: 32))
            ),
            try IdentityKey(
                kid: "new",
                algorithm: .hs256,
                material: .secret(ThrowAwayKeys.secret)
            ),
            try IdentityKey(
                kid: "rsa",
                algorithm: .rs256,
                material: .pem(ThrowAwayKeys.rsaPublic)
            ),
        ]
    }

    func verify(_ jwt: String, _ keys: [IdentityKey]) throws(IdentityFault) {
        _ = try IdentityVerifier.verify(
            jwt: jwt,
            keys: keys,
            audience: "site_shop",
            now: IdentityVerifierTests.now
        )
    }

    func token(kid: String?) -> String {
        var header: JSON.Object = ["alg": "HS256"]
        header["kid"] = kid.map(JSON.string)
        return TokenMaker.hs256(IdentityVerifierTests.claims, header: .object(header))
    }

    @Test func `takes the key that the token names`() throws {
        try verify(token(kid: "new"), keys)
        #expect(throws: IdentityFault.signature) { try verify(token(kid: "old"), keys) }
        #expect(throws: IdentityFault.algorithm(expected: .rs256, found: "HS256")) {
            try verify(token(kid: "rsa"), keys)
        }
    }

    @Test func `asks for a name when there are several keys`() {
        #expect(throws: IdentityFault.keyIDMissing(keys: 3)) { try verify(token(kid: nil), keys) }
    }

    @Test func `takes the nameless key for a token without a name`() throws {
        let nameless = try IdentityKey(
            algorithm: .hs256,
            material: .secret(ThrowAwayKeys.secret)
        )
        try verify(token(kid: nil), keys + [nameless])
        #expect(throws: IdentityFault.keyIDMissing(keys: 5)) {
            try verify(token(kid: nil), keys + [nameless, nameless])
        }
    }

    @Test func `refuses a name that no key has`() {
        #expect(throws: IdentityFault.unknownKey(kid: "x")) { try verify(token(kid: "x"), keys) }
        #expect(throws: IdentityFault.unknownKey(kid: "x")) {
            try verify(token(kid: "x"), [keys[1]])
        }
    }

    @Test func `needs no name when there is one key`() throws {
        try verify(token(kid: nil), [keys[1]])
        let nameless = try IdentityKey(
            algorithm: .hs256,
            material: .secret(ThrowAwayKeys.secret)
        )
        try verify(token(kid: nil), [nameless])
        try verify(token(kid: "whatever"), [nameless])
    }

    @Test func `refuses everything for a site without keys`() {
        #expect(throws: IdentityFault.noKeys) { try verify(token(kid: nil), []) }
    }
}
