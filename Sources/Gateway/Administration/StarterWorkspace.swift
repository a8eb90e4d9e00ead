import Credentials
import Foundation
import Knowledge
import Model
import Store

/// Fills an empty workspace with the starter's sites, people and content, for a first look.
package struct StarterWorkspace {
    /// Somebody who can sign in to the demo, with the password made for them.
    package struct Person: Sendable {
        package var name: String
        package var email: String
        package var role: Agent.Role
        package var password: String
    }

    private let store: Store
    private let hasher = PasswordHasher()

    package init(store: Store) { self.store = store }

    /// Fills the workspace; passwords are random and returned once.
    package func fill() async throws -> [Person] {
        let starter = try Workspace.load(Workspace.starterFolder)
        let now = SystemClock().now
        for (index, definition) in starter.sites.enumerated() {
            // In the starter's order: the first is the one that the demo embeds.
            var site = Site(
                id: .make(at: now + .milliseconds(index)),
                name: definition.name,
                origins: definition.origins,
                greeting: definition.greeting,
                language: definition.language,
                colour: definition.colour,
                requiresIdentity: definition.requiresIdentity
            )
            site.botName = definition.botName
            site.suggestions = definition.suggestions
            let secret = Array(SecureRandom.token().utf8)
            let key = try IdentityKey(algorithm: .hs256, material: .secret(secret))
            try await store.addSite(site, keys: [key.document])
        }
        var people: [Person] = []
        for definition in starter.agents {
            let password = SecureRandom.password()
            let agent = Agent(
                id: .make(at: now),
                name: definition.name,
                email: definition.email,
                role: definition.role,
                skills: definition.skills,
                capacity: definition.capacity
            )
            let hash = try await hasher.hash(password).encoded
            _ = try await store.addAgent(agent, passwordHash: hash)
            people.append(
                Person(
                    name: agent.name,
                    email: agent.email,
                    role: agent.role,
                    password: password
                )
            )
        }
        try await store.saveIntents(starter.intents)
        try await store.saveArticles(starter.articles)
        try await store.saveCanned(starter.canned)
        try await store.saveWorkflows(starter.workflows)
        try await store.saveAutomation(starter.automation)
        return people
    }

    /// The file with the starter's customers, for the CRM plugin.
    package static var customers: String { Workspace.starterFolder + "/crm.csv" }
}
