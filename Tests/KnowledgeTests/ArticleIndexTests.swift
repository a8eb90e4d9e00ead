import Knowledge
import Testing

struct ArticleIndexTests {
    private static let articles = [
        Article(
            id: "refunds",
            title: "Refunds",
            summary: "When we pay money back.",
            body: "We refund yearly plans within thirty days.\n\n## How long it takes\n\n"
                + "The money is on your card after five working days.",
            tags: ["money back"],
            pages: [PageGlob("billing.*")]
        ),
        Article(
            id: "cards",
            title: "Change your card",
            summary: "Replace the card you pay with.",
            body: "Open billing and press **Replace card**. The new card is charged next month.",
            pages: [PageGlob("billing.plan")]
        ),
        Article(
            id: "boards",
            title: "Boards",
            summary: "Columns and cards.",
            body: "A board has columns. Drag a card to another column.",
            pages: [PageGlob("project.*")]
        ),
        Article(
            id: "tafeln",
            title: "Tafeln",
            summary: "Spalten und Karten.",
            body: "Eine Tafel hat Spalten für Karten. Ziehe eine Karte in eine andere Spalte.",
            language: "de"
        ),
        Article(
            id: "login",
            title: "Problems signing in",
            summary: "Passwords and second factors.",
            body:
                "Reset your password. The mail arrives within minutes. Café Zürich can sign in too."
        ),
    ]
    private let index = ArticleIndex(articles)

    @Test func `puts the article whose title fits first`() {
        #expect(index.search("how can I get a refund?").map(\.article.id) == ["refunds"])
        #expect(index.search("replace my card").first?.article.id == "cards")
    }

    @Test func `finds words in their other forms and without accents`() {
        #expect(index.search("refunded").first?.article.id == "refunds")
        #expect(index.search("PASSWORDS resetting").first?.article.id == "login")
        #expect(index.search("cafe zurich").first?.article.id == "login")
        #expect(index.search("ＢＯＡＲＤ").first?.article.id == "boards")
    }

    @Test func `prefers what is about the page`() {
        #expect(index.search("card", page: "project.board").first?.article.id == "boards")
        #expect(index.search("card", page: "billing.plan").first?.article.id == "cards")
    }

    @Test func `keeps to the language where there are articles in it`() {
        #expect(index.search("Karte Spalte", language: "de-AT").map(\.article.id) == ["tafeln"])
        #expect(index.search("Spalte", language: "en").isEmpty)
        #expect(index.search("Spalte", language: "fr").map(\.article.id) == ["tafeln"])
    }

    @Test func `names the passage, how much of the question it covers, and quotes it`() throws {
        let hit = try #require(index.search("working days until money on the card").first)
        #expect(hit.article.id == "refunds")
        #expect(hit.passage.heading == "How long it takes")
        #expect(hit.coverage > 0.7 && hit.coverage <= 1)
        #expect(hit.snippet == "The money is on your card after five working days.")
        let partly = try #require(index.search("refund for a xylophone").first)
        #expect(partly.coverage < 0.7)
    }

    @Test func `quotes around the words in a long passage`() throws {
        let filler = String(repeating: "Some words about other things. ", count: 40)
        let long = Article(
            id: "long",
            title: "Long",
            body: filler + "The zebra is striped. " + filler
        )
        let hit = try #require(ArticleIndex([long]).search("zebra").first)
        #expect(hit.snippet.contains("The zebra is striped."))
        #expect(hit.snippet.hasPrefix("… ") && hit.snippet.hasSuffix(" …"))
        #expect(hit.snippet.count < 220)
    }

    @Test(arguments: ["", "   ", "the of and", "?!", "qwertzuiop"])
    func `finds nothing for what says nothing`(query: String) {
        #expect(index.search(query).isEmpty)
    }

    @Test func `looks at an endless query only in part`() {
        let query = String(repeating: "refund card ", count: 20_000)
        #expect(index.search(query, limit: 1).count == 1)
    }

    @Test(arguments: [
        ("billing.*", "billing.plan", true), ("billing.*", "billing", true),
        ("billing.*", "billings", false), ("*", "anything", true),
        ("project.board", "project", false),
        ("*.invoice", "billing.invoice", true), ("a*b*c", "a-b-c", true), ("a*b*c", "a-c", false),
    ])
    func `matches the names of pages`(pattern: String, page: String, expected: Bool) {
        #expect(PageGlob(pattern).matches(page) == expected)
    }

    @Test(arguments: [
        ["bill", "bills", "billing", "billed"], ["invoice", "invoices", "invoicing", "invoiced"],
        ["company", "companies"], ["cancel", "cancels", "cancelled", "cancelling", "cancellation"],
        ["password", "passwords"], ["invite", "invitation", "inviting"], ["address", "addresses"],
    ])
    func `brings the forms of a word together`(forms: [String]) {
        #expect(Set(forms.flatMap(SearchWords.words)).count == 1)
    }
}
