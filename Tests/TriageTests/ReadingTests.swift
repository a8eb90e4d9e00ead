import Testing
import Triage

struct ReadingTests {
    @Test(arguments: [
        ("can I have my money back?", "refund"), ("the parcel is not here", "delivery"),
        ("forgot password", "password"), ("need an invoice for the payment", "invoice"),
        ("please cancel the subscription", "cancel"), ("csv export of contacts", "export"),
        ("add a colleague to the team", "team"), ("good morning!", "greeting"),
    ])
    func `finds the intent of words it has not seen in this order`(text: String, intent: String) {
        let reading = Workshop.core.read(text)
        #expect(reading.ranking.first?.intent == intent)
    }

    @Test func `ranks at most five intents whose probabilities fall`() {
        let ranking = Workshop.core.read("refund the invoice").ranking
        #expect(ranking.count == 5)
        #expect(ranking.map(\.probability) == ranking.map(\.probability).sorted(by: >))
        #expect(ranking.map(\.probability).reduce(0, +) <= 1.001)
    }

    @Test func `is surer of what it was taught than of what is foreign to it`() {
        let taught = Workshop.core.read("please refund my order")
        let foreign = Workshop.core.read("which mushrooms grow beneath larches")
        #expect(taught.confidence > foreign.confidence)
        #expect(taught.outOfScope < foreign.outOfScope)
        #expect(taught.nearest?.text == "please refund my order")
        #expect((taught.nearest?.similarity ?? 0) > 0.99)
    }

    @Test(arguments: ["", "   ", ".,;", "\u{1F600}"])
    func `says nothing of a text without words`(text: String) {
        let reading = Workshop.core.read(text)
        #expect(reading.ranking.isEmpty)
        #expect(reading.confidence == 0)
        #expect(reading.outOfScope == 1)
        #expect(reading.evidence == nil)
        #expect(reading.words == 0)
    }

    @Test func `reads no further than five hundred words or four kilobytes`() {
        let words = Workshop.core.read(String(repeating: "refund ", count: 5000))
        #expect(words.words == 500)
        let long = Workshop.core.read(String(repeating: "ä", count: 100_000))
        #expect(long.words == 1)
        let marks = Workshop.core.read("a" + String(repeating: "\u{301}", count: 100_000))
        #expect(marks.words == 1)
    }

    @Test func `spelling does not depend on how accents are composed`() {
        let composed = Workshop.core.read("caf\u{E9} refund")
        let decomposed = Workshop.core.read("cafe\u{301} refund")
        #expect(composed == decomposed)
    }

    @Test func `an untrained core answers nothing`() {
        let core = Trainer.train([])
        #expect(core.read("hello").ranking.isEmpty)
        #expect(core.threshold(forPrecision: 0.9) > 1)
    }

    @Test func `a single intent competes with none of these`() {
        let core = Trainer.train([
            Example(text: "track my parcel", intent: "delivery"),
            Example(text: "where is the parcel", intent: "delivery"),
            Example(text: "tell me a joke", intent: nil),
            Example(text: "what a lovely day", intent: nil),
        ])
        let near = core.read("where is my parcel")
        let far = core.read("a lovely joke")
        #expect(near.ranking.map(\.intent) == ["delivery"])
        #expect(near.confidence > far.confidence)
    }
}
