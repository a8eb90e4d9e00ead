import Credentials
import Testing

struct TokenSealerTests {
    let sealer = TokenSealer(Array(repeating: 7, count: 32))
    let claims = Claims(
        purpose: .widget,
        subject: "ctc_1",
        site: "site_1",
        extra: ["epoch": "k7f3", "é": "\"\n"]
    )

    @Test func `opens what it issued`() throws {
        let token = try sealer.issue(claims, expires: 2000)
        #expect(token.hasPrefix("v1."))
        let opened = try sealer.open(token, for: .widget, now: 1999)
        #expect(opened.subject == "ctc_1")
        #expect(opened.site == "site_1")
        #expect(opened.extra == claims.extra)
        #expect(opened.expires == 2000)
    }

    @Test func `needs neither a site nor extras`() throws {
        let plain = Claims(purpose: "unsubscribe", subject: "")
        let token = try sealer.issue(plain, expires: 10)
        let opened = try sealer.open(token, for: "unsubscribe", now: 0)
        #expect(opened.site == nil)
        #expect(opened.extra.isEmpty)
    }

    @Test func `a widget token is no ticket`() throws {
        let token = try sealer.issue(claims, expires: 2000)
        #expect(throws: TokenFault.otherPurpose(expected: .socketTicket)) {
            try sealer.open(token, for: .socketTicket, now: 0)
        }
    }

    @Test(arguments: [2000, 2001, Int64.max])
    func `refuses a token that is over`(now: Int64) throws {
        let token = try sealer.issue(claims, expires: 2000)
        #expect(throws: TokenFault.expired(at: 2000)) {
            try sealer.open(token, for: .widget, now: now)
        }
    }

    @Test func `refuses a change at every position`() throws {
        let token = Array(try sealer.issue(claims, expires: 2000).utf8)
        for position in token.indices {
            // The next letter differs in the lowest bits: the last letter's spare ones too.
            for change: UInt8 in [1, 2, 4, 32] {
                var altered = token
                altered[position] ^= change
                let text = String(decoding: altered, as: UTF8.self)
                #expect(throws: TokenFault.self) { try sealer.open(text, for: .widget, now: 0) }
            }
            var shorter = token
            shorter.remove(at: position)
            let text = String(decoding: shorter, as: UTF8.self)
            #expect(throws: TokenFault.self) { try sealer.open(text, for: .widget, now: 0) }
        }
    }

    @Test func `refuses another server's token`() throws {
        let other = TokenSealer(Array(repeating: 8, count: 32))
        let token = try other.issue(claims, expires: 2000)
        #expect(throws: TokenFault.forged) { try sealer.open(token, for: .widget, now: 0) }
    }

    @Test func `is not fooled by the secret's plain HMAC`() throws {
        let signed = "v1.\(Base64.url.encode(#"{"p":"widget","s":"x","e":2000}"#.utf8))"
        let code = Digest.hmacSHA256(key: Array(repeating: 7, count: 32), signed)
        #expect(throws: TokenFault.forged) {
            try sealer.open("\(signed).\(Base64.url.encode(code))", for: .widget, now: 0)
        }
    }

    @Test(arguments: ["", "v1", "v1..", "v2.e30.e30", "v1.e30", "v1.e30.e30.e30", "v1.e3 .e30"])
    func `refuses what is no token`(text: String) {
        #expect(throws: TokenFault.self) { try sealer.open(text, for: .widget, now: 0) }
    }

    @Test func `bounds the length both ways`() {
        let long = Claims(purpose: .widget, subject: String(repeating: "x", count: 2000))
        #expect(throws: TokenFault.tooLong(limit: 2048)) { try sealer.issue(long, expires: 1) }
        let text = "v1." + String(repeating: "x", count: 3000)
        #expect(throws: TokenFault.tooLong(limit: 2048)) {
            try sealer.open(text, for: .widget, now: 0)
        }
    }
}
