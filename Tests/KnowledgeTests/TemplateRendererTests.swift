import JSONCoding
import Knowledge
import Model
import Testing

struct TemplateRendererTests {
    private static func facts(
        _ crm: JSON.Object = [:],
        name: String? = nil,
        page: JSON.Object = [:]
    ) -> FactScope {
        FactScope(
            sources: [.init(name: "crm", facts: crm)],
            name: name,
            page: PageContext(number: 1, path: "/billing", page: "billing.invoice", facts: page)
        )
    }

    @Test func `puts facts in`() throws {
        let renderer = try TemplateRenderer(
            "You are on **{{plan}}** until {{date(crm.renewal_date)}}, worth €{{number(value)}}, "
                + "invoice `{{page.invoice_id}}`{{#contact.first_name}}, {{contact.first_name}}{{/contact.first_name}}."
        )
        let blocks = renderer.blocks(
            Self.facts(
                ["plan": "Studio", "renewal_date": "2027-03-01", "value": 48000],
                name: "Ada Byron",
                page: ["invoice_id": "in_20_7"]
            )
        )
        #expect(
            blocks == [
                .paragraph([
                    .text("You are on "), .strong([.text("Studio")]),
                    .text(" until 1 March 2027, worth €48,000, invoice "), .code("in_20_7"),
                    .text(", Ada."),
                ])
            ]
        )
    }

    @Test(arguments: [
        "[click](javascript:x)", "[click](https://evil.example)", "**bold**", "# Heading",
        "1. list",
        "<img src=x onerror=y>", "https://evil.example", "a\n\n# b", "```\ncode",
        "| a | b |\n|--|--|",
        "![x](https://evil.example/t.gif)", "&lt;b&gt;", "\\*", "{{plan}}", "\u{E000}0\u{E001}",
    ])
    func `never reads a fact as markup`(value: String) throws {
        let renderer = try TemplateRenderer("{{contact.name}}\n\nHello {{contact.name}}!")
        let blocks = renderer.blocks(Self.facts(name: value))
        #expect(blocks.count == 2)
        for block in blocks {
            guard case .paragraph(let inline) = block else {
                Issue.record("\(block)")
                continue
            }
            #expect(inline.count == 1)
            guard case .text(let text)? = inline.first else {
                Issue.record("\(inline)")
                continue
            }
            #expect(!text.contains("\n"))
        }
        if value == "[click](javascript:x)" {
            #expect(blocks.plainText == "\(value)\n\nHello \(value)!")
        }
    }

    @Test func `keeps a fact in its place in an address`() throws {
        let renderer = try TemplateRenderer(
            "[a](/invoices/{{id}}) [b]({{id}}) [c](https://{{id}}.tideline.example/)"
        )
        func links(_ id: String) -> [Block] { renderer.blocks(Self.facts(["id": .string(id)])) }
        #expect(
            links("in_1") == [
                .paragraph([
                    .link(url: "/invoices/in_1", [.text("a")]), .text(" b "),
                    .link(url: "https://in_1.tideline.example/", [.text("c")]),
                ])
            ]
        )
        #expect(
            links("javascript:x//../y") == [
                .paragraph([
                    .link(url: "/invoices/javascript%3Ax%2F%2F%2E%2E%2Fy", [.text("a")]),
                    .text(" b "),
                    .link(
                        url: "https://javascript%3Ax%2F%2F%2E%2E%2Fy.tideline.example/",
                        [.text("c")]
                    ),
                ])
            ]
        )
    }

    @Test func `shortens facts and takes out what cannot be seen`() throws {
        let renderer = try TemplateRenderer("{{a}}|{{b}}")
        let text = renderer.blocks(
            Self.facts([
                "a": .string(String(repeating: "x", count: 5000)), "b": "e\u{202E}v\u{0}il",
            ])
        )
        .plainText
        #expect(text.count < 250)
        #expect(text.hasSuffix("…|evil"))
    }

    @Test func `leaves out sections about facts that are missing`() throws {
        let renderer = try TemplateRenderer(
            "Hi{{#seats}}, {{seats}} seats{{/seats}}{{^seats}}, no seats{{/seats}}."
        )
        #expect(renderer.blocks(Self.facts()).plainText == "Hi, no seats.")
        #expect(renderer.blocks(Self.facts(["seats": ""])).plainText == "Hi, no seats.")
        #expect(renderer.blocks(Self.facts(["seats": 3])).plainText == "Hi, 3 seats.")
    }

    @Test func `writes lists and numbers for people`() throws {
        let renderer = try TemplateRenderer("{{owners}}: {{number(total)}}, {{share}}, {{flag}}")
        let text = renderer.blocks(
            Self.facts([
                "owners": ["A", "B", "[c](/d)"], "total": 1234.5, "share": 7.0, "flag": true,
            ])
        )
        .plainText
        #expect(text == "A, B and [c](/d): 1,234.5, 7, true")
    }

    @Test func `does not find what the page says under a bare name`() {
        let facts = Self.facts(page: ["plan": "Enterprise"])
        #expect(facts["plan"] == nil)
        #expect(facts["page.plan"] == "Enterprise")
    }

    @Test(arguments: [
        "{{{plan}}}", "{{&plan}}", "{{>partial}}", "{{<layout}}{{/layout}}", "{{$block}}{{/block}}",
        "{{=<% %>=}}", "{{% CONTENT_TYPE:HTML}}", "{{colour(plan)}}", "{{plan", "{{#plan}}x",
        "{{a b}}",
    ])
    func `refuses tags that answers do not use`(template: String) {
        #expect(throws: TemplateFault.self) { _ = try TemplateRenderer(template) }
    }

    @Test func `asks for a guard around facts that may be missing`() throws {
        let check = try TemplateCheck("a\n{{plan}} {{#seats}}{{seats}}{{/seats}}")
        try check.requireGuards(needs: ["plan"])
        #expect(throws: TemplateFault.unguarded("plan", line: 2)) {
            try check.requireGuards(needs: [])
        }
        let inverted = try TemplateCheck("{{^seats}}{{seats}}{{/seats}}")
        #expect(throws: TemplateFault.self) { try inverted.requireGuards(needs: []) }
    }
}
