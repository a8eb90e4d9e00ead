import JSONCoding
import Testing

struct JSONWritingTests {
    @Test func `writes members, nesting and separators`() {
        var json = JSONWriter()
        json.object { json in
            json.member("t", "ack")
            json.memberIfPresent("re", String?.none)
            json.member("s", 12)
            json.member("d") { json in
                json.object { json in
                    json.member("on", true)
                    json.member("list", ["a", "b"])
                    json.member("empty", JSON.array([]))
                }
            }
            json.member("raw", raw: Array("[1,2]".utf8))
            json.member("mixed") { json in
                json.array { json in
                    json.value(1)
                    json.value("x")
                    json.raw(Array("{}".utf8))
                    json.null()
                    json.array { _ in }
                }
            }
            json.memberIfPresent("n", 0.5)
        }
        #expect(
            json.string == """
                {"t":"ack","s":12,"d":{"on":true,"list":["a","b"],"empty":[]},"raw":[1,2],\
                "mixed":[1,"x",{},null,[]],"n":0.5}
                """
        )
    }

    @Test(arguments: [0, 9, 10, -1, -10, 1_000_000_007, .max, .min] as [Int64])
    func `writes whole numbers as they are read`(_ number: Int64) throws {
        var json = JSONWriter()
        json.value(number)
        #expect(json.string == String(number))
        #expect(try JSON(parsing: json.string) == .int(number))
    }

    @Test func `passes on the error of a body`() {
        struct Refusal: Error {}
        var json = JSONWriter()
        #expect(throws: Refusal.self) {
            try json.object { _ in throw Refusal() }
        }
    }

    @Test(arguments: [
        ("plain", #""plain""#), (#"a"b\c"#, #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é\u{2028}", "\"é\u{2028}\""),
        ("", #""""#),
    ])
    func `escapes what must be escaped and nothing else`(text: String, expected: String) {
        #expect(JSON.string(text).text == expected)
    }

    @Test(arguments: [
        0.1, 1, -0.0, 1e21, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1 + 0.2,
        123_456_789.125,
    ])
    func `doubles read back as the same number`(number: Double) throws {
        let back = try JSON(parsing: JSON.double(number).text)
        #expect(back.doubleValue?.bitPattern == number.bitPattern)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `writes null for a number JSON has not`(number: Double) {
        #expect(JSON.double(number).text == "null")
    }

    @Test func `objects are equal in any order`() throws {
        #expect(try JSON(parsing: #"{"a":1,"b":[]}"#) == ["b": [], "a": 1])
        let keys = (0..<50).map { ("key \($0)", JSON.int(Int64($0))) }
        let forward = JSON.object(JSON.Object(keys))
        let backward = JSON.object(JSON.Object(keys.reversed()))
        #expect(forward == backward)
        #expect(forward.hashValue == backward.hashValue)
    }

    @Test(arguments: 0..<200)
    func `a random tree reads back as itself`(seed: Int) throws {
        var trees = RandomTrees(seed: UInt64(seed))
        let tree = trees.next(depth: 5)
        #expect(try JSON(parsing: tree.bytes()) == tree)
        #expect(try JSON(parsing: tree.text) == tree)
    }
}
