import JSONCoding

/// Who may have an action done, what is asked first, and how often.
///
/// The manifest and the action's effect make the rule; the operator's `policies` can change it.
struct ActionPolicy {
    private let actors: Set<String>
    private let confirmation: PluginManifest.Action.Confirmation
    private let amount: String?
    /// In minor units; above it somebody must confirm.
    private let limit: Int?
    let perDay: Int?

    /// - Parameters:
    ///   - action: What its manifest says.
    ///   - config: The plugin's configuration: the limit is there.
    ///   - wishes: `{allow, confirm, limit, per_day}`, each of which may be missing.
    init(_ action: PluginManifest.Action, config: JSON.Object, _ wishes: JSON?) {
        let allowed = wishes?["allow"]?.arrayValue?.compactMap(\.stringValue)
        actors = Set(allowed ?? Self.actors(for: action.effect))
        confirmation =
            wishes?["confirm"]?.stringValue
            .flatMap(PluginManifest.Action.Confirmation.init(rawValue:))
            ?? (action.effect == .irreversible ? .always : action.confirmation)
        amount = action.amount
        limit =
            wishes?["limit"]?.intValue ?? action.limit.flatMap { config[$0]?.intValue }
        perDay = wishes?["per_day"]?.intValue ?? Self.perDay(for: action.effect)
    }

    /// As operators set it: `{allow, confirm, limit, per_day}`.
    var json: JSON {
        [
            "allow": .array(actors.sorted().map(JSON.string)),
            "confirm": .string(confirmation.rawValue),
            "limit": limit.map { .int(Int64($0)) } ?? .null,
            "per_day": perDay.map { .int(Int64($0)) } ?? .null,
        ]
    }

    /// What is wrong with an operator's wishes.
    static func faults(in wishes: JSON, path: String) -> [String] {
        var faults: [String] = []
        for (name, value) in wishes.objectValue?.members ?? [] {
            let isRight =
                switch name {
                case "allow":
                    value.arrayValue?.allSatisfy {
                        ["agent", "supervisor", "bot"].contains($0.stringValue)
                    } ?? false
                case "confirm":
                    value.stringValue.flatMap(
                        PluginManifest.Action.Confirmation.init(rawValue:)
                    ) != nil
                case "limit", "per_day": value.intValue.map { $0 >= 0 } ?? false
                default: false
                }
            if !isRight {
                faults.append("\(path).\(name.prefix(40)): not a setting, or no value for it")
            }
        }
        return wishes.objectValue == nil ? ["\(path): not an object"] : faults
    }

    /// Money and what cannot be undone are for people, whatever a model or a workflow would like.
    private static func actors(for effect: PluginManifest.Action.Effect) -> [String] {
        switch effect {
        case .read, .write, .message: ["agent", "supervisor", "bot"]
        case .money, .irreversible: ["agent", "supervisor"]
        }
    }

    private static func perDay(for effect: PluginManifest.Action.Effect) -> Int? {
        switch effect {
        case .read, .write, .message: nil
        case .money: 200
        case .irreversible: 100
        }
    }

    func admit(_ actor: ActionOrder.Actor) throws(ActionRefusal) {
        switch actor {
        case .agent(_, _, let isSupervisor):
            if actors.contains("agent") || (isSupervisor && actors.contains("supervisor")) {
                return
            }
            throw .forbidden("only supervisors may have this done")
        case .bot:
            if actors.contains("bot") { return }
            throw .forbidden("only people may have this done")
        }
    }

    /// What somebody must agree to first; nil when nothing.
    func question(_ action: PluginManifest.Action, _ input: JSON.Object) -> String? {
        switch confirmation {
        case .never: return nil
        case .always: return "\(action.title)?"
        case .overLimit:
            guard let amount, let value = input[amount]?.intValue else {
                return "\(action.title), the whole amount?"
            }
            guard let limit, value <= limit else {
                return "\(action.title): \(value) is over the limit of \(limit ?? 0). Do it?"
            }
            return nil
        }
    }
}
