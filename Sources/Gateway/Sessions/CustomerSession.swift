import Desk
import JSONCoding
import Model
import Store
import Synchronization
import Transport

/// A customer's device: reads their frames into commands, and writes what they may see.
final class CustomerSession: OpenSession {
    /// What changes; its extensions use it too.
    struct State {
        /// Where they are, and were before there was a conversation.
        var trail = PageTrail()
        /// The contact with what they have said of themselves since.
        var contact: Contact
        var conversations: Set<ConversationID> = []
        /// What they did before there was a conversation.
        var tracked: [Command] = []
        var token: String
        /// When the token runs out, unless it is refreshed.
        var validUntil: Timestamp
        /// What came before `welcome` was sent; nil from then on.
        var early: [Delivery]? = []
    }

    let socket: SocketSession
    let gateway: Gateway
    let contact: Contact
    let site: Site
    /// What all devices of the customer may send; nil without a limit.
    private let budget: SharedBudget?
    let state: Mutex<State>

    var desk: Desk { gateway.desk }
    private var connection: any ClientConnection { socket.connection }

    init(
        socket: SocketSession,
        gateway: Gateway,
        contact: Contact,
        site: Site,
        token: String,
        validUntil: Timestamp
    ) {
        self.socket = socket
        self.gateway = gateway
        self.contact = contact
        self.site = site
        budget = gateway.budget(
            of: contact.id.description,
            in: gateway.customers,
            at: socket.connection.address
        )
        state = Mutex(
            State(
                contact: contact,
                token: token,
                validUntil: validUntil
            )
        )
    }

    // MARK: - Opening

    /// Welcomes the device, then sends what it missed, in order.
    ///
    /// `rows`: the open conversations, which it follows from now on.
    /// `ended`: those that it is only told of.
    func begin(
        _ hello: Received.CustomerHello,
        re: String?,
        rows: [ConversationRow],
        ended: [ConversationRow]
    ) {
        let context = hello.context.map { PageContext($0, session: connection.id) }
        let ids = rows.map(\.id)
        state.withLock { state in
            if let context { state.trail.add(context) }
            state.conversations = Set(ids)
        }
        let epoch = gateway.store.epoch
        let recovered = hello.epoch == nil || hello.epoch == epoch
        if recovered, hello.resume?.isEmpty == false { gateway.returns.countResume() }
        connection.send(welcome(re, epoch: epoch, recovered: recovered, rows, ended))
        deliverEarly()
        var points: [ConversationID: Int] = [:]
        for point in hello.resume ?? [] {
            guard let id = ConversationID(point.c) else { continue }
            points[id] = point.s
        }
        for id in ids + points.keys.filter({ !ids.contains($0) }) {
            if !recovered, points[id] != nil {
                socket.tellToFetchAnew(id.description)
            }
            desk.subscribe(
                self,
                .customer,
                to: id,
                for: contact.id,
                after: recovered || points[id] == nil ? points[id] ?? 0 : nil
            )
        }
        if let context {
            for id in ids { desk.submit(.see(context), to: id, for: contact.id) { _ in } }
        }
        for row in rows where row.status == .queued { askWhoTheyAre(in: row.id) }
    }

    /// Hangs up when it is this session that was ended.
    func end(ifOpenedWith token: String) {
        if state.withLock({ $0.token == token }) { socket.tell(.expired) }
    }

    func closed() {
        desk.audience.leave(self, as: contact.id)
        for id in state.withLock({ $0.conversations }) { desk.unsubscribe(self, from: id) }
    }

    // MARK: - Frames

    func received(_ text: [UInt8]) {
        var envelope: Envelope?
        do throws(WireFault) {
            let now = gateway.clock.now
            let excess = budget?.take(at: gateway.clock.steady)
            let validUntil = state.withLock(\.validUntil)
            let (read, message) = try CustomerMessage.decode(text)
            envelope = read
            if validUntil <= now, read.t != "auth.refresh" { throw .expired }
            if let excess { throw WireFault(excess) }
            try handle(message, ClientRequest(session: connection, id: read.id, c: read.c))
        } catch {
            socket.refuse(error.answering(re: error.re ?? envelope?.id, c: error.c ?? envelope?.c))
        }
    }

    private func handle(_ message: CustomerMessage, _ request: ClientRequest) throws(WireFault) {
        switch message {
        case .msgSend(let c, let d), .msgRetry(let c, let d):
            var post = Command.Post(
                id: .make(at: gateway.clock.now),
                clientID: d.cid,
                name: contact.name,
                text: d.text,
                choice: d.choice
            )
            post.uploads = try Command.Uploads(named: d.uploads)
            try submit(post, c, request)
        case .choice(let c, let d): try submit(.choose(pick(d)), c, request)
        case .convStart: begin(nil, request)
        case .human(let c): try submit(.requestPerson(notice: notice()), c, request)
        case .end(let c): try submit(.endByCustomer, c, request)
        case .csat(let c, let d):
            try submit(.rate(score: d.score, comment: d.comment), c, request)
        case .feedback(let c, let d):
            try submit(.judge(message: d.m, isHelpful: d.helpful), c, request)
        case .address(let c, let d): try submit(.leaveAddress(email: d.email), c, request)
        case .formSubmit(let c, let d):
            try answer(d, in: c, request)
        case .context(let c, let d): try see(PageContext(d, session: connection.id), c, request)
        case .typing where gateway.admission.dropsSigns, .read where gateway.admission.dropsSigns:
            request.acknowledge()
        case .typing(let c, let d):
            desk.typing(
                author,
                d.on,
                in: try mine(c),
                for: contact.id,
                from: self,
                then: request.completion
            )
        case .read(let c, let d):
            desk.read(
                by: author,
                upTo: d.upto,
                in: try mine(c),
                for: contact.id,
                from: self,
                then: request.completion
            )
        case .sync(let c, let d):
            desk.replay(
                to: self,
                .customer,
                of: try mine(c),
                for: contact.id,
                after: d.after,
                then: request.completion
            )
        case .ping:
            request.acknowledge()
            connection.send(ServerFrame.pong())
        case .authRefresh(let d): try refresh(d.token, request)
        case .track(let c, let d):
            try track(.track(name: d.name, data: d.data ?? [:]), c, request)
        case .hello: throw WireFault(.invalid, "You have said hello already")
        }
    }

