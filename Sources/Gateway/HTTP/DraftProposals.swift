import JSONCoding
import Knowledge
import Logging
import Model
import PluginHost

/// Actions beside a draft: those that its agent may have done are offered to the model, and what it
/// proposes is shown to them.
///
/// Nothing is done here. The agent looks at a proposal in the action's own form and sends that.
struct DraftProposals {
    private let tools: ActionTools
    private let gateway: Gateway

    init(for agent: Agent, _ gateway: Gateway) async {
        let actor = ActionOrder.Actor.agent(
            agent.id,
            name: agent.name,
            isSupervisor: agent.role != .agent
        )
        tools = await gateway.plugins?.tools(for: actor) ?? .none
        self.gateway = gateway
    }

    /// What a draft is asked for with, the tools among it if there are any.
    func offered(with question: JSON.Object) -> JSON {
        var question = question
        if !tools.isEmpty { question["tools"] = tools.json }
        return .object(question)
    }

    /// What may be shown of an answer: `[{action, title, effect, input, question?}]`.
    ///
    /// What may not is counted and logged, without what the model wrote.
    func shown(of answer: JSON) -> JSON {
        let (proposals, rejected) = tools.check(answer["proposals"])
        gateway.proposals.count(shown: proposals.count, rejected: rejected.count)
        for reason in rejected {
            gateway.logger.notice(
                "a model's proposal was left out",
                metadata: ["reason": "\(reason.rawValue)"]
            )
        }
        return .array(proposals.map(Self.json))
    }

    private static func json(_ proposal: ActionTools.Proposal) -> JSON {
        var json: JSON.Object = [
            "action": .string(proposal.action), "title": .string(proposal.title),
            "effect": .string(proposal.effect.rawValue), "input": .object(proposal.input),
        ]
        json["question"] = proposal.question.map(JSON.string)
        return .object(json)
    }
}
