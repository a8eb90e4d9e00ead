import Desk
import Foundation
import JSONCoding
import Knowledge
import Model
import Store
import Testing

struct DirectoryTests {
    @Test func `keeps sites and their keys over a restart`() async throws {
        try await TestWorkspace.with { workspace in
            var site = Site(
                id: .make(at: TestWorkspace.time(0)),
                name: "Shop",
                origins: ["https://shop.example"],
                greeting: "Hello",
                language: "de",
                colour: "#112233",
                requiresIdentity: true,
                idleAfter: .seconds(60),
                botName: "Bo"
            )
            try await workspace.store.addSite(site, keys: [["kid": "a"]])
            #expect(try await workspace.store.sites() == [site])
            site.origins.append("https://other.example")
            try await workspace.store.updateSite(site)
            try await workspace.store.addIdentityKey(["kid": "b"], to: site.id)
            #expect(try await workspace.store.site(site.id) == site)
            await workspace.store.close()

            let store = try Store.open(folder: workspace.folder)
            #expect(try await store.site(site.id) == site)
            #expect(try await store.identityKeys(of: site.id) == [["kid": "a"], ["kid": "b"]])
            #expect(try await store.site(.make(at: TestWorkspace.time(9))) == nil)
            await store.close()
        }
    }

    @Test func `knows agents by their address in any case`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            let agent = Agent(
                id: .make(at: TestWorkspace.time(0)),
                name: "Ana",
                email: "Ana@Example.com",
                role: .supervisor,
                skills: ["billing"],
                capacity: 3
            )
            #expect(try await store.addAgent(agent, passwordHash: "h1"))
            var twin = agent
            twin.id = .make(at: TestWorkspace.time(1))
            twin.email = "ANA@example.com"
            #expect(try await store.addAgent(twin, passwordHash: "h2") == false)
            try await store.setPasswordHash("h3", of: agent.id)
            let known = try #require(try await store.signIn(email: "aNa@example.COM"))
            #expect(known.passwordHash == "h3")
            #expect(known.agent.email == "ana@example.com")
            #expect(try await store.agents() == [known.agent])
            #expect(try await store.agent(agent.id)?.skills == ["billing"])
            #expect(try await store.signIn(email: "nobody@example.com") == nil)
        }
    }

    @Test func `keeps console sessions until they are removed`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            let session = ConsoleSession(
                agent: .make(at: TestWorkspace.time(0)),
                csrf: "c",
                expires: TestWorkspace.time(9)
            )
            try await store.saveConsoleSession(hash: "h", session)
            #expect(try await store.consoleSession(hash: "h") == session)
            try await store.removeConsoleSession(hash: "h")
            #expect(try await store.consoleSession(hash: "h") == nil)
        }
    }

    @Test func `knows contacts by id and by external id`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            var contact = Contact(
                id: .make(at: TestWorkspace.time(0)),
                site: workspace.site,
                externalID: "u1",
                createdAt: TestWorkspace.time(0)
            )
            try await store.save(contact)
            #expect(try await store.contact(contact.id) == contact)
            contact.name = "Kim"
            contact.email = "kim@example.com"
            try await store.save(contact)
            #expect(try await store.contact(contact.id) == contact)
            #expect(
                try await store.contact(site: workspace.site, externalID: "u1") == contact
            )
            let elsewhere = SiteID.make(at: TestWorkspace.time(5))
            #expect(try await store.contact(site: elsewhere, externalID: "u1") == nil)
            var twin = contact
            twin.id = .make(at: TestWorkspace.time(1))
            await #expect(throws: LogFailure.self) { try await store.save(twin) }
        }
    }

    @Test func `keeps a new contact with their visitor token, and finds what they begin`()
        async throws
    {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            let made = TestWorkspace.time(0)
            let (first, second) = (
                Contact(id: .make(at: made), site: workspace.site, createdAt: made),
                Contact(id: .make(at: made), site: workspace.site, createdAt: made)
            )
            try await store.add(first, visitor: "h1")
            try await store.add(second, visitor: "h2")
            #expect(try await store.contact(first.id) == first)
            let record = VisitorRecord(contact: first.id, site: workspace.site)
            #expect(try await store.visitor(hash: "h1") == record)
            #expect(try await workspace.open(of: first.id).isEmpty)

            let begun = try await workspace.start(first.id, withRow: true)
            #expect(try await workspace.open(of: first.id) == [begun.id])
            #expect(try await workspace.open(of: second.id).isEmpty)
            _ = try await store.claim(from: first.id, to: second.id)
            #expect(try await workspace.open(of: second.id) == [begun.id])
            #expect(try await workspace.open(of: first.id).isEmpty)
        }
    }

    @Test func `moves an anonymous contact's conversations`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            let anonymous = ContactID.make(at: TestWorkspace.time(0))
            let identified = Contact(
                id: .make(at: TestWorkspace.time(1)),
                site: workspace.site,
                name: "Kim",
                externalID: "u1",
                createdAt: TestWorkspace.time(1)
            )
            try await store.save(identified)
            var first = try await workspace.start(anonymous, clientID: "a", withRow: true)
            let second = try await workspace.start(anonymous, clientID: "b", withRow: true)
            let own = try await workspace.start(identified.id, clientID: "a", withRow: true)

            let moved = try await store.claim(from: anonymous, to: identified.id)
            #expect(moved == [first.id, second.id])
            #expect(try await store.rows(RowQuery(contact: anonymous)).isEmpty)
            let rows = try await store.rows(RowQuery(contact: identified.id))
            #expect(Set(rows.map(\.id)) == [first.id, second.id, own.id])
            #expect(rows.allSatisfy { $0.contact == identified.id && $0.contactName == "Kim" })
            #expect(
                try await store.conversation(startedBy: identified.id, clientID: "a") == own.id
            )
            #expect(
                try await store.conversation(startedBy: identified.id, clientID: "b") == second.id
            )

            // A live conversation that does not know yet must not move it back.
            try await first.say("still here", withRow: true)
            let history = try await store.history(of: first.id)
            let conversation = try #require(Conversation(id: first.id, replaying: history))
            #expect(conversation.contact == identified.id)
            #expect(try await store.row(of: first.id)?.contact == identified.id)
        }
    }

    @Test func `keeps visitor tokens by their hash`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            var record = VisitorRecord(
                contact: .make(at: TestWorkspace.time(0)),
                site: workspace.site,
                boundTo: nil
            )
            try await store.saveVisitor(hash: "h", record)
            #expect(try await store.visitor(hash: "h") == record)
            record.boundTo = "u1"
            try await store.saveVisitor(hash: "h", record)
            #expect(try await store.visitor(hash: "h") == record)
            try await store.removeVisitor(hash: "h")
            #expect(try await store.visitor(hash: "h") == nil)
        }
    }

    @Test func `keeps content and counts its changes`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            var refund = IntentDefinition(
                name: "refund",
                title: "Where is my refund?",
                description: "d",
                examples: ["refund please", "money back"],
                answer: .template("Soon, {{name}}."),
                needs: ["name"],
                fallback: "Soon.",
                message: "m",
                skill: "billing",
                isSensitive: true,
                pages: [PageGlob("billing.*")],
                language: "en",
                mode: .suggest,
                choices: [Choice(id: "human", title: "A person")]
            )
            let login = IntentDefinition(
                name: "login",
                title: "Log in",
                examples: [],
                answer: .article("login")
            )
            let person = IntentDefinition(
                name: "person",
                title: "Person",
                examples: [],
                answer: .handOff(skill: nil)
            )
            let article = Article(
                id: "login",
                title: "Logging in",
                summary: "s",
                body: "# Logging in",
                tags: ["a"],
                pages: [PageGlob("login")],
                updated: TestWorkspace.time(3)
            )
            let reply = CannedReply(id: "thanks", title: "Thanks", text: "Thank you!")
            try await store.saveIntents([refund, login, person])
            try await store.saveArticles([article])
            try await store.saveCanned([reply])
            let version = try await store.contentVersion()
            var content = try await store.content()
            #expect(content.intents == [refund, login, person])
            #expect(content.articles == [article])
            #expect(content.canned == [reply])

            refund.mode = .act
            try await store.saveIntents([refund])
            content = try await store.content()
            #expect(content.intents == [refund, login, person])
            #expect(try await store.contentVersion() == version + 1)
        }
    }

    @Test func `makes a secret once`() async throws {
        try await TestWorkspace.with { workspace in
            let secret = try await workspace.store.secret("visitors")
            #expect(secret.count == 32)
            #expect(try await workspace.store.secret("visitors") == secret)
            #expect(try await workspace.store.secret("sessions") != secret)
            await workspace.store.close()
            let store = try Store.open(folder: workspace.folder)
            #expect(try await store.secret("visitors") == secret)
            await store.close()
        }
    }
}

extension TestWorkspace {
    /// What a contact comes back to.
    fileprivate func open(of contact: ContactID) async throws -> [ConversationID] {
        try await withCheckedContinuation { continuation in
            store.rows(of: contact, open: 10, ended: 0) { continuation.resume(returning: $0) }
        }.get().open.map(\.id)
    }
}
