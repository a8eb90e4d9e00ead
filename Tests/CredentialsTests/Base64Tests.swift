import Credentials
import Testing

struct Base64Tests {
    @Test(arguments: ["": "", "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg"])
    func `agrees with RFC 4648`(text: String, encoded: String) {
        #expect(Base64.url.encode(text.utf8) == encoded)
        #expect(Base64.standard.decode(encoded) == Array(text.utf8))
    }

    @Test func `returns every length unchanged`() {
        for length in 0..<70 {
            let bytes = SecureRandom.bytes(length)
            #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
            #expect(Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: ["f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "": ""])
    func `writes and reads padding where others do`(text: String, encoded: String) {
        #expect(Base64.padded.encode(text.utf8) == encoded)
        #expect(Base64.padded.decode(encoded) == Array(text.utf8))
        #expect(Base64.padded.decode(encoded + "=") == nil)
    }

    @Test(arguments: ["Zg==", "Z", "Zh", "Zm9=", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v", "Zmäv"])
    func `refuses all but the one encoding`(text: String) {
        #expect(Base64.url.decode(text) == nil)
    }
}
