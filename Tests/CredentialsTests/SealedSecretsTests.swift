import Credentials
import Testing

struct SealedSecretsTests {
    let secrets = SealedSecrets(Array(repeating: 3, count: 32))

    @Test(arguments: [0, 1, 15, 16, 17, 1000, 65536])
    func `opens what it sealed`(length: Int) throws {
        let secret = SecureRandom.bytes(length)
        let sealed = try secrets.seal(secret, context: "site_1/identity")
        #expect(try secrets.open(sealed, context: "site_1/identity") == secret)
    }

    @Test func `seals equal secrets differently`() throws {
        let secret = SecureRandom.bytes(32)
        #expect(try secrets.seal(secret, context: "a") != secrets.seal(secret, context: "a"))
    }

    @Test func `opens nowhere else`() throws {
        let sealed = try secrets.seal([1, 2, 3], context: "site_1")
        #expect(throws: SealFault.notOurs) { try secrets.open(sealed, context: "site_2") }
        #expect(throws: SealFault.notOurs) { try secrets.open(sealed, context: "") }
        let other = SealedSecrets(Array(repeating: 4, count: 32))
        #expect(throws: SealFault.notOurs) { try other.open(sealed, context: "site_1") }
    }

    @Test func `refuses a change at every position`() throws {
        let sealed = Array(try secrets.seal([1, 2, 3], context: "a").utf8)
        for position in sealed.indices {
            for change: UInt8 in [1, 2, 4, 32] {
                var altered = sealed
                altered[position] ^= change
                let text = String(decoding: altered, as: UTF8.self)
                #expect(throws: SealFault.self) { try secrets.open(text, context: "a") }
            }
        }
    }

    @Test(arguments: ["", "v1.", "v1.AAAA", "v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func `refuses what is not sealed`(text: String) {
        #expect(throws: SealFault.malformed) { try secrets.open(text, context: "a") }
    }

    @Test func `bounds a secret`() {
        #expect(throws: SealFault.tooLarge(limit: 65536)) {
            try secrets.seal(Array(repeating: 0, count: 65537), context: "a")
        }
    }
}
