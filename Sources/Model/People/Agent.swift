/// A person who answers customers.
package struct Agent: Hashable, Sendable {
    package enum Role: String, Sendable, CaseIterable { case admin, supervisor, agent }

    /// Whether conversations may be offered.
    package enum Presence: String, Sendable { case online, away, offline }

    package var id: AgentID
    package var name: String
    package var email: String
    package var role: Role
    package var skills: [String]
    /// How many conversations at a time may be offered.
    package var capacity: Int

    package init(
        id: AgentID,
        name: String,
        email: String,
        role: Role,
        skills: [String] = [],
        capacity: Int = 5
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.role = role
        self.skills = skills
        self.capacity = capacity
    }

    package var person: Command.Person { Command.Person(id: id, name: name) }
}
