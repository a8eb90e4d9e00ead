import JSONCoding
import Knowledge
import Model
import Testing

struct MarkdownRendererTests {
    @Test func `renders what answers are made of`() {
        let blocks = MarkdownRenderer.blocks(
            """
            ## Steps

            1. Open **Billing**
            2. Choose *Plan*, then `Save`

            > Note

            See [the guide](/help/plans "t") or\\
            <mailto:hi@tideline.example>.
            """
        )
        #expect(
            blocks == [
                .heading(level: 2, [.text("Steps")]),
                .list(
                    ordered: true,
                    items: [
                        [.paragraph([.text("Open "), .strong([.text("Billing")])])],
                        [
                            .paragraph([
                                .text("Choose "), .emphasis([.text("Plan")]), .text(", then "),
                                .code("Save"),
                            ])
                        ],
                    ]
                ),
                .quote([.paragraph([.text("Note")])]),
                .paragraph([
                    .text("See "), .link(url: "/help/plans", [.text("the guide")]), .text(" or"),
                    .lineBreak,
                    .link(
                        url: "mailto:hi@tideline.example",
                        [.text("mailto:hi@tideline.example")]
                    ),
                    .text("."),
                ]),
            ]
        )
    }

    @Test func `shows raw HTML as text`() {
        let blocks = MarkdownRenderer.blocks(
            "Hi <b onclick=\"x()\">you</b>\n\n<script>alert(1)</script>"
        )
        #expect(
            blocks == [
                .paragraph([.text("Hi <b onclick=\"x()\">you</b>")]),
                .paragraph([.text("<script>alert(1)</script>")]),
            ]
        )
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x",
        "//evil.example",
        "/\\evil.example", "file:///etc/passwd", "java&#10;script:x", "page.html", "",
    ])
    func `takes the address off a link that is not safe`(url: String) {
        #expect(MarkdownRenderer.blocks("[click](<\(url)>)") == [.paragraph([.text("click")])])
    }

    @Test func `makes a card of a titled link that stands by itself`() {
        let card = Block.linkCard(url: "/plans", title: "Plans", text: "What each costs")
        #expect(MarkdownRenderer.blocks("[Plans](/plans \"What each costs\")") == [card])
        #expect([card].plainText == "Plans (/plans)\nWhat each costs")
        #expect(Block(json: card.json) == card)
        for text in [
            "[Plans](/plans)", "See [Plans](/plans \"What each costs\")",
            "[Plans](javascript:x \"What each costs\")",
        ] {
            let blocks = MarkdownRenderer.blocks(text)
            #expect(!blocks.contains { if case .linkCard = $0 { true } else { false } })
        }
    }

    @Test func `takes out images whose address is not safe and keeps their words`() {
        #expect(
            MarkdownRenderer.blocks("![a chart](data:image/png;base64,AA)")
                == [.paragraph([.text("a chart")])]
        )
        #expect(
            MarkdownRenderer.blocks("Before ![a chart](https://x.example/c.png) after") == [
                .paragraph([.text("Before ")]),
                .image(url: "https://x.example/c.png", alt: "a chart"),
                .paragraph([.text(" after")]),
            ]
        )
    }

    @Test func `writes tables as lists`() {
        let blocks = MarkdownRenderer.blocks(
            """
            | Plan | Seats | Price |
            |------|-------|-------|
            | Solo | 1 | €12 |
            | Studio | 10 | €49 |
            """
        )
        #expect(blocks.plainText == "• Solo: Seats 1; Price €12\n• Studio: Seats 10; Price €49")
    }

    @Test func `stays within its limits`() {
        let deep = String(repeating: "> ", count: 20_000) + "x"
        #expect(Self.depth(MarkdownRenderer.blocks(deep)) <= MarkdownRenderer.maximumDepth + 1)
        let long = String(repeating: "word ", count: 100_000)
        #expect(
            MarkdownRenderer.blocks(long).plainText.utf8.count <= MarkdownRenderer.maximumLength
        )
        let many = String(repeating: "* a\n", count: 15_000)
        #expect(
            MarkdownRenderer.blocks(many).plainText.count(where: { $0 == "a" })
                <= MarkdownRenderer.maximumCount
        )
        let nested = String(repeating: "*a **b ", count: 5000)
        #expect(!MarkdownRenderer.blocks(nested).isEmpty)
    }

    @Test func `survives the way to JSON and back`() throws {
        let blocks = MarkdownRenderer.blocks(
            "# A\n\n- b\n  1. [c](/d)\n\n```swift\nlet e = 1\n```\n\n---\n\n> **f** *g*  \n`h`\n\n![i](/j.png)"
        )
        let json = try JSON(parsing: blocks.json.text)
        #expect([Block](json: json) == blocks)
    }

    @Test(arguments: [
        #"{"type":"image","url":"javascript:x","alt":""}"#,
        #"{"type":"paragraph","inline":[{"type":"link","url":"data:x","inline":[]}]}"#,
        #"{"type":"heading","level":9,"inline":[]}"#,
        #"{"type":"script","text":"x"}"#,
        #"{"type":"list","ordered":true,"items":[[{"type":"rule"}],3]}"#,
    ])
    func `does not read blocks that are not safe or not known`(text: String) throws {
        #expect(Block(json: try JSON(parsing: text)) == nil)
    }

    @Test func `says in plain text where links lead`() {
        let text = MarkdownRenderer.blocks(
            "See [plans](/plans) or <https://a.example>.\n\n1. x\n2. y"
        ).plainText
        #expect(text == "See plans (/plans) or https://a.example.\n\n1. x\n2. y")
    }

    private static func depth(_ blocks: [Block]) -> Int {
        blocks.map { block in
            if case .quote(let inner) = block { 1 + depth(inner) } else { 1 }
        }.max() ?? 0
    }
}
