import ArgumentParser
import Foundation
import Gateway
import JSONCoding

/// `maitred agent`: the people who answer customers.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "People who answer customers.",
        subcommands: [Add.self, List.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an agent.")
        @Argument(help: "The email address they sign in with.") var email: String
        @Option(help: "The name customers see.") var name: String
        @Option(help: "admin, supervisor or agent.") var role = "agent"
        @Option(help: "A skill, such as billing. Repeatable.") var skill: [String] = []
        @Option(help: "How many conversations at a time are offered to them.") var capacity = 5
        @Flag(help: "Read the password from standard input.") var passwordStdin = false
        @OptionGroup var data: DataFolder

        func run() async throws {
            guard passwordStdin, let password = readLine(strippingNewline: true) else {
                throw OrderFault("give the password on standard input, with --password-stdin")
            }
            let order: JSON = [
                "do": "agent.add", "email": .string(email), "name": .string(name),
                "role": .string(role), "skills": .array(skill.map(JSON.string)),
                "capacity": .int(Int64(capacity)), "password": .string(password),
            ]
            data.show(try await data.carryOut(order)) { _ in "Added \(name) <\(email)>." }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the agents.")
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try await data.carryOut(["do": "agent.list"])) { agents in
                (agents.arrayValue ?? []).map { agent in
                    ["email", "name", "role"].map { agent[$0]?.stringValue ?? "" }
                        .joined(separator: "  ")
                }.joined(separator: "\n")
            }
        }
    }
}
