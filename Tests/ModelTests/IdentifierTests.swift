import Model
import Testing

struct IdentifierTests {
    @Test func `an identifier survives its text form`() throws {
        for _ in 0..<200 {
            let id = ConversationID.make(at: Timestamp(milliseconds: 1_700_000_000_000))
            #expect(ConversationID(id.description) == id)
            #expect(id.description.utf8.count == 30)
        }
    }

    @Test func `identifiers sort by the time they were made`() {
        let early = MessageID.make(at: Timestamp(milliseconds: 1_700_000_000_000))
        let late = MessageID.make(at: Timestamp(milliseconds: 1_700_000_000_001))
        #expect(early < late)
        #expect(early.description < late.description)
    }

    @Test func `the specification's example is read digit for digit`() {
        let text = "msg_01h455vb4pex5vsknk084sn02q"
        #expect(MessageID(text)?.description == text)
    }

    @Test(arguments: [
        "", "cnv_", "msg_01h455vb4pex5vsknk084sn02q", "cnv_81h455vb4pex5vsknk084sn02q",
        "cnv_01h455vb4pex5vsknk084sn02", "cnv_01H455VB4PEX5VSKNK084SN02Q",
        "cnv-01h455vb4pex5vsknk084sn02q", "cnv_01h455vb4pex5vsknk084sn0lu",
    ])
    func `another kind and malformed text are refused`(text: String) {
        #expect(ConversationID(text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_795_253_400_125, "2026-11-21T09:30:00.125Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func `a moment is written in ISO 8601 and read again`(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.description == text)
        #expect(Timestamp(text) == moment)
    }
}
