import Knowledge
import Model
import Testing

struct ArticleOpeningTests {
    private func opening(_ body: String) -> String {
        Article(id: "a", title: "A", body: body).opening.plainText
    }

    @Test func `quotes an article up to its second heading`() {
        let steps = String(repeating: "Press the button. ", count: 20)
        #expect(opening("# A\n\n\(steps)\n\n## More\n\nother") == steps.dropLast())
        #expect(opening("Short.\n\n## More\n\nother") == "Short.\n\nMore\n\nother")
    }

    @Test func `quotes no more than a screen, and at least a block`() {
        let block = String(repeating: "word ", count: 150)
        let text = opening([block, block, block].joined(separator: "\n\n"))
        #expect(text.count == block.count * 1 - 1)
        #expect(opening(String(repeating: "word ", count: 1000)).count > 4000)
        #expect(opening("Short.\n\n## More\n\n\(block)\(block)") == "Short.")
    }
}
