import JSONCoding
import Model
import Synchronization

/// The support desk: live conversations, the triage core's turns, people on duty, routing.
///
/// A program composes one from its ports, calls ``start()``, keeps ``run()`` running, and hands it
/// what customers and agents send. Everything is addressed by conversation; where a conversation is
/// in memory or not is the desk's business.
///
/// ## Topics
/// - ``LiveConversation``
/// - ``Floor``
/// - ``TriageDesk``
/// - ``EventLog``
/// - ``Directory``
/// - ``Integrations``
/// - ``Attachments``
package final class Desk: Sendable {
    package let log: any EventLog
    package let directory: any Directory
    package let integrations: any Integrations
    let attachments: any Attachments
    package let clock: any WallClock
    package let options: DeskOptions
    package let audience = Audience()
    let executor = DeskExecutor()
    let pace: ReadingPace
    package let floor: Floor
    package let timers: Timers
    package let triage: TriageDesk
    private let steps: Mutex<ClockStep>
    private let live = Mutex<[ConversationID: LiveConversation]>([:])

    package init(
        log: any EventLog,
        directory: any Directory,
        integrations: any Integrations,
        triage: TriageDesk,
        attachments: any Attachments = NoAttachments(),
        clock: any WallClock = SystemClock(),
        options: DeskOptions = .init()
    ) {
        self.log = log
        self.directory = directory
        self.integrations = integrations
        self.triage = triage
        self.attachments = attachments
        self.clock = clock
        self.options = options
        pace = ReadingPace(quick: options.quickReading)
        timers = Timers(clock: clock)
        steps = Mutex(ClockStep(clock))
        floor = Floor(
            executor: executor,
            clock: clock,
            audience: audience,
            offerPeriod: options.offerPeriod
        )
    }

    /// Takes up what was owed when the last process ended.
    package func start() async throws(LogFailure) {
        floor.attach(self)
        let open = Set(Status.allCases).subtracting([.resolved])
        // Where each row last changed is not kept: consoles that knew less than the end get it again.
        let position = try await log.position()
        let ended = try await log.rows(
            RowQuery(statuses: [.resolved], limit: options.resolvedAtStart)
        )
        for row in ended + (try await log.rows(RowQuery(statuses: open, limit: .max))) {
            floor.post(.restored(row, position: position))
        }
        for (conversation, obligation) in try await log.obligations() {
            let left = obligation.due - clock.now
            let wait: Duration =
                switch obligation.kind {
                // What was said before the process ended has been waited for.
                case .turn, .step: .zero
                // One that is farther away was stored before the clock was set back.
                case .offer: min(left, options.offerPeriod)
                case .idle, .wake: left
                }
            timers.set(obligation.kind, of: conversation, to: obligation.due, in: wait)
            // An offer outlives the process: the floor hears to whom it stands.
            if obligation.kind == .offer { post(.restate, to: conversation) }
        }
    }

    /// Lets go of every conversation once its letters are read and its tasks have ended; nothing is taken any
    /// more.
    package func stop() {
        let last = live.withLock { live in
            // They hold the desk, too: together they would outlive everybody who uses it.
            defer { live = [:] }
            return Array(live.values)
        }
        for conversation in last { conversation.box.close() }
    }

    /// Keeps the clocks; returns when the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.timers.run { key, due in
                    self.post(.due(key.kind, due), to: key.conversation)
                } soon: {
                    self.log.getReady()
                }
            }
            group.addTask { await self.evictIdle() }
            group.addTask { await self.watchClock() }
            await group.waitForAll()
        }
    }

    // MARK: - Letters

    /// Posts a letter to a conversation, waking it if it sleeps.
    ///
    /// Any thread that holds no lock: it may do the work of a brief letter.
    func post(_ letter: LiveConversation.Letter, to id: ConversationID) {
        while !conversation(id).post(letter) {
            // It was evicted between look-up and posting: take the next one.
            live.withLock { live in
                if live[id]?.box.isClosed == true { live[id] = nil }
            }
        }
    }

    private func conversation(_ id: ConversationID) -> LiveConversation {
        live.withLock { live in
            if let known = live[id] { return known }
            let fresh = LiveConversation(id: id, desk: self)
            live[id] = fresh
            return fresh
        }
    }

    /// Lets go of a conversation whose box is closed.
    func forget(_ conversation: LiveConversation) {
        live.withLock { live in
            if live[conversation.id] === conversation { live[conversation.id] = nil }
        }
    }

    func isLive(_ id: ConversationID) -> Bool { live.withLock { $0[id] != nil } }

    /// Conversations in memory, for the metrics.
    package var liveCount: Int { live.withLock(\.count) }

    /// Notices that the time of day was set, and has what is stored of deadlines move with it.
    private func watchClock() async {
        var owing: Duration = .zero
        while !Task.isCancelled {
            try? await clock.sleep(for: .seconds(1))
            if let step = steps.withLock({ $0.look(at: clock) }) {
                owing += step
                timers.clockWasSet()
            }
            guard owing != .zero, (try? await log.moveDeadlines(by: owing)) != nil else { continue }
            owing = .zero
        }
    }

    private func evictIdle() async {
        while !Task.isCancelled {
            try? await clock.sleep(for: .seconds(30))
            let now = clock.steady
            for (id, conversation) in live.withLock({ $0 })
            where await conversation.closeIfIdle(at: now, for: options.evictAfter) {
                live.withLock { live in
                    if live[id] === conversation { live[id] = nil }
                }
            }
        }
    }
}

/// The periods by which the desk works.
package struct DeskOptions: Sendable {
    /// How long a person has to accept.
    package var offerPeriod: Duration = .seconds(30)
    /// How long the first turn waits for integrations.
    package var enrichmentDeadline: Duration = .milliseconds(800)
    /// How long a turn that is not sure waits for somebody's opinion.
    package var candidateDeadline: Duration = .seconds(3)
    /// How long a conversation that nobody listens to stays in memory.
    package var evictAfter: Duration = .seconds(300)
    /// A turn that takes less to be read is stored together with its answer.
    package var quickReading: Duration = .microseconds(150)
    /// How many resolved rows are read at start, for consoles that come back.
    package var resolvedAtStart = 500

    package init() {}
}
