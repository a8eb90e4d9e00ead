/// Who takes which waiting conversation: a pure state that the desk keeps and asks.
///
/// Fair in this order: the most pressing conversation first, by ``PriorityLevel``, then the longest waiting;
/// for it the least loaded available person who has the wanted skill, and among equals the one who was given
/// something longest ago.
package struct Dispatch: Sendable {
    /// A conversation that waits for a person.
    package struct Waiting: Hashable, Sendable {
        package var conversation: ConversationID
        package var since: Timestamp
        /// From 0 to 1; nil where nobody has read what they want.
        package var priority: Double?
        package var skill: String?
        /// People who declined or let an offer pass.
        package var passedOver: Set<AgentID>
        package var passedAt: Timestamp?
        /// Offered to somebody at the moment.
        package var isOffered: Bool

        package init(
            conversation: ConversationID,
            since: Timestamp,
            priority: Double? = nil,
            skill: String? = nil,
            passedOver: Set<AgentID> = [],
            passedAt: Timestamp? = nil,
            isOffered: Bool = false
        ) {
            self.conversation = conversation
            self.since = since
            self.priority = priority
            self.skill = skill
            self.passedOver = passedOver
            self.passedAt = passedAt
            self.isOffered = isOffered
        }

        fileprivate var level: PriorityLevel { PriorityLevel(score: priority) }
        fileprivate var place: Place {
            Place(level: level, since: since, conversation: conversation)
        }
    }

    /// Where somebody stands; who is served first is least.
    fileprivate struct Place: Comparable {
        var level: PriorityLevel
        var since: Timestamp
        var conversation: ConversationID

        static func < (one: Place, other: Place) -> Bool {
            (one.level, one.since, one.conversation)
                < (other.level, other.since, other.conversation)
        }
    }

    /// A person on duty.
    package struct Seat: Hashable, Sendable {
        package var agent: Agent
        package var presence: Agent.Presence
        /// Conversations they have, and the offers that they have not answered.
        package var load: Int
        package var lastGiven: Timestamp?

        package init(
            agent: Agent,
            presence: Agent.Presence,
            load: Int,
            lastGiven: Timestamp? = nil
        ) {
            self.agent = agent
            self.presence = presence
            self.load = load
            self.lastGiven = lastGiven
        }

        var isFree: Bool { presence == .online && load < agent.capacity }
    }

    package struct Match: Hashable, Sendable {
        package var conversation: ConversationID
        package var agent: Agent
        package var why: [String]
    }

    package private(set) var waiting: [ConversationID: Waiting] = [:]
    package private(set) var seats: [AgentID: Seat] = [:]
    /// Those who wait, always in order: thousands may, and many of them come and go each second.
    private var places: [Place] = []
    private var pace = Pace()

    package init() {}

    /// Puts a conversation on the queue, or says anew how it waits.
    package mutating func wait(_ entry: Waiting) {
        let place = entry.place
        if let before = waiting.updateValue(entry, forKey: entry.conversation) {
            guard before.place != place else { return }
            places.remove(at: index(of: before.place))
        }
        places.insert(place, at: index(of: place))
    }

    /// Takes a conversation off the queue; true if it was on it.
    @discardableResult
    package mutating func leave(_ conversation: ConversationID) -> Bool {
        guard let before = waiting.removeValue(forKey: conversation) else { return false }
        places.remove(at: index(of: before.place))
        return true
    }

    /// Where a place is, or belongs.
    private func index(of place: Place) -> Int {
        var range = places.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if places[middle] < place {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    package mutating func seat(_ agent: Agent, _ presence: Agent.Presence, load: Int) {
        seats[agent.id] = Seat(
            agent: agent,
            presence: presence,
            load: load,
            lastGiven: seats[agent.id]?.lastGiven
        )
    }

    package mutating func setLoad(_ load: Int, of agent: AgentID) { seats[agent]?.load = load }

    /// Notes that a person took somebody from the queue, from which waits are estimated.
    package mutating func accepted(at time: Timestamp) { pace.accepted(at: time) }

    package var isAnybodyOnline: Bool { seats.values.contains { $0.presence == .online } }

    /// The waiting conversations in the order in which they are served.
    package var order: some Sequence<ConversationID> { places.lazy.map(\.conversation) }

    /// The place in the queue, from 1, and an honest guess of the wait in seconds.
    package func position(
        of conversation: ConversationID
    ) -> (position: Int, expectedSeconds: Int)? {
        guard let entry = waiting[conversation] else { return nil }
        let position = index(of: entry.place) + 1
        return (position, pace.expectedSeconds(ahead: position))
    }

    /// An honest guess of the wait at a place in the queue.
    package func expectedSeconds(at position: Int) -> Int { pace.expectedSeconds(ahead: position) }

    /// The offers to make now.
    ///
    /// Each is counted as load at once.
    package mutating func matches(at time: Timestamp) -> [Match] {
        var matches: [Match] = []
        for place in places {
            guard seats.values.contains(where: \.isFree) else { break }
            guard let entry = waiting[place.conversation], !entry.isOffered,
                let seat = bestSeat(for: entry, at: time)
            else { continue }
            seats[seat.agent.id]?.load += 1
            seats[seat.agent.id]?.lastGiven = time
            waiting[entry.conversation]?.isOffered = true
            matches.append(
                Match(
                    conversation: entry.conversation,
                    agent: seat.agent,
                    why: reasons(seat, entry, at: time)
                )
            )
        }
        return matches
    }

    /// Somebody who has just said no is not asked the same thing at once.
    package static let pause: Duration = .seconds(30)

    /// Whether a conversation waits for those to be asked again who passed it over.
    package var isPausing: Bool {
        waiting.values.contains { !$0.isOffered && $0.passedAt != nil }
    }

    private func bestSeat(for entry: Waiting, at time: Timestamp) -> Seat? {
        let online = seats.values.filter { $0.presence == .online }
        let skilled = online.filter { seat in entry.skill.map(seat.agent.skills.contains) ?? true }
        let able = skilled.isEmpty ? online : skilled
        // When everybody has passed, everybody is asked again, after a while.
        let fresh = able.filter { !entry.passedOver.contains($0.agent.id) }
        // Of a time yet to come it is not known how long ago it was: the clock was set back.
        if fresh.isEmpty, let passedAt = entry.passedAt,
            (.zero..<Self.pause).contains(time - passedAt)
        {
            return nil
        }
        let candidates = (fresh.isEmpty ? able : fresh).filter(\.isFree)
        return candidates.min { left, right in
            let leftGiven = left.lastGiven?.milliseconds ?? 0
            let rightGiven = right.lastGiven?.milliseconds ?? 0
            return (left.load, leftGiven, left.agent.id) < (right.load, rightGiven, right.agent.id)
        }
    }

    private func reasons(_ seat: Seat, _ entry: Waiting, at time: Timestamp) -> [String] {
        var why: [String] = []
        if let skill = entry.skill {
            why.append(
                seat.agent.skills.contains(skill)
                    ? "skill: \(skill)" : "nobody with the skill \(skill) is online"
            )
        }
        if entry.level == .urgent { why.append("urgent") }
        why.append("waited \((time - entry.since).milliseconds / 1000) s")
        why.append("has \(seat.load) of \(seat.agent.capacity)")
        return why
    }
}

/// How fast people take conversations off the queue.
private struct Pace: Sendable {
    private var interval: Double = 60
    private var last: Timestamp?

    /// A moving average that forgets half after three.
    mutating func accepted(at time: Timestamp) {
        if let last {
            let seconds = Double((time - last).milliseconds) / 1000
            interval += (min(max(seconds, 0), 900) - interval) * 0.2
        }
        last = time
    }

    func expectedSeconds(ahead: Int) -> Int { Int((Double(ahead) * interval).rounded()) }
}
