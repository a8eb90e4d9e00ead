import Testing
import Triage

struct CSVReaderTests {
    @Test func `reads quotes, commas, line breaks and both line endings`() throws {
        let file = "text,intent\r\n\"a, \"\"b\"\"\nc\",x\n\nplain,oos\n last,"
        let examples = try CSVReader.examples(in: Array(file.utf8))
        #expect(
            examples == [
                Example(text: "a, \"b\"\nc", intent: "x"), Example(text: "plain", intent: nil),
                Example(text: " last", intent: nil),
            ]
        )
    }

    @Test func `finds columns by name and passes over a byte order mark`() throws {
        let file = "\u{FEFF}id,intent,text\n1,greeting,hello\n"
        let examples = try CSVReader.examples(in: Array(file.utf8))
        #expect(examples == [Example(text: "hello", intent: "greeting")])
    }

    @Test(arguments: [
        ("text,intent\n\"open,x\n", 3), ("text,intent\n\"a\"b,x\n", 2), ("text,intent\na\n", 2),
        ("text,label\na,b\n", 1), ("intent\na\n", 1),
    ])
    func `names the line that is wrong`(file: String, line: Int) {
        #expect {
            try CSVReader.examples(in: Array(file.utf8))
        } throws: { error in
            guard case .malformedCSV(line, _) = error as? TriageFailure else { return false }
            return true
        }
    }

    @Test func `refuses what is not UTF-8`() {
        #expect(throws: TriageFailure.self) {
            try CSVReader.records(in: [0x61, 0xFF, 0x0A])
        }
    }
}
