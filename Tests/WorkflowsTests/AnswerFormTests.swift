import JSONCoding
import Testing
import Workflows

/// What counts as an answer.
struct AnswerFormTests {
    @Test(arguments: [
        ("#1001", "#1001"), ("order 1001, please", "#1001"), ("(#1001)", "#1001"),
        ("1001 I think. Yes, 1001!", "#1001"),
    ])
    func `a code is found in what is written around it`(_ words: String, _ code: String) throws {
        let form = AnswerForm.code(try #require(Mould("#0000")))
        #expect(form.value(in: words) == .string(code))
    }

    @Test(arguments: ["10010", "#100", "1001 or 1002", "", "a1001", "#1001x"])
    func `what does not fit the mould, or fits twice, is no code`(_ words: String) throws {
        let form = AnswerForm.code(try #require(Mould("#0000")))
        #expect(form.value(in: words) == nil)
    }

    @Test func `a mould can leave open how many there are`() throws {
        let mould = try #require(Mould("INV-0*"))
        #expect(mould.only(in: "it says inv-20391") == "INV-20391")
        #expect(mould.only(in: "INV-") == nil)
        #expect(Mould("---") == nil)
    }

    @Test(arguments: [
        ("12.50", 1250), ("€ 12,5", 1250), ("1.234,50 euros", 123_450), ("1,234.50", 123_450),
        ("30", 3000), ("1.200", 120_000), ("1,234,567", 123_456_700), ("٣٠", 3000),
        ("12.50.", 1250), ("It was 12,5.", 1250), ("7.", 700),
    ])
    func `money is read as people write it`(_ words: String, _ cents: Int) {
        #expect(AnswerForm.amount.value(in: words) == .int(Int64(cents)))
    }

    @Test(arguments: [
        "12 or 13", "a few", "-5", "10-20 euros", "2024-05-01", "01.05.2024", "12.05.24", "1.2345",
    ])
    func `an amount that is not one amount is none`(_ words: String) {
        #expect(AnswerForm.amount.value(in: words) == nil)
    }

    @Test(arguments: [
        "yes", "Yes please", "ok", "Yep, do that", "That's right", "please go ahead", "ja bitte",
        "Sí, por favor", "oui", "نعم",
    ])
    func `a plain yes is a yes`(_ words: String) { #expect(YesNo.read(words) == true) }

    @Test(arguments: ["no", "No thanks", "nein danke", "non merci", "please don't", "لا"])
    func `a plain no is a no`(_ words: String) { #expect(YesNo.read(words) == false) }

    @Test(arguments: [
        "yes but only the shoes", "not sure", "is that right?", "is that ok", "you sure",
        "ist das richtig", "maybe", "no wait yes",
        "that is not right", "what happens if I say yes and it has been sent already", "",
    ])
    func `anything else is neither`(_ words: String) { #expect(YesNo.read(words) == nil) }

    @Test func `an address is found, and two are none`() {
        #expect(AnswerForm.email.value(in: "It's <Mira@Shop.example>.") == "mira@shop.example")
        #expect(AnswerForm.email.value(in: "a@b.example or c@d.example") == nil)
        #expect(AnswerForm.email.value(in: "mira at shop") == nil)
    }

    @Test func `a choice is one of its titles or values and nothing near them`() {
        let form = AnswerForm.choice([
            .init(value: "late", title: "It came too late"),
            .init(value: "broken", title: "It is broken"),
        ])
        #expect(form.value(in: "it is broken.") == "broken")
        #expect(form.value(in: "LATE") == "late")
        #expect(form.value(in: "it is not broken") == nil)
    }

    @Test func `only what cannot be mistaken counts before anybody has asked`() throws {
        let code = AnswerForm.code(try #require(Mould("#0000")))
        #expect(code.mention(in: "cancel #1001") == "#1001")
        #expect(code.mention(in: "I ordered in 2024, cancel it") == nil)
        #expect(try #require(Mould("AAAA")).only(in: "that") == "THAT")
        #expect(AnswerForm.code(try #require(Mould("AAAA"))).mention(in: "cancel that") == nil)
        #expect(AnswerForm.text.mention(in: "cancel #1001") == nil)
        #expect(AnswerForm.amount.mention(in: "I paid 20") == nil)
        #expect(AnswerForm.yesNo.mention(in: "yes") == nil)
    }
}
