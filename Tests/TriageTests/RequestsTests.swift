import Testing
import Triage

/// Several requests in one turn.
struct RequestsTests {
    private static let core = Trainer.train(Workshop.examples)

    private func intents(_ text: String) -> [String?] {
        Self.core.requests(in: text).map(\.reading.ranking.first?.intent)
    }

    @Test(arguments: [
        "I want my money back and where do I find invoices",
        "please refund my order. Also, reset my password please",
        "my package has not arrived, I forgot my password",
    ])
    func `two requests are told apart`(_ text: String) {
        let found = intents(text)
        #expect(found.count == 2)
        #expect(Set(found).count == 2)
    }

    @Test func `every example alone is one request`() {
        for example in Workshop.examples {
            #expect(Self.core.requests(in: example.text).count == 1, "\(example.text)")
        }
    }

    @Test func `the parts are the customer's words, in order`() {
        let found = Self.core.requests(in: "I want my money back, and where do I find invoices?")
        #expect(found.map(\.text) == ["I want my money back,", "where do I find invoices?"])
    }

    @Test(arguments: [
        "", "?!", "and and and and and and and", String(repeating: "a, b c d ", count: 900),
    ])
    func `odd texts are one request or none`(_ text: String) {
        #expect(Self.core.requests(in: text).count <= 4)
    }
}
