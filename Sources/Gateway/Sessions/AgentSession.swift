import Desk
import JSONCoding
import Knowledge
import Model
import Store
import Synchronization
import Transport

/// An agent's console: reads their frames into commands, and writes everything the team may see.
final class AgentSession: OpenSession {
    private struct State {
        var conversations: Set<ConversationID> = []
        var isClosed = false
    }

    let socket: SocketSession
    let gateway: Gateway
    let agent: Agent
    let signIn: SignIn
    private let sites: [Site]
    /// What all consoles of the agent may send; nil without a limit.
    private let budget: SharedBudget?
    private let state = Mutex(State())

    private var desk: Desk { gateway.desk }
    private var connection: any ClientConnection { socket.connection }

    init(
        socket: SocketSession,
        gateway: Gateway,
        agent: Agent,
        signIn: SignIn,
        sites: [Site]
    ) {
        self.socket = socket
        self.gateway = gateway
        self.agent = agent
        self.signIn = signIn
        self.sites = sites
        budget = gateway.budget(
            of: agent.id.description,
            in: gateway.agents,
            at: socket.connection.address
        )
    }

    // MARK: - Opening

    /// Welcomes the console, then sends the rows changed after its feed, open offers, missed events.
    func begin(
        _ hello: Received.AgentHello,
        re: String?,
        team: [Agent],
        floor: Floor.Snapshot
    ) {
        let epoch = gateway.store.epoch
        let recovered = hello.epoch == nil || hello.epoch == epoch
        if recovered, hello.resume?.isEmpty == false { gateway.returns.countResume() }
        connection.send(
            welcome(re, epoch: epoch, recovered: recovered, team: team, floor: floor)
        )
        desk.joinTeam(self, agent, feed: recovered ? Int64(hello.feed ?? 0) : 0)
        // The socket may have gone before it joined: then nobody else would take it out again.
        if state.withLock(\.isClosed) {
            desk.leaveTeam(self, agent.id)
            return
        }
        for point in hello.resume ?? [] {
            guard let id = ConversationID(point.c) else { continue }
            if recovered {
                follow(id, after: point.s, { _ in })
            } else {
                socket.tellToFetchAnew(point.c)
                follow(id, after: nil, { _ in })
            }
        }
    }

