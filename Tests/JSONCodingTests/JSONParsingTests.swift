import JSONCoding
import Testing

struct JSONParsingTests {
    private static let documents: [(String, JSON)] = [
        ("null", .null), ("true", true), (" false\n", false), ("0", 0), ("-0", 0), ("-12", -12),
        ("1.5", 1.5), ("1e2", .double(100)), ("1.0", .double(1)), (#""""#, ""), ("[]", []),
        ("{}", .object([:])), (#"[1,[2,{"a":null}]]"#, [1, [2, ["a": nil]]]),
        (#""\u00e9\ud83d\ude00\n\"\\\/""#, .string("é\u{1F600}\n\"\\/")),
        (#""\u0000a""#, .string("\0a")),
    ]

    @Test(arguments: documents)
    func `reads every kind of value`(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
        #expect(try JSON(parsing: Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        "[1,]", #"{"a":1,}"#, "01", "-01", "+1", "1.", ".5", "1e", "NaN", "Infinity", "-Infinity",
        "nul", "tru", "'a'", "{a:1}", "[1 2]", #"{"a" 1}"#, #"{"a":}"#, "[", "]", "{", #"""#,
        #""\x""#, #""\u12""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #"{"\udfff":1}"#,
        "\"\n\"", "\"\t\"", "1 2", "{} {}", "[]x", "{}\0", "\u{FEFF}{}", "//", "1 // c", "-",
        "0x10",
    ])
    func `refuses what is not JSON`(text: String) {
        #expect(throws: JSONFailure.self) { try JSON(parsing: text) }
    }

    @Test(arguments: ["", " ", "\n\t "])
    func `refuses an empty document`(text: String) {
        #expect(throws: JSONFailure.empty) { try JSON(parsing: text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xC0, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
        ] as [[UInt8]]
    )
    func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
        #expect(throws: JSONFailure.invalidUTF8) { try JSON(parsing: bytes) }
    }

    @Test func `takes exactly the depth it was given`() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        _ = try JSON(parsing: nested(64))
        #expect(throws: JSONFailure.tooDeep(bound: 64)) { try JSON(parsing: nested(65)) }
        _ = try JSON(parsing: nested(3), depth: 3)
        #expect(throws: JSONFailure.tooDeep(bound: 3)) { try JSON(parsing: nested(4), depth: 3) }
        #expect(throws: JSONFailure.self) { try JSON(parsing: nested(100_000)) }
        _ = try JSON(parsing: nested(64))
    }

    @Test func `keeps integers of 64 bits exact`() throws {
        #expect(try JSON(parsing: "9223372036854775807") == .int(.max))
        #expect(try JSON(parsing: "-9223372036854775808") == .int(.min))
    }

    @Test(arguments: [
        ("9223372036854775808", 9_223_372_036_854_775_808.0),
        ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ("-9223372036854775809", -9_223_372_036_854_775_809.0),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        ("1e308", 1e308), ("5e-324", .leastNonzeroMagnitude), ("1e-400", 0),
    ])
    func `reads larger numbers as doubles`(text: String, expected: Double) throws {
        #expect(try JSON(parsing: text) == .double(expected))
        let quoted = #"{"a":"\"\#(text)","b":[\#(text)]}"#
        #expect(try JSON(parsing: quoted) == ["a": .string("\"\(text)"), "b": [.double(expected)]])
    }

    @Test(arguments: ["1e400", "-1e999", #"[12345678901234567890123,1e400]"#])
    func `refuses numbers no double can hold`(text: String) {
        #expect(throws: JSONFailure.numberOutOfRange) { try JSON(parsing: text) }
    }

    @Test func `of repeated keys the first counts`() throws {
        let small = try JSON(parsing: #"{"a":1,"b":2,"a":3}"#)
        #expect(small == ["a": 1, "b": 2])
        #expect(small.objectValue?.count == 2)
        let many = (0..<40).map { #""k\#($0 % 20)":\#($0)"# }.joined(separator: ",")
        let large = try JSON(parsing: "{\(many)}")
        #expect(large.objectValue?.count == 20)
        #expect(large["k3"] == 3)
    }

    @Test func `reads from any thread at the same time`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { () throws in
                    for round in 0..<200 {
                        let text = #"{"task":\#(task),"round":[\#(round),"\#(task)-\#(round)"]}"#
                        let expected: JSON = [
                            "task": .int(Int64(task)),
                            "round": [.int(Int64(round)), .string("\(task)-\(round)")],
                        ]
                        #expect(try JSON(parsing: text) == expected)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `reads a large document and small ones after it`() throws {
        let text = String(repeating: "x", count: 3_000_000)
        #expect(try JSON(parsing: "[\"\(text)\"]")[0]?.stringValue?.utf8.count == 3_000_000)
        #expect(try JSON(parsing: "[1]") == [1])
    }
}

extension JSON {
    fileprivate subscript(index: Int) -> JSON? {
        arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
}
