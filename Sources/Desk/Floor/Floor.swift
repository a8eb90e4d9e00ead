import Model
import Synchronization

/// The support floor: who is on duty, what everybody's list shows, and who is offered what.
///
/// Hears of every commit through its letter box, in order for each conversation. Routing itself is
/// decided by ``Dispatch``, purely; this actor gives it its clock and carries its offers out.
package actor Floor: LetterReader {
    /// A conversation as the floor knows it.
    package struct Entry: Sendable {
        package var row: ConversationRow
        package var position: Int64
        package var offeredTo: AgentID?
        package var passedOver: Set<AgentID>
        package var passedAt: Timestamp?
    }

    enum Notice: Sendable {
        case changed(Entry)
        /// Found in the store at start.
        case restored(ConversationRow, position: Int64)
        case presence(Agent, Agent.Presence)
        case deviceJoined(any Subscriber, Agent, feed: Int64)
        case deviceLeft(AgentID)
        case graceOver(AgentID)
        case offerFailed(ConversationID)
        case flush
        case look(@Sendable (Snapshot) -> Void)
    }

    /// The floor at a moment, for welcomes and reports.
    package struct Snapshot: Sendable {
        package var seats: [Dispatch.Seat]
        package var waiting: Int
        /// Since when the one who has waited longest waits.
        package var waitingSince: Timestamp?
        package var position: Int64
    }

    /// How long an agent whose last device is gone still counts as present.
    static let grace: Duration = .seconds(30)
    /// Changes of a row's preview are told at most this often.
    static let flushPeriod: Duration = .milliseconds(250)
    /// An offer that could not be stored is tried again after this.
    static let retryPeriod: Duration = .seconds(1)
    /// Resolved rows stay at hand so that a returning console learns of them.
    static let resolvedLimit = 5000

    private nonisolated let box = LetterBox<Notice>()
    private nonisolated let executor: DeskExecutor
    /// What was said since rows were last sent; plain words travel here, not by letter.
    private nonisolated let spoken = Mutex(Words())
    private nonisolated let online = Mutex(false)
    private nonisolated let clock: any WallClock
    private let audience: Audience
    private let offerPeriod: Duration
    private nonisolated let desk = Mutex<DeskReference>(DeskReference())

    private var entries: [ConversationID: Entry] = [:]
    private var resolved: [ConversationID] = []
    private var owned: [AgentID: Set<ConversationID>] = [:]
    private var offered: [AgentID: Set<ConversationID>] = [:]
    /// Offers on their way to the log: not yet in any entry, and load all the same.
    private var pending: [ConversationID: AgentID] = [:]
    private var dispatch = Dispatch()
    /// Those who waited at the last flush, each told the place that they have here.
    private var told: [ConversationID] = []
    /// Who has left since: whoever comes back is told their place, the same one too.
    private var left: Set<ConversationID> = []
    private var unsent: Set<ConversationID> = []
    private var isFlushPlanned = false
    private var lastPosition: Int64 = 0

    private struct DeskReference: Sendable {
        weak var desk: Desk?
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(
        executor: DeskExecutor,
        clock: any WallClock,
        audience: Audience,
        offerPeriod: Duration
    ) {
        self.executor = executor
        self.clock = clock
        self.audience = audience
        self.offerPeriod = offerPeriod
    }

    nonisolated func attach(_ desk: Desk) { self.desk.withLock { $0.desk = desk } }

    /// Whether anybody could be offered a conversation.
    ///
    /// Any thread.
    package nonisolated var isAnybodyOnline: Bool { online.withLock { $0 } }

    /// Seconds until a person would take somebody who came now, by how fast people have been today.
    ///
    /// Nil while nobody is there.
    package var expectedReply: Int? {
        dispatch.isAnybodyOnline
            ? dispatch.expectedSeconds(at: dispatch.waiting.count + 1) : nil
    }

    nonisolated func post(_ notice: Notice) {
        if case .call = box.post(notice) { executor.post(self, isBrief: false) }
    }

    nonisolated func readLetters(upTo limit: Int) -> Bool {
        assumeIsolated { floor in
            for _ in 0..<limit {
                guard let notice = floor.box.take() else { return false }
                floor.handle(notice)
            }
            return true
        }
    }

    /// Notes that something was said in a conversation whose row did not change otherwise.
    ///
    /// Any thread.
    nonisolated func spoke(
        in id: ConversationID,
        _ message: Message?,
        head: Int,
        publicHead: Int,
        at position: Int64
    ) {
        let words = Words.Latest(
            message: message,
            head: head,
            publicHead: publicHead,
            position: position
        )
        if spoken.withLock({ $0.note(words, in: id) }) { flushLater() }
    }

    private func handle(_ notice: Notice) {
        switch notice {
        case .changed(let entry): take(entry)
        case .restored(let row, let position):
            take(Entry(row: row, position: position, offeredTo: nil, passedOver: []))
        case .presence(let agent, let presence): setPresence(presence, of: agent)
        case .deviceJoined(let device, let agent, let feed): join(device, agent, after: feed)
        case .deviceLeft(let agent):
            let clock = clock
            Task { [weak self] in
                try? await clock.sleep(for: Self.grace)
                self?.post(.graceOver(agent))
            }
        case .graceOver(let id):
            guard audience.devices(of: id).isEmpty, let seat = dispatch.seats[id] else { return }
            setPresence(.offline, of: seat.agent)
        case .offerFailed(let id):
            pending[id] = nil
            if let entry = entries[id] { queue(entry) }
            route()
        case .flush: flush()
        case .look(let see):
            see(
                Snapshot(
                    seats: Array(dispatch.seats.values),
                    waiting: dispatch.waiting.count,
                    waitingSince: dispatch.waiting.values.map(\.since).min(),
                    position: lastPosition
                )
            )
        }
    }

    package func snapshot() async -> Snapshot {
        await withCheckedContinuation { continuation in
            post(.look { continuation.resume(returning: $0) })
        }
    }

    // MARK: - Rows

    private func take(_ entry: Entry) {
        var entry = entry
        let id = entry.row.id
        let before = entries[id]
        // A restatement is as of the last change.
        entry.position = max(entry.position, before?.position ?? 0)
        if entry.offeredTo != nil || entry.row.status != .queued { pending[id] = nil }
        entries[id] = entry
        lastPosition = max(lastPosition, entry.position)
        if entry.row.status == .resolved { retire(id) }
        count(entry, before: before)
        if before == nil || differs(entry, before) {
            send(entry)
            if before?.row.status == .queued, entry.row.owner.agent != nil {
                dispatch.accepted(at: clock.now)
            }
            queue(entry)
            route()
        } else {
            unsent.insert(id)
            planFlush()
        }
    }

    /// Whether more than the preview changed.
    private func differs(_ entry: Entry, _ before: Entry?) -> Bool {
        guard let before else { return true }
        let new = entry.row
        let old = before.row
        return new.status != old.status || new.owner != old.owner || new.epoch != old.epoch
            || new.tags != old.tags || new.intent != old.intent || new.page != old.page
            || new.contactName != old.contactName || new.contactEmail != old.contactEmail
            || new.skill != old.skill || new.priority != old.priority
            || entry.offeredTo != before.offeredTo || entry.passedOver != before.passedOver
    }

    private func retire(_ id: ConversationID) {
        resolved.append(id)
        guard resolved.count > Self.resolvedLimit else { return }
        let oldest = resolved.removeFirst()
        if entries[oldest]?.row.status == .resolved { entries[oldest] = nil }
    }

    /// Keeps who has how much: what they own and is open, and what they are being offered.
    private func count(_ entry: Entry, before: Entry?) {
        let id = entry.row.id
        if let agent = before?.row.owner.agent { owned[agent]?.remove(id) }
        if let agent = before?.offeredTo { offered[agent]?.remove(id) }
        if let agent = entry.row.owner.agent, entry.row.status == .open {
            owned[agent, default: []].insert(id)
        }
        if let agent = entry.offeredTo { offered[agent, default: []].insert(id) }
    }

    private func send(_ entry: Entry) {
        unsent.remove(entry.row.id)
        let row = Publication(entry.row)
        for device in audience.team { device.deliver(.row(row, position: entry.position)) }
    }

    private func planFlush() {
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        flushLater()
    }

    private nonisolated func flushLater() {
        let clock = clock
        Task { [weak self] in
            try? await clock.sleep(for: Self.flushPeriod)
            self?.post(.flush)
        }
    }

    private func flush() {
        isFlushPlanned = false
        takeWords()
        for id in unsent {
            if let entry = entries[id] { send(entry) }
        }
        unsent = []
        tellPositions()
        // Those whom everybody has passed over are offered again after a while.
        if dispatch.isPausing { route() }
    }

    private func takeWords() {
        for (id, words) in spoken.withLock({ $0.take() }) {
            lastPosition = max(lastPosition, words.position)
            if entries[id]?.take(words) == true { unsent.insert(id) }
        }
    }

    // MARK: - People

    private func join(_ device: any Subscriber, _ agent: Agent, after feed: Int64) {
        takeWords()
        planFlush()
        if dispatch.seats[agent.id] == nil {
            dispatch.seat(agent, .offline, load: load(of: agent.id))
        }
        let missed = entries.values
            .filter { feed == 0 ? $0.row.status != .resolved : $0.position > feed }
            .sorted { $0.position < $1.position }
        for entry in missed {
            device.deliver(.row(Publication(entry.row), position: entry.position))
        }
        for id in offered[agent.id] ?? [] { deskInUse?.post(.showOffer(to: device), to: id) }
    }

    private func setPresence(_ presence: Agent.Presence, of agent: Agent) {
        dispatch.seat(agent, presence, load: load(of: agent.id))
        let isAnybodyOnline = dispatch.isAnybodyOnline
        online.withLock { $0 = isAnybodyOnline }
        announce(agent.id)
        if presence != .online {
            for id in offered[agent.id] ?? [] {
                deskInUse?.submit(.withdrawOffer(agent.id, reason: "went away"), to: id) { _ in }
            }
        }
        route()
    }

    private func announce(_ id: AgentID) {
        guard let seat = dispatch.seats[id] else { return }
        for device in audience.team {
            device.deliver(.presence(seat.agent, seat.presence, load: seat.load))
        }
    }

    private func load(of agent: AgentID) -> Int {
        (owned[agent]?.count ?? 0) + (offered[agent]?.count ?? 0)
            + pending.values.count { $0 == agent }
    }

    // MARK: - Routing

    private var deskInUse: Desk? { desk.withLock(\.desk) }

    private func queue(_ entry: Entry) {
        guard entry.row.status == .queued else {
            if dispatch.leave(entry.row.id) { left.insert(entry.row.id) }
            return
        }
        dispatch.wait(
            Dispatch.Waiting(
                conversation: entry.row.id,
                since: entry.row.waitingSince ?? entry.row.updatedAt,
                priority: entry.row.priority,
                skill: entry.row.skill,
                passedOver: entry.passedOver,
                passedAt: entry.passedAt,
                isOffered: entry.offeredTo != nil || pending[entry.row.id] != nil
            )
        )
    }

    private func route() {
        for (id, seat) in dispatch.seats where seat.load != load(of: id) {
            dispatch.setLoad(load(of: id), of: id)
            announce(id)
        }
        let now = clock.now
        for match in dispatch.matches(at: now) {
            let id = match.conversation
            pending[id] = match.agent.id
            announce(match.agent.id)
            deskInUse?.submit(
                .offer(to: match.agent.person, expires: now + offerPeriod, why: match.why),
                to: id
            ) { [weak self] result in
                if case .failure = result { self?.reconsider(id) }
            }
        }
        if !dispatch.waiting.isEmpty { planFlush() }
    }

    /// An offer was refused: the world is another one than it looks from here, or nothing can be
    /// stored.
    ///
    /// The conversation says where it stands, and a little later it is offered again.
    private nonisolated func reconsider(_ id: ConversationID) {
        desk.withLock(\.desk)?.post(.restate, to: id)
        let clock = clock
        Task { [weak self] in
            try? await clock.sleep(for: Self.retryPeriod)
            self?.post(.offerFailed(id))
        }
    }

    /// Every customer who moved up hears of it, at most once a flush.
    private func tellPositions() {
        let order = Array(dispatch.order)
        for (index, id) in order.enumerated()
        where index >= told.count || told[index] != id || left.contains(id) {
            let expected = dispatch.expectedSeconds(at: index + 1)
            deskInUse?.post(.queuePosition(index + 1, expectedSeconds: expected), to: id)
        }
        told = order
        left = []
    }
}
