import Model
import Synchronization

/// The devices that are connected at the moment, by whose they are.
package final class Audience: Sendable {
    private struct State {
        var contacts: [ContactID: [any Subscriber]] = [:]
        var agents: [AgentID: [any Subscriber]] = [:]
        var here: Set<ObjectIdentifier> = []
    }

    private let state = Mutex(State())

    package init() {}

    package func join(_ subscriber: any Subscriber, as contact: ContactID) {
        state.withLock { state in
            state.contacts[contact, default: []].append(subscriber)
            state.here.insert(ObjectIdentifier(subscriber))
        }
    }

    package func leave(_ subscriber: any Subscriber, as contact: ContactID) {
        state.withLock { state in
            Self.remove(subscriber, from: &state.contacts, contact)
            state.here.remove(ObjectIdentifier(subscriber))
        }
    }

    package func join(_ subscriber: any Subscriber, as agent: AgentID) {
        state.withLock { state in
            state.agents[agent, default: []].append(subscriber)
            state.here.insert(ObjectIdentifier(subscriber))
        }
    }

    /// Whether a device is connected.
    package func contains(_ subscriber: any Subscriber) -> Bool {
        state.withLock { $0.here.contains(ObjectIdentifier(subscriber)) }
    }

    /// Takes an agent's device out; true when it was their last one.
    package func leave(_ subscriber: any Subscriber, as agent: AgentID) -> Bool {
        state.withLock { state in
            Self.remove(subscriber, from: &state.agents, agent)
            state.here.remove(ObjectIdentifier(subscriber))
            return state.agents[agent] == nil
        }
    }

    package func devices(of contact: ContactID) -> [any Subscriber] {
        state.withLock { $0.contacts[contact] ?? [] }
    }

    package func devices(of agent: AgentID) -> [any Subscriber] {
        state.withLock { $0.agents[agent] ?? [] }
    }

    /// The whole team's devices.
    package var team: [any Subscriber] {
        state.withLock { $0.agents.values.flatMap { $0 } }
    }

    private static func remove<Key: Hashable>(
        _ subscriber: any Subscriber,
        from lists: inout [Key: [any Subscriber]],
        _ key: Key
    ) {
        lists[key]?.removeAll { $0 === subscriber }
        if lists[key]?.isEmpty == true { lists[key] = nil }
    }
}
