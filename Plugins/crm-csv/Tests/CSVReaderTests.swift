import CrmCsv
import Testing

struct CSVReaderTests {
    private func records(_ text: String, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [[String]]
    {
        var reader = CSVReader(Array(text.utf8), delimiter: delimiter)
        var records: [[String]] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a,b\r\n\r\n\nc,\n", [["a", "b"], ["c", ""]]),
        ("\"a, b\",\"say \"\"hi\"\"\"\n", [["a, b", "say \"hi\""]]),
        ("\"two\r\nlines\",x\n", [["two\r\nlines", "x"]]),
        ("\"\",\"\"", [["", ""]]),
        ("", []),
    ])
    func `reads what RFC 4180 describes`(_ text: String, _ expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test func `takes another delimiter`() throws {
        let read = try records("a;b,c\n", delimiter: UInt8(ascii: ";"))
        #expect(read == [["a", "b,c"]])
    }

    @Test(arguments: [
        ("a,b\nc,d\"e\n", CRMFailure.malformed(line: 2, .strayQuote)),
        ("a\n\n\"b\"c\n", .malformed(line: 3, .textAfterQuote)),
        ("a\n\"b\nc", .malformed(line: 2, .unclosedQuote)),
        (String(repeating: ",", count: 64), .malformed(line: 1, .tooManyFields)),
        (String(repeating: "x", count: 4097), .malformed(line: 1, .fieldTooLong)),
        ("\"" + String(repeating: "x", count: 5000), .malformed(line: 1, .fieldTooLong)),
    ])
    func `names the line and the fault`(_ text: String, _ failure: CRMFailure) {
        #expect(throws: failure) { try records(text) }
    }

    @Test func `counts the lines inside quoted fields`() throws {
        #expect(throws: CRMFailure.malformed(line: 4, .strayQuote)) {
            try records("a\n\"x\ny\"\nb\"\n")
        }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        var reader = CSVReader([0x61, 0xFF, 0x0A])
        #expect(throws: CRMFailure.malformed(line: 1, .notUTF8)) { try reader.next() }
    }
}
