import JSONCoding

/// Actions as tools of a language model: what it is offered, and what becomes of its answer.
///
/// A model proposes and never has anything done: a proposal is what an agent is shown, and what
/// they send then goes the way of every other order, policy and confirmation included.
package struct ActionTools: Sendable {
    /// An action that is worth a look, with an input that passes its schema.
    package struct Proposal: Sendable, Hashable {
        package var action: String
        package var title: String
        package var effect: PluginManifest.Action.Effect
        /// Complete with defaults; without what the action's form would not show.
        package var input: JSON.Object
        /// What whoever has it done will be asked first; nil when nothing.
        package var question: String?
    }

    /// Why something that a model proposed is not shown.
    package enum Rejection: String, Sendable, Hashable {
        case notOffered = "not_offered"
        case invalidInput = "invalid_input"
        case tooMany = "too_many"
    }

    /// The most tools of a request.
    package static let limit = 16
    /// The most proposals of an answer.
    package static let proposalLimit = 3
    /// The most bytes of a tool's schema.
    package static let schemaLimit = 4096
    /// Models' interfaces take descriptions of 1,024 characters.
    private static let descriptionLimit = 1000

    private struct Offer: Sendable {
        var action: PluginManifest.Action
        var policy: ActionPolicy
        var schema: JSON
    }

    /// No action at all.
    package static let none = ActionTools([], for: .bot(name: ""))

    private let offers: [Offer]

    /// - Parameters:
    ///   - actions: In the order of preference, each with who may have it done.
    ///   - actor: Who would have them done: what they may not is not offered.
    init(_ actions: [(PluginManifest.Action, ActionPolicy)], for actor: ActionOrder.Actor) {
        var offers: [Offer] = []
        for (action, policy) in actions where offers.count < Self.limit {
            guard policy.admits(actor), !offers.contains(where: { $0.action.name == action.name }),
                ConfigSchema.isOffered(.object(action.input))
            else { continue }
            let schema = action.input.offered(action.inputSchema)
            guard schema.bytes().count <= Self.schemaLimit else { continue }
            offers.append(Offer(action: action, policy: policy, schema: schema))
        }
        self.offers = offers
    }

    package var isEmpty: Bool { offers.isEmpty }

    /// `[{name, description, input}]`, as plugins are given it.
    package var json: JSON {
        .array(
            offers.map { offer in
                let words = [offer.action.title, offer.action.explanation ?? ""]
                let description = words.filter { !$0.isEmpty }.joined(separator: ": ")
                return [
                    "name": .string(offer.action.name),
                    "description": .string(String(description.prefix(Self.descriptionLimit))),
                    "input": offer.schema,
                ]
            }
        )
    }

    /// Checks what a plugin says that a model proposes: `[{action, input}]`.
    ///
    /// - Parameter answer: The member `proposals` of its answer; nil for none.
    /// - Returns: What may be shown, each once, and why the others are not.
    package func check(_ answer: JSON?) -> (proposals: [Proposal], rejected: [Rejection]) {
        var proposals: [Proposal] = []
        var rejected: [Rejection] = []
        for proposed in answer?.arrayValue ?? [] {
            guard proposals.count < Self.proposalLimit else {
                rejected.append(.tooMany)
                // The rest is not looked at: a list may be as long as an answer.
                break
            }
            do throws(Rejected) {
                let proposal = try check(one: proposed)
                if !proposals.contains(proposal) { proposals.append(proposal) }
            } catch {
                rejected.append(error.why)
                if rejected.count == Self.limit { break }
            }
        }
        return (proposals, rejected)
    }

    private struct Rejected: Error { var why: Rejection }

    private func check(one proposed: JSON) throws(Rejected) -> Proposal {
        let name = proposed["action"]?.stringValue
        guard let offer = offers.first(where: { $0.action.name == name }) else {
            throw Rejected(why: .notOffered)
        }
        guard let input = proposed["input"]?.objectValue,
            let complete = try? offer.action.input.check(input, path: "input")
        else { throw Rejected(why: .invalidInput) }
        let seen = offer.action.input.seen(complete)
        return Proposal(
            action: offer.action.name,
            title: offer.action.title,
            effect: offer.action.effect,
            input: seen,
            question: offer.policy.question(offer.action, seen)
        )
    }
}

extension ActionPolicy {
    /// Whether somebody may have it done.
    fileprivate func admits(_ actor: ActionOrder.Actor) -> Bool {
        do throws(ActionRefusal) {
            try admit(actor)
            return true
        } catch {
            return false
        }
    }
}

extension ConfigSchema {
    /// A schema as a model is given it: without what only forms read (`x-…`), and without fields
    /// that are not offered.
    fileprivate func offered(_ source: JSON) -> JSON {
        var json = Self.plain(source)
        var properties = json["properties"]?.objectValue ?? [:]
        for field in fields {
            if !Self.isOffered(field.kind) {
                properties[field.name] = nil
            } else if case .object(let schema) = field.kind, let inner = properties[field.name] {
                properties[field.name] = schema.offered(inner)
            }
        }
        json["properties"] = .object(properties)
        return .object(json)
    }

    /// The members that JSON Schema knows, at every depth.
    private static func plain(_ source: JSON) -> JSON.Object {
        var json = source.objectValue ?? [:]
        for key in json.keys where key.hasPrefix("x-") { json[key] = nil }
        if let items = json["items"] { json["items"] = .object(plain(items)) }
        if let properties = json["properties"]?.objectValue {
            var plainer = properties
            for (name, property) in properties.members { plainer[name] = .object(plain(property)) }
            json["properties"] = .object(plainer)
        }
        return json
    }
}