    private func welcome(
        _ re: String?,
        epoch: String,
        recovered: Bool,
        team: [Agent],
        floor: Floor.Snapshot
    ) -> [UInt8] {
        let seats = Dictionary(
            floor.seats.map { ($0.agent.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let mine = seats[agent.id]?.presence ?? .offline
        return ServerFrame.agentWelcome(
            re: re,
            Sent.AgentWelcome(
                epoch: epoch,
                recovered: recovered,
                heartbeatSeconds: gateway.options.heartbeatSeconds,
                agent: Sent.AgentProfile(
                    id: agent.id.description,
                    name: agent.name,
                    email: agent.email,
                    role: agent.role.rawValue,
                    skills: agent.skills,
                    capacity: agent.capacity,
                    state: mine.rawValue
                ),
                feed: Int(floor.position),
                agents: team.map { member in
                    let seat = seats[member.id]
                    return Sent.AgentPresence(
                        id: member.id.description,
                        name: member.name,
                        state: (seat?.presence ?? .offline).rawValue,
                        load: seat?.load ?? 0,
                        capacity: member.capacity
                    )
                },
                sites: sites.sorted { $0.id < $1.id }.map {
                    Sent.SiteName(key: $0.id.description, name: $0.name)
                },
                canned: desk.triage.current.workspace.canned.map {
                    Sent.CannedText(id: $0.id, title: $0.title, text: $0.text)
                },
                intents: desk.triage.current.workspace.recognisedIntents.map {
                    Sent.IntentName(intent: $0.name, title: $0.title)
                }
            )
        )
    }

    /// Shows a piece of a text that is being written for whoever sits here.
    func show(suggestion frame: [UInt8]) { socket.connection.send(frame, droppable: true) }

    /// Hangs up: whoever sat here has signed out.
    func signOut() { socket.tell(.expired) }

    func closed() {
        let conversations = state.withLock { state in
            state.isClosed = true
            return state.conversations
        }
        desk.leaveTeam(self, agent.id)
        for id in conversations { desk.unsubscribe(self, from: id) }
    }

    // MARK: - Frames

    func received(_ text: [UInt8]) {
        var envelope: Envelope?
        do throws(WireFault) {
            let now = gateway.clock.now
            let excess = budget?.take(at: gateway.clock.steady)
            let (read, message) = try AgentMessage.decode(text)
            envelope = read
            if signIn.expires <= now { throw .expired }
            if let excess { throw WireFault(excess) }
            try handle(message, ClientRequest(session: connection, id: read.id, c: read.c))
        } catch {
            socket.refuse(error.answering(re: error.re ?? envelope?.id, c: error.c ?? envelope?.c))
        }
    }

    private func handle(_ message: AgentMessage, _ request: ClientRequest) throws(WireFault) {
        let me = agent.person
        switch message {
        case .presence(let d):
            desk.setPresence(Agent.Presence(rawValue: d.state.rawValue) ?? .away, of: agent)
            request.acknowledge()
        case .accept(let c): try submit(.accept(me), c, request)
        case .decline(let c, let d): try submit(.decline(agent.id, reason: d.reason), c, request)
        case .reply(let c, let d):
            var reply = reply(d.cid, d.text, seen: d.seen)
            reply.suggestion = d.suggestion.map { used in
                Message.Suggestion(intent: used.intent, isEdited: used.edited ?? false)
            }
            reply.uploads = try Command.Uploads(named: d.uploads)
            try submit(.reply(reply), c, request)
        case .note(let c, let d):
            try submit(.note(reply(d.cid, d.text, seen: 0)), c, request)
        case .takeover(let c): try submit(.takeOver(me), c, request)
        case .assign(let c, let d): try assign(c, d, request)
        case .transfer(let c, let d): try transfer(c, d, request)
        case .status(let c, let d):
            let until = try time(d.until, "until")
            let status = Status(rawValue: d.status.rawValue) ?? .open
            try submit(.setStatus(by: me, status, until: until), c, request)
        case .snooze(let c, let d):
            let until = try time(d.until, "until")
            try submit(.setStatus(by: me, .snoozed, until: until), c, request)
        case .tag(let c, let d):
            try submit(.tag(by: me, add: d.add ?? [], remove: d.remove ?? []), c, request)
        case .botReturn(let c, let d):
            try submit(.returnToBot(by: me, instruction: d.instruction), c, request)
        case .sub(let c, let d): follow(try id(c), after: d.after ?? 0, request.completion)
        case .unsub(let c):
            let id = try id(c)
            state.withLock { _ = $0.conversations.remove(id) }
            desk.unsubscribe(self, from: id)
            request.acknowledge()
        case .sync(let c, let d):
            desk.replay(
                to: self,
                .team,
                of: try id(c),
                for: nil,
                after: d.after,
                then: request.completion
            )
        case .typing where gateway.admission.dropsSigns, .read where gateway.admission.dropsSigns:
            request.acknowledge()
        case .typing(let c, let d):
            desk.typing(
                me.author,
                d.on,
                in: try id(c),
                for: nil,
                from: self,
                then: request.completion
            )
        case .read(let c, let d):
            desk.read(
                by: me.author,
                upTo: d.upto,
                in: try id(c),
                for: nil,
                from: self,
                then: request.completion
            )
        case .ping:
            request.acknowledge()
            connection.send(ServerFrame.pong())
        case .hello: throw WireFault(.invalid, "You have said hello already")
        }
    }

    private func id(_ c: String) throws(WireFault) -> ConversationID {
        guard let id = ConversationID(c) else { throw WireFault(.notFound) }
        return id
    }

    private func time(_ text: String?, _ field: String) throws(WireFault) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(text) else {
            throw WireFault(.invalid, "\(field) must be a time such as 2026-01-31T12:00:00Z")
        }
        return time
    }

    private func reply(_ clientID: String, _ text: String, seen: Int) -> Command.Reply {
        Command.Reply(
            id: .make(at: gateway.clock.now),
            clientID: clientID,
            by: agent.person,
            text: text,
            seen: seen
        )
    }

    private func submit(
        _ command: Command,
        _ c: String,
        _ request: ClientRequest
    ) throws(WireFault) {
        desk.submit(command, to: try id(c), then: request.completion)
    }

    private func follow(
        _ id: ConversationID,
        after: Int?,
        _ done: @escaping LiveConversation.Completion
    ) {
        state.withLock { _ = $0.conversations.insert(id) }
        desk.subscribe(self, .team, to: id, for: nil, after: after, then: done)
    }

    // MARK: - Passing on

    private func assign(
        _ c: String,
        _ d: Received.Assign,
        _ request: ClientRequest
    ) throws(WireFault) {
        let id = try id(c)
        guard let target = d.agent else {
            desk.submit(
                .requeue(by: agent.person, skill: nil, note: nil),
                to: id,
                then: request.completion
            )
            return
        }
        if target == agent.id.description {
            desk.submit(.takeOver(agent.person), to: id, then: request.completion)
        } else {
            hand(id, to: target, note: nil, request)
        }
    }

    private func transfer(
        _ c: String,
        _ d: Received.Transfer,
        _ request: ClientRequest
    ) throws(WireFault) {
        let id = try id(c)
        if let target = d.agent {
            hand(id, to: target, note: d.note, request)
        } else {
            desk.submit(
                .requeue(by: agent.person, skill: d.skill, note: d.note),
                to: id,
                then: request.completion
            )
        }
    }

    /// Gives a conversation to a colleague who is there to take it.
    private func hand(
        _ id: ConversationID,
        to target: String,
        note: String?,
        _ request: ClientRequest
    ) {
        Task {
            let floor = await desk.floor.snapshot()
            let seat = floor.seats.first {
                $0.agent.id.description == target && $0.presence == .online
            }
            guard let seat else {
                request.completion(.failure(.noSuchAgent))
                return
            }
            desk.submit(
                .transfer(by: agent.person, to: seat.agent.person, note: note),
                to: id,
                then: request.completion
            )
        }
    }

    // MARK: - Deliveries

    func deliver(missed events: [NumberedEvent], of id: ConversationID) {
        state.withLock { _ = $0.conversations.insert(id) }
        connection.replay(events.map { EventFrame.forTeam(Publication($0), in: id) })
    }

    func deliver(_ delivery: Delivery) {
        switch delivery {
        case .event(let id, let event):
            state.withLock { _ = $0.conversations.insert(id) }
            connection.send(EventFrame.forTeam(event, in: id))
        case .resync(let id): socket.tellToFetchAnew(id.description)
        case .typing(let id, let author, let isOn):
            connection.send(EventFrame.typing(author, isOn, in: id), droppable: true)
        case .read(let id, let author, let upTo):
            connection.send(EventFrame.read(author, upTo, in: id), droppable: true)
        case .offer(let id, let offer, let briefing):
            connection.send(self.offer(id, offer, briefing))
        case .offerGone(let id, let reason):
            let gone = Sent.OfferGone(c: id.description, reason: reason)
            connection.send(ServerFrame.offerGone(gone))
        case .row(let row, let position):
            connection.send(
                row.written {
                    let site = gateway.siteName(row.content.site)
                    return ServerFrame.inboxDelta(
                        f: Int(position),
                        Sent.InboxDelta(row.content, siteName: site)
                    )
                }
            )
        case .presence(let member, let presence, let load):
            let frame = ServerFrame.presence(
                Sent.Presence(
                    agent: Sent.AgentName(id: member.id.description, name: member.name),
                    state: presence.rawValue,
                    load: load
                )
            )
            connection.send(frame, droppable: true)
        case .queuePosition: break
        }
    }

    private func offer(
        _ id: ConversationID,
        _ offer: Event.Offer,
        _ briefing: Briefing
    ) -> [UInt8] {
        // Never more than all of it, which a clock that was set back would say.
        let left = max(.zero, min(offer.expires - gateway.clock.now, offer.expires - offer.at))
        return ServerFrame.offer(
            Sent.Offer(
                c: id.description,
                expiresSeconds: Int((Double(left.milliseconds) / 1000).rounded(.up)),
                why: offer.why,
                briefing: briefing.json
            )
        )
    }
}
