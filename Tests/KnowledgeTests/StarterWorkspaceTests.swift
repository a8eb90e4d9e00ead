import JSONCoding
import Knowledge
import Model
import Testing

struct StarterWorkspaceTests {
    private static let starter = Result { () throws(WorkspaceFaults) in
        try Workspace.load(Workspace.starterFolder)
    }
    private static let index = starter.map { ArticleIndex($0.articles) }
    private static let crm: JSON.Object = [
        "plan": "Studio", "tier": "gold", "company": "Northlight Studio", "seats": 7,
        "account_value": 5400, "renewal_date": "2027-02-14",
    ]

    @Test func `loads without a fault and is as large as promised`() throws {
        let workspace = try Self.starter.get()
        #expect(workspace.sites.count == 2)
        #expect(workspace.agents.count == 3)
        #expect(Set(workspace.agents.map(\.role)) == [.admin, .supervisor, .agent])
        #expect(Set(workspace.agents.flatMap(\.skills)) == ["billing", "technical", "general"])
        #expect(workspace.intents.count >= 36)
        for intent in workspace.intents {
            #expect(Set(intent.examples).count >= 16, "\(intent.name)")
        }
        #expect(workspace.articles.count >= 32)
        for article in workspace.articles {
            let words = article.body.split(whereSeparator: \.isWhitespace).count
            #expect((150...350).contains(words), "\(article.id) has \(words) words")
        }
        #expect(workspace.canned.count >= 15)
        #expect(workspace.intents.count(where: \.isSensitive) >= 5)
    }

    @Test func `answers each intent with and without facts, or hands it off`() throws {
        let workspace = try Self.starter.get()
        let known = FactScope(
            sources: [.init(name: "crm", facts: Self.crm)],
            name: "Elena Marsh",
            page: PageContext(
                number: 1,
                path: "/billing/invoices/in_2026_118",
                page: "billing.invoice",
                facts: ["invoice_id": "in_2026_118"]
            )
        )
        for intent in workspace.intents {
            for facts in [FactScope(), known] {
                let answer = workspace.answer(to: intent, facts: facts)
                if case .handOff = intent.answer {
                    #expect(answer == nil)
                    #expect(workspace.handOffMessage(of: intent, facts: facts) != nil)
                    continue
                }
                let text = try #require(answer?.text, "\(intent.name)")
                #expect((20...1500).contains(text.count), "\(intent.name): \(text.count)")
                #expect(!text.contains("{{") && !text.contains("**"), "\(intent.name)")
            }
        }
    }

    @Test func `says what the customer's plan is`() throws {
        let workspace = try Self.starter.get()
        let intent = try #require(workspace.intent("current_plan"))
        let facts = FactScope(sources: [.init(name: "crm", facts: Self.crm)])
        let answer = try #require(workspace.answer(to: intent, facts: facts))
        #expect(answer.missing.isEmpty)
        #expect(
            answer.text.hasPrefix(
                "Northlight Studio is on the Studio plan with 7 people. "
                    + "It renews on 14 February 2027."
            )
        )
        let unknown = try #require(workspace.answer(to: intent, facts: FactScope()))
        #expect(unknown.missing == ["plan"])
        #expect(unknown.text.hasPrefix("Your plan, and how much of it you use"))
    }

    @Test(arguments: [
        ("how do I get my money back", "refunds-and-cancellation"),
        ("my card was declined", "when-a-payment-fails"),
        ("vat number on the invoice", "billing-details-and-vat"),
        ("import from trello", "import-from-another-tool"),
        ("set up okta saml", "single-sign-on"),
        ("I deleted a task by accident, can it be restored?", "bin-and-restore"),
        ("outlook events twice", "connect-your-calendar"),
        ("logo on our invoices", "invoice-design"),
        ("someone logged in to my account from another country", "sessions-and-devices"),
        ("webhook signature", "use-the-api-and-webhooks"),
        ("stop the timer", "track-your-time"),
        ("what is a bookkeeper allowed to do?", "roles-and-permissions"),
        ("keyboard shortcuts", "keyboard-and-accessibility"),
        ("how many gigabytes of storage are left", "files-and-storage"),
    ])
    func `finds the article for a question`(question: String, article: String) throws {
        let hits = try Self.index.get().search(question)
        #expect(hits.first?.article.id == article, "\(hits.map(\.article.id))")
        #expect(hits.first?.snippet.isEmpty == false)
    }
}
