import ArgumentParser
import Gateway
import JSONCoding

extension PluginCommand {
    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who may have a plugin's actions done, how often, and what is asked first.",
            subcommands: [Show.self, Change.self]
        )
    }
}

extension PluginCommand.Policy {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the rules that count, and which of them you have set."
        )
        @Argument(help: "The plugin's id.") var id: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "plugin.policies", "id": .string(id)]
            data.show(try PluginCommand.ask(data, order), PluginCommand.Policy.words)
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Set the rules of an action; what you do not name stays as it is."
        )
        @Argument(help: "The plugin's id.") var id: String
        @Argument(help: "The action's name.") var action: String
        @Option(help: "Who may: agent, supervisor, bot; or nobody. Repeatable.")
        var allow: [String] = []
        @Option(help: "What is asked first: never, always or agent_over_limit.")
        var confirm: String?
        @Option(help: "The amount above which is asked, in minor units (cents).")
        var limit: Int?
        @Option(help: "How often within 24 hours.") var perDay: Int?
        @Flag(help: "Forget what was set of this action before.") var reset = false
        @OptionGroup var data: DataFolder

        func run() async throws {
            var changes = JSON.Object()
            if !allow.isEmpty {
                changes["allow"] = .array(allow.filter { $0 != "nobody" }.map(JSON.string))
            }
            changes["confirm"] = confirm.map(JSON.string)
            changes["limit"] = limit.map { .int(Int64($0)) }
            changes["per_day"] = perDay.map { .int(Int64($0)) }
            guard reset || !changes.isEmpty else {
                throw OrderFault("say what: --allow, --confirm, --limit, --per-day or --reset")
            }
            let order: JSON = [
                "do": "plugin.policy", "id": .string(id), "action": .string(action),
                "changes": .object(changes), "forgetting": .bool(reset),
            ]
            data.show(try PluginCommand.ask(data, order), PluginCommand.Policy.words)
        }
    }

    /// One line for each action: what counts, then which of it an operator has set.
    private static func words(_ policies: JSON) -> String {
        (policies.arrayValue ?? []).map { rule in
            let policy = rule["policy"]?.objectValue ?? [:]
            let members = policy.members.filter { $0.value != .null }.map { name, value in
                "\(name)=\(text(value))"
            }
            let set = (rule["set"]?.objectValue ?? [:]).keys.joined(separator: ",")
            let names = ["action", "effect"].compactMap { rule[$0]?.stringValue }
            return (names + members + (set.isEmpty ? [] : ["set: \(set)"]))
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func text(_ value: JSON) -> String {
        guard let who = value.arrayValue else { return value.stringValue ?? value.text }
        return who.isEmpty ? "nobody" : who.compactMap(\.stringValue).joined(separator: ",")
    }
}