    private var author: Author { .customer(contact.id, name: contact.name) }

    var locale: String? { state.withLock { $0.trail.newest?.locale } }

    var knownContact: Contact {
        get { state.withLock(\.contact) }
        set { state.withLock { $0.contact = newValue } }
    }

    private func notice() -> Command.Notice {
        desk.handOffNotice(language: locale ?? site.language)
    }

    private func refresh(_ token: String, _ request: ClientRequest) throws(WireFault) {
        let claims = try gateway.openWidgetToken(token)
        guard claims.contact == contact.id else {
            throw WireFault(
                .unauthenticated,
                "The token is somebody else's",
                close: .unauthenticated
            )
        }
        state.withLock { state in
            state.token = token
            state.validUntil = claims.validUntil
        }
        request.acknowledge()
    }

    // MARK: - Speaking

    private func submit(
        _ post: Command.Post,
        _ c: String?,
        _ request: ClientRequest
    ) throws(WireFault) {
        if let c {
            desk.submit(.post(post), to: try mine(c), for: contact.id, then: request.completion)
        } else {
            begin(post, request)
        }
    }

    private func begin(_ post: Command.Post?, _ request: ClientRequest) {
        desk.begin(
            site: site.id,
            contact: contact.id,
            pages: state.withLock(\.trail.pages),
            post,
            then: entering(request)
        )
    }

    private func pick(_ choice: Received.Choice) -> Command.Pick {
        Command.Pick(
            id: .make(at: gateway.clock.now),
            clientID: choice.cid,
            name: contact.name,
            message: choice.m,
            choice: choice.choice
        )
    }

    func submit(_ command: Command, _ c: String, _ request: ClientRequest) throws(WireFault) {
        desk.submit(command, to: try mine(c), for: contact.id, then: request.completion)
    }

    /// A conversation by its id, listened to from now on if it was not.
    ///
    /// Whose it is is checked where it lives; somebody else's is not found there.
    func mine(_ c: String) throws(WireFault) -> ConversationID {
        guard let id = ConversationID(c) else { throw WireFault(.notFound) }
        let isNew = state.withLock { $0.conversations.insert(id).inserted }
        if isNew {
            desk.subscribe(self, .customer, to: id, for: contact.id, after: nil) { result in
                if case .failure = result {
                    self.state.withLock { _ = $0.conversations.remove(id) }
                }
            }
        }
        return id
    }

    /// Acknowledges and remembers the conversation that came of a request.
    private func entering(_ request: ClientRequest) -> LiveConversation.Completion {
        { result in
            if case .success(let outcome) = result {
                let id = outcome.conversation
                let tracked = self.state.withLock { state in
                    state.conversations.insert(id)
                    state.trail.told()
                    defer { state.tracked = [] }
                    return state.tracked
                }
                for command in tracked {
                    self.desk.submit(command, to: id, for: self.contact.id) { _ in }
                }
            }
            request.completion(result)
        }
    }

    // MARK: - Deliveries

    func deliver(_ delivery: Delivery) {
        let isEarly = state.withLock { state in
            state.early?.append(delivery)
            return state.early != nil
        }
        if !isEarly { write(delivery) }
    }

    /// Writes what came before `welcome`, and what comes while it is written, in order.
    private func deliverEarly() {
        while true {
            let early = state.withLock { state in
                let early = state.early ?? []
                state.early = early.isEmpty ? nil : []
                return early
            }
            if early.isEmpty { return }
            for delivery in early { write(delivery) }
        }
    }

    func deliver(missed events: [NumberedEvent], of id: ConversationID) {
        let isEarly = state.withLock { state in
            state.early?.append(contentsOf: events.map { .event(id, Publication($0)) })
            return state.early != nil
        }
        if isEarly { return }
        connection.replay(events.compactMap { EventFrame.forCustomer(Publication($0), in: id) })
    }

    private func write(_ delivery: Delivery) {
        switch delivery {
        case .event(let id, let event):
            if case .started = event.content.event {
                state.withLock { _ = $0.conversations.insert(id) }
            }
            guard let frame = EventFrame.forCustomer(event, in: id) else { return }
            connection.send(frame)
            if case .changed(let change) = event.content.event, change.status == .queued {
                askWhoTheyAre(in: id)
            }
        case .resync(let id): socket.tellToFetchAnew(id.description)
        case .typing(let id, let author, let isOn):
            connection.send(EventFrame.typing(author, isOn, in: id), droppable: true)
        case .read(let id, let author, let upTo):
            connection.send(EventFrame.read(author, upTo, in: id), droppable: true)
        case .queuePosition(let id, let position, let seconds):
            let frame = ServerFrame.queuePos(
                c: id.description,
                Sent.QueuePos(position: position, expectSeconds: seconds)
            )
            connection.send(frame, droppable: true)
        case .offer, .offerGone, .row, .presence: break
        }
    }
}
