import Model

/// What agents' sessions tell the floor. Any thread.
extension Desk {
    /// A console connected: it gets the rows changed after `feed` and the offers that stand.
    package func joinTeam(_ device: any Subscriber, _ agent: Agent, feed: Int64) {
        audience.join(device, as: agent.id)
        floor.post(.deviceJoined(device, agent, feed: feed))
    }

    package func leaveTeam(_ device: any Subscriber, _ agent: AgentID) {
        if audience.leave(device, as: agent) { floor.post(.deviceLeft(agent)) }
    }

    package func setPresence(_ presence: Agent.Presence, of agent: Agent) {
        floor.post(.presence(agent, presence))
    }
}
