import Model

/// A person who answers customers, as `agents.yaml` introduces them; passwords are never in a file.
package struct AgentDefinition: Hashable, Sendable {
    /// In lower case.
    package var email: String
    package var name: String
    package var role: Agent.Role
    package var skills: [String]
    /// How many conversations at a time may be offered.
    package var capacity: Int

    static func readAll(_ text: String, file: String, faults: FaultList) -> [AgentDefinition] {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return [] }
        defer { fields.finish() }
        if !fields.has("agents") { fields.add(.missing("agents")) }
        return fields.entries("agents").map(read)
    }

    private static func read(_ fields: YAMLFields) -> AgentDefinition {
        defer { fields.finish() }
        let email = fields.requiredText("email", limit: 254)
        if !email.isEmpty, email.wholeMatch(of: #/[^@\s]+@[^@\s]+\.[^@\s]+/#) == nil {
            fields.add(
                .badValue("email", value: email, expected: "an e-mail address"),
                line: fields.line(of: "email")
            )
        }
        return AgentDefinition(
            email: email.lowercased(),
            name: fields.requiredText("name", limit: 100),
            role: fields.oneOf("role", Agent.Role.self) ?? .agent,
            skills: fields.slugs("skills", maximum: 50),
            capacity: fields.number("capacity", in: 1...100) ?? 5
        )
    }
}
