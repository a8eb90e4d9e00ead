import Foundation
import Knowledge
import Model
import Testing

struct WorkspaceLoadingTests {
    /// A folder with the given files, removed when the test is over.
    private final class Folder {
        let path: String

        init(_ files: [String: String]) throws {
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("maitred-\(UUID().uuidString)")
            for (name, text) in files {
                let file = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: file)
            }
            path = folder.path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func faults(_ files: [String: String]) throws -> [String] {
        let folder = try Folder(files)
        do {
            _ = try Workspace.load(folder.path)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    private static let refund = """
        title: Refund
        description: Wants money back.
        answer: Soon.
        examples: [give me my money, refund]
        """
    private static let article = "---\ntitle: T\nsummary: S\n---\nBody\n"

    @Test func `reads what is there`() throws {
        let folder = try Folder([
            "intents/refund.yaml": Self.refund, "articles/a.md": Self.article,
            "sites/app.yaml": "name: App\norigins: [https://App.example/]\ncolour: '#AABBCC'",
            "agents.yaml": "agents: [{email: A@b.example, name: A, role: admin, skills: [x]}]",
            "canned.yaml": "canned: [{id: hi, title: Hi, text: 'no'}]", "crm.csv": "left alone",
        ])
        let workspace = try Workspace.load(folder.path)
        #expect(workspace.intent("refund")?.examples == ["give me my money", "refund"])
        #expect(workspace.intent("refund")?.isAnswerable == true)
        #expect(workspace.article("a")?.body == "Body")
        #expect(workspace.site("app")?.origins == ["https://app.example"])
        #expect(workspace.site("app")?.colour == "#aabbcc")
        #expect(workspace.agents.map(\.email) == ["a@b.example"])
        #expect(workspace.canned.map(\.text) == ["no"])
    }

    @Test func `names file and line of what is wrong in front matter`() throws {
        #expect(
            try faults([
                "articles/bad.md": "---\ntitle: T\nsumary: S\nupdated: yesterday\n---\nBody\n"
            ]) == [
                "articles/bad.md:2: 'summary' is missing",
                "articles/bad.md:4: 'updated' is 'yesterday', not a date such as 2026-11-21",
                "articles/bad.md:3: 'sumary' is not a key here (did you mean 'summary'?)",
            ]
        )
        #expect(
            try faults(["articles/none.md": "# Title\n"])
                == ["articles/none.md:1: does not begin with front matter between two lines of ---"]
        )
        #expect(
            try faults(["articles/yaml.md": "---\ntitle: T\nsummary: a: b\n---\nBody\n"]).first?
                .hasPrefix("articles/yaml.md:3: not YAML: ") == true
        )
        #expect(
            try faults(["articles/empty.md": "---\r\ntitle: T\r\nsummary: S\r\n---\r\n\r\n"])
                == ["articles/empty.md:4: 'body' is empty"]
        )
    }

    @Test func `reports the faults of all files together`() throws {
        let found = try faults([
            "intents/a.yaml": """
            title: A
            description: d
            article: missing
            mode: sometimes
            skill: biling
            choices: [{intent: refnd, title: R}]
            examples: ["Refund!", 'x']
            """,
            "intents/refund.yaml": Self.refund,
            "agents.yaml": "agents: [{email: a@b.example, name: A, skills: [billing]}]",
            "sites/app.yaml": "name: App\norigins: [app.example]\nsuggestions: [nothing]",
        ])
        #expect(
            found == [
                "sites/app.yaml:2: 'origins' is 'app.example', not an origin such as https://app.example.com",
                "intents/a.yaml:4: 'mode' is 'sometimes'; it can be act, suggest, shadow, off",
                "intents/refund.yaml: the example 'refund' is also in intents/a.yaml",
                "intents/a.yaml: 'article' names 'missing', which does not exist",
                "intents/a.yaml: 'choices' names 'refnd', which does not exist (did you mean 'refund'?)",
                "intents/a.yaml: 'skill' names 'biling', which does not exist (did you mean 'billing'?)",
                "sites/app.yaml: 'suggestions' names 'nothing', which does not exist",
            ]
        )
    }

    @Test func `checks templates when they are read`() throws {
        #expect(
            try faults([
                "intents/a.yaml": """
                title: A
                description: d
                needs: [seats]
                answer: |
                  You have {{seats}} seats
                  on {{plan}}.
                examples: [x]
                """
            ]) == [
                "intents/a.yaml:6: {{plan}} may be missing: add it to needs or write {{#plan}}…{{/plan}} around it",
                "intents/a.yaml:1: 'fallback' is missing",
            ]
        )
    }

    @Test func `asks for exactly one way to answer, and for examples`() throws {
        #expect(
            try faults(["intents/a.yaml": "title: A\ndescription: d\nanswer: x\nhand_off: true"])
                == [
                    "intents/a.yaml:1: exactly one of 'answer', 'article', 'hand_off' must be there",
                    "intents/a.yaml: 'examples' is missing",
                ]
        )
    }

    @Test func `refuses a folder that is not there and files that are not text`() throws {
        #expect(throws: WorkspaceFaults.self) { try Workspace.load("/nowhere/at/all") }
        let folder = try Folder(["intents/refund.yaml": Self.refund])
        try Data([0x74, 0xFF, 0xFE]).write(
            to: URL(fileURLWithPath: folder.path + "/intents/b.yaml")
        )
        #expect(throws: WorkspaceFaults.self) { try Workspace.load(folder.path) }
        #expect(
            try faults(["canned.yaml": "canned: []\n" + String(repeating: "#", count: 1 << 20)])
                == ["canned.yaml: is larger than 1048576 bytes"]
        )
    }

    @Test func `takes examples from tables`() throws {
        let folder = try Folder([
            "intents/refund.yaml": Self.refund,
            "intents/more.csv":
                "\u{FEFF}text,intent\r\n\"I want, \"\"now\"\"\r\nmy money\",refund\r\n"
                + "refund,refund\r\nWhere is my card?,Card_Arrival?\r\nrefund,Card_Arrival?\r\n",
        ])
        let workspace = try Workspace.load(folder.path)
        #expect(
            workspace.intent("refund")?.examples
                == ["give me my money", "refund", "I want, \"now\"\r\nmy money"]
        )
        let made = try #require(workspace.intent("card_arrival"))
        #expect(made.title == "Card arrival")
        #expect(made.examples == ["Where is my card?", "refund"])
        let answer = try #require(workspace.answer(to: made, facts: FactScope()))
        #expect(answer.text.hasPrefix("This looks like card arrival (card_arrival). "))
        #expect(answer.choices.map(\.id) == [IntentDefinition.human])
    }

    @Test(arguments: [
        ("", CSVFault.empty), ("a,b\n1\n", .wrongWidth(line: 2, columns: 1, expected: 2)),
        ("text,intent\n\"x,y\n", .unclosedQuote(line: 2)),
        ("text,intent\n\"x\"y,z\n", .textAfterQuote(line: 2)),
        ("text,label\nx,y\n", .missingColumn("intent")),
    ])
    func `says which line of a table is wrong`(csv: String, fault: CSVFault) {
        #expect(throws: fault) { try IntentTable(csv: csv) }
    }

    @Test(arguments: [
        ("Refund_not_showing_up", "refund_not_showing_up"), ("card arrival?", "card_arrival"),
        ("__x", "x"), ("???", nil), ("Ünter", "nter"),
    ])
    func `makes slugs of labels`(label: String, slug: String?) {
        #expect(Slug.make(from: label) == slug)
        if let slug { #expect(Slug.isValid(slug)) }
    }
}
