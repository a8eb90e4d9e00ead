import Credentials
import Testing

struct SecureRandomTests {
    @Test(arguments: [0, 1, 16, 1000])
    func `gives as many bytes as are asked for`(count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
    }

    @Test func `never repeats a token`() {
        let tokens = Set((0..<200).map { _ in SecureRandom.token() })
        #expect(tokens.count == 200)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 })
        #expect(tokens.allSatisfy { Base64.url.decode($0)?.count == 32 })
    }

    @Test func `draws words from letters that nobody misreads`() {
        let letters = Set(SecureRandom.word(4000))
        #expect(letters.count == 32)
        #expect(letters.isDisjoint(with: "ilouABC-_"))
    }

    @Test func `writes a password in four groups`() {
        let groups = SecureRandom.password().split(separator: "-")
        #expect(groups.map(\.count) == [4, 4, 4, 4])
    }
}
