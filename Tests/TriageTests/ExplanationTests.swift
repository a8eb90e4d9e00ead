import Testing
import Triage

struct ExplanationTests {
    @Test(arguments: [
        "refund", "where is my money, where is it?", "I can't log in: password wrong!!",
        "the the the invoice", "Grüße, wo ist mein Paket?", "12 exports 345", "日本語 refund",
    ])
    func `contributions add up to the margin`(text: String) throws {
        let explanation = try #require(Workshop.core.explain(text))
        let sum = explanation.contributions.reduce(0) { $0 + $1.weight }
        #expect(abs(sum - explanation.margin) <= 1e-4)
        #expect(abs(explanation.residual) <= 1e-4)
    }

    @Test func `names the words that speak for the intent`() throws {
        let explanation = try #require(Workshop.core.explain("I need the invoice"))
        let strongest = explanation.contributions.max { $0.weight < $1.weight }
        #expect(explanation.intent == "invoice")
        #expect(strongest?.text == "invoice")
        #expect(strongest?.source == .word)
    }

    @Test func `an explanation turned around has the opposite sign`() throws {
        let one = try #require(
            Workshop.core.explain("cancel the export", intent: "cancel", against: "export")
        )
        let other = try #require(
            Workshop.core.explain("cancel the export", intent: "export", against: "cancel")
        )
        #expect(abs(one.margin + other.margin) <= 1e-4)
        for (left, right) in zip(one.contributions, other.contributions) {
            #expect(abs(left.weight + right.weight) <= 1e-4)
        }
    }

    @Test func `explains nothing without words or of an unknown intent`() {
        #expect(Workshop.core.explain("...") == nil)
        #expect(Workshop.core.explain("refund", intent: "weather") == nil)
        #expect(Workshop.core.explain("refund", against: "weather") == nil)
    }
}
