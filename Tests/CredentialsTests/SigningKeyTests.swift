import Credentials
import Testing

struct SigningKeyTests {
    /// RFC 8032, 7.1, test 2.
    private let seed: [UInt8] = [
        0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e,
        0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8,
        0xa6, 0xfb,
    ]

    @Test func `signs as the standard's example does`() throws {
        let key = try #require(SigningKey(text: "mtd-sign:" + Base64.padded.encode(seed)))
        let signature = key.sign([0x72])
        #expect(
            Digest.hex(signature)
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
        let bytes = try #require(
            Base64.padded.decode(key.publicKey.text.dropFirst("mtd-verify:".count))
        )
        #expect(
            Digest.hex(bytes) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        )
    }

    @Test func `both halves survive being written down`() throws {
        let key = SigningKey()
        let read = try #require(SigningKey(text: key.text))
        let half = try #require(VerifyingKey(text: key.publicKey.text))
        #expect(half == key.publicKey && half.id == read.publicKey.id)
        #expect(half.isRight(read.sign([1, 2, 3]), over: [1, 2, 3]))
    }

    @Test func `a signature is right over its own message, by its own key, and as it is`() {
        let key = SigningKey()
        let signature = key.sign([1, 2, 3])
        let half = key.publicKey
        #expect(half.isRight(signature, over: [1, 2, 3]))
        #expect(!half.isRight(signature, over: [1, 2, 4]))
        #expect(!half.isRight(signature, over: []))
        #expect(!SigningKey().publicKey.isRight(signature, over: [1, 2, 3]))
        for index in signature.indices {
            var altered = signature
            altered[index] ^= 1
            #expect(!half.isRight(altered, over: [1, 2, 3]))
        }
        for other in [[], Array(signature.dropLast()), signature + [0]] {
            #expect(!half.isRight(other, over: [1, 2, 3]))
        }
    }

    @Test func `an empty message can be signed`() {
        let key = SigningKey()
        #expect(key.publicKey.isRight(key.sign([]), over: []))
    }

    @Test func `keys differ, and so do their ids`() {
        let keys = (0..<20).map { _ in SigningKey().publicKey }
        #expect(Set(keys).count == 20 && Set(keys.map(\.id)).count == 20)
        #expect(keys.allSatisfy { $0.id.utf8.count == 16 })
    }

    @Test func `a secret half is no public one, and nothing else is either`() {
        let key = SigningKey()
        #expect(VerifyingKey(text: key.text) == nil)
        #expect(SigningKey(text: key.publicKey.text) == nil)
        let short = Base64.padded.encode([UInt8](repeating: 1, count: 31))
        let long = Base64.padded.encode([UInt8](repeating: 1, count: 33))
        for text in ["", "mtd-sign:", "mtd-verify:", "mtd-sign:\(short)", "mtd-verify:\(long)"] {
            #expect(SigningKey(text: text) == nil && VerifyingKey(text: text) == nil)
        }
        #expect(SigningKey(text: key.text + " ") == nil)
    }
}
