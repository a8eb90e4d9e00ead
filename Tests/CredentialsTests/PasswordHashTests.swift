import Credentials
import Testing

struct PasswordHashTests {
    /// Cheap, so that the tests are fast; the real parameters have a test of their own.
    static func cheap() throws -> Scrypt.Parameters {
        try #require(Scrypt.Parameters(log2N: 4, r: 8, p: 1))
    }

    /// RFC 7914, section 12, without the one that needs a gibibyte.
    @Test(arguments: [
        (
            "", "", [4, 1, 1],
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", [10, 8, 16],
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", [14, 8, 1],
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ])
    func `derives keys as RFC 7914 shows it`(
        password: String,
        salt: String,
        cost: [Int],
        expected: String
    ) throws {
        let parameters = try #require(
            Scrypt.Parameters(log2N: cost[0], r: cost[1], p: cost[2])
        )
        let key = try Scrypt.derive(
            Array(password.utf8),
            salt: Array(salt.utf8),
            parameters: parameters,
            length: 64
        )
        #expect(Digest.hex(key) == expected)
    }

    @Test func `keeps a password with today's parameters`() throws {
        let hash = try PasswordHash(hashing: "correct horse")
        #expect(hash.encoded.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        #expect(hash.encoded.utf8.count == 22 + 22 + 1 + 43)
        let read = try PasswordHash(parsing: hash.encoded)
        #expect(read == hash)
        #expect(!read.needsRehash)
        #expect(try read.verify("correct horse"))
        #expect(try !read.verify("correct horsf"))
    }

    @Test func `salts equal passwords differently`() throws {
        let parameters = try Self.cheap()
        let first = try PasswordHash(hashing: "same", parameters: parameters)
        let second = try PasswordHash(hashing: "same", parameters: parameters)
        #expect(first.encoded != second.encoded)
        #expect(first.needsRehash)
    }

    @Test func `bounds the length of a password`() throws {
        let parameters = try Self.cheap()
        for password in ["", String(repeating: "x", count: 1025)] {
            #expect(throws: PasswordFault.length(limit: 1024)) {
                try PasswordHash(hashing: password, parameters: parameters)
            }
        }
        let longest = String(repeating: "é", count: 512)
        let hash = try PasswordHash(hashing: longest, parameters: parameters)
        #expect(try hash.verify(longest))
        #expect(throws: PasswordFault.length(limit: 1024)) { try hash.verify("") }
    }

    @Test(arguments: [
        "", "secret", "$scrypt$", "$bcrypt$ln=15,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=15,r=8$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$r=8,ln=15,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=+5,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=17,r=8,p=16$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=99,r=99,p=99$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=0,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=15,r=8,p=1$c2FsdA$aGFzaGhhc2hoYXNoaGFzaA",
        "$scrypt$ln=15,r=8,p=1$c2FsdHNhbHQ$aGFzaA",
        "$scrypt$ln=15,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA==",
        "$scrypt$ln=15,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA$",
    ])
    func `refuses a damaged or costly hash`(text: String) {
        #expect(throws: PasswordFault.unreadableHash) { try PasswordHash(parsing: text) }
    }

    @Test func `shows no hash when it is printed`() throws {
        let hash = try PasswordHash(hashing: "secret", parameters: Self.cheap())
        var dumped = ""
        dump(hash, to: &dumped)
        let key = try #require(hash.encoded.split(separator: "$").last)
        #expect(!dumped.contains(key))
        #expect("\(hash) \(String(reflecting: hash))" == "\(hash) \(hash)")
    }
}
