import JSONCoding
import Model
import Synchronization
import Workflows

/// A conversation that somebody is taking part in: the one place where its events are made.
///
/// Letters are handled one at a time in the order in which they were posted. A command is decided
/// on the state, its events are committed, and only then does the state move and anyone hear of it.
/// The acknowledgement goes out before the events, and both before the next letter is looked at.
///
/// A letter is handled by plain calls of whoever works for the desk; while it waits for the disk, letters
/// wait in the box. Loaded on its first letter and evicted by ``Desk`` when nobody listens.
package actor LiveConversation: LetterReader {
    package typealias Completion = @Sendable (Result<Outcome, DeskFailure>) -> Void

    /// What came of a command.
    package struct Outcome: Sendable {
        package var conversation: ConversationID
        /// The number of the message or of the last event it led to; the head when it led to none.
        package var sequence: Int
        package var message: MessageID?
    }

    /// Which events a subscriber may see.
    package enum Side: Sendable { case customer, team }

    enum Letter: Sendable {
        case start(site: SiteID, contact: ContactID, [PageContext], Command.Post?, Completion)
        case command(Command, contact: ContactID?, Completion)
        /// With nil for `after` nothing is replayed.
        case subscribe(
            any Subscriber,
            Side,
            contact: ContactID?,
            after: Int?,
            Completion
        )
        /// A device of a new owner gets the whole conversation, unless it listens already.
        case admit(any Subscriber)
        case unsubscribe(any Subscriber)
        case replay(any Subscriber, Side, contact: ContactID?, after: Int, Completion)
        case typing(Author, Bool, contact: ContactID?, from: any Subscriber, Completion)
        case read(Author, upTo: Int, contact: ContactID?, from: any Subscriber, Completion)
        /// A deadline has come, as it was given to the timers.
        case due(Obligation.Kind, Timestamp)
        /// The integrations have said what they know, in letters before this one.
        case enriched
        /// The pause after a turn that could not be kept is over.
        case rested
        /// What came of reading a turn; nil when no message waits for an answer.
        case wasRead(Command.Conclusion?, Int)
        /// A turn was read, and what came of it is on disk or never will be.
        case turnEnded(isKept: Bool)
        /// The action of a workflow has come to its end; nil when that could not be kept.
        case stepEnded(Progress, ActionResult?)
        case showOffer(to: any Subscriber)
        case queuePosition(Int, expectedSeconds: Int)
        /// The floor is to hear again where this conversation stands.
        case restate
        /// More is known of the contact.
        case introduce(Contact)
        /// The contact behind it changed: what is on disk decides from now on.
        case reload
        case look(@Sendable (Conversation?) -> Void)
    }

    /// How far the assistant is with the turn.
    enum Reading: Sendable, Equatable {
        case none
        /// After a failure.
        case resting
        /// Until so many questions to the integrations have been answered.
        case waiting(for: Int)
        /// Read, concluded and stored, each when the one before is done.
        case underWay
    }

    /// How many events a resuming client gets; beyond it, it fetches them.
    package static let replayLimit = 500
    /// After this, what could not be read or written is tried again.
    static let retryPeriod: Duration = .seconds(1)

    package nonisolated let id: ConversationID
    nonisolated let desk: Desk
    nonisolated let box = LetterBox<Letter>()
    /// What came of the append under way, left by the store's thread.
    nonisolated let settlement = Mutex<Result<Int64, LogFailure>?>(nil)

    /// Nil until it was read from the log, while events of it are being committed, and when what is on
    /// disk has to be read again.
    var held: Held?
    var contact: Contact?
    var site: Site?
    var customers: [any Subscriber] = []
    var team: [any Subscriber] = []
    var journal = Journal()
    var owed: [Obligation.Kind: Timestamp] = [:]
    var turn = TurnClock()
    var reading = Reading.none
    /// What came of reading the turn, or will.
    var draft: Draft?
    /// How many turns were read.
    var readings = 0
    /// How often the integrations were asked, and how often they have answered.
    var questions = (asked: 0, answered: 0)
    /// What they are asked next, once they have answered.
    var nextQuestion: Opening?
    /// The step of a workflow whose action is being carried out, by its key.
    var step: String?
    /// Turns in a row whose answer could not be stored: the next try waits.
    var turnFailures = 0
    /// Also of the command whose events are being committed: nothing else is handled meanwhile.
    var lastLetterAt: SteadyTime
    /// The events that are being committed; the next letter waits for them.
    var underWay: UnderWay?
    /// The letter at hand waited for an append, and is read where that ended: the store's thread, mostly.
    private(set) var isBehindAppend = false
    /// Tasks that letters wait for: loading, and reading what is not at hand.
    private var detours = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        desk.executor.asUnownedSerialExecutor()
    }

    init(id: ConversationID, desk: Desk) {
        self.id = id
        self.desk = desk
        lastLetterAt = desk.clock.steady
    }

    /// Posts a letter; false when this conversation has been evicted.
    ///
    /// Any thread that holds no lock: it may do the desk's work for a brief letter.
    nonisolated func post(_ letter: Letter) -> Bool {
        switch box.post(letter) {
        case .closed: return false
        case .queued: break
        case .call: desk.executor.post(self, isBrief: letter.isBrief)
        }
        return true
    }

    // MARK: - Letters

    /// Handles what came: first what the store said, then letters until one has to wait.
    nonisolated func readLetters(upTo limit: Int) -> Bool {
        assumeIsolated { $0.work(upTo: limit) }
    }

    /// True when the limit was reached and there may be more to do.
    @discardableResult
    private func work(upTo limit: Int = .max) -> Bool {
        let result = settlement.withLock { $0.take() }
        isBehindAppend = result != nil
        if let result { settle(result) }
        for _ in 0..<limit {
            guard underWay == nil, detours == 0, let letter = box.take() else { return false }
            handle(letter)
        }
        return true
    }

    /// Does something that takes its time; letters wait meanwhile.
    func detour(_ body: @escaping @Sendable (isolated LiveConversation) async -> Void) {
        detours += 1
        Task {
            await body(self)
            detours -= 1
            work()
        }
    }

    private func handle(_ letter: Letter) {
        lastLetterAt = desk.clock.steady
        // These hold whatever happens to the letter: the next turn must be able to begin.
        switch letter {
        case .enriched: enriched()
        case .rested where reading == .resting: awaitIntegrations()
        case .turnEnded(let isKept): turnEnded(isKept: isKept)
        case .stepEnded(let progress, _) where step == progress.key: step = nil
        default: break
        }
        if case .start(let site, let contact, let pages, let post, let done) = letter {
            detour { await $0.start(site: site, contact: contact, pages, post, done) }
        } else if held != nil {
            handleLoaded(letter)
        } else {
            detour { await $0.loadAndHandle(letter) }
        }
    }

    private func loadAndHandle(_ letter: Letter) async {
        do throws(LogFailure) {
            try await load()
        } catch {
            fail(letter, .log(error))
            return
        }
        guard held != nil else {
            fail(letter, .notFound)
            leave()
            return
        }
        handleLoaded(letter)
    }

    private func handleLoaded(_ letter: Letter) {
        switch letter {
        case .start: break
        case .command(let command, let contact, let done):
            attachAndCarryOut(command, by: contact, done)
        case .subscribe(let subscriber, let side, let contact, let after, let done):
            subscribe(subscriber, side, contact: contact, after: after, done)
        case .admit(let device):
            guard !team.contains(where: { $0 === device }) else { return }
            subscribe(device, .team, contact: nil, after: 0, { _ in })
        case .unsubscribe(let subscriber): unsubscribe(subscriber)
        case .replay(let subscriber, let side, let contact, let after, let done):
            replay(to: subscriber, side, contact: contact, after: after, done)
        case .typing(let author, let isOn, let contact, let source, let done):
            guard isTheirs(contact, done) else { return }
            relayTyping(author, isOn, from: source)
        case .read(let author, let upTo, let contact, let source, let done):
            guard isTheirs(contact, done) else { return }
            relayRead(author, upTo: upTo, from: source)
        case .due(let kind, let due): comeDue(kind, due)
        case .enriched, .rested: readTurn()
        case .wasRead(let conclusion, let number): wasRead(conclusion, number)
        case .turnEnded: scheduleTurn()
        case .stepEnded(let progress, let result): stepEnded(progress, result)
        case .showOffer(let subscriber): showOffer(to: subscriber)
        case .queuePosition(let position, let seconds):
            for customer in customers {
                customer.deliver(
                    .queuePosition(id, position: position, expectedSeconds: seconds)
                )
            }
        case .restate: restate()
        case .introduce(let contact):
            guard let held, contact.id == held.state.contact else { return }
            self.contact = contact
            draft = nil
            desk.floor.post(.changed(floorEntry(of: held.state, at: 0)))
        case .reload:
            held = nil
            draft = nil
            journal = Journal()
            customers = []
        case .look(let see): see(held?.state)
        }
    }

    private func fail(_ letter: Letter, _ failure: DeskFailure) {
        switch letter {
        case .start(_, _, _, _, let done), .command(_, _, let done),
            .subscribe(_, _, _, _, let done), .replay(_, _, _, _, let done),
            .typing(_, _, _, _, let done), .read(_, _, _, _, let done):
            done(.failure(failure))
        case .look(let see): see(nil)
        case .due(let kind, let due): retryLater(kind, due, failure)
        case .enriched, .rested, .turnEnded:
            // A rest goes on, and a turn that is being read comes to its own end.
            if case .waiting = reading { reading = .none }
            retryLater(.turn, desk.clock.now, failure)
        case .stepEnded: retryLater(.step, desk.clock.now, failure)
        case .wasRead(_, let number) where reading == .underWay && number == readings:
            reading = .none
            retryLater(.turn, desk.clock.now, failure)
        default: break
        }
    }

    /// What is owed stays owed while the log cannot be read or written.
    func retryLater(_ kind: Obligation.Kind, _ due: Timestamp, _ failure: DeskFailure) {
        guard case .log = failure else { return }
        desk.timers.set(kind, of: id, to: due, in: Self.retryPeriod)
    }

    /// Closes the box if nobody needs this conversation in memory any more.
    ///
    /// Looking and closing are one step: no letter is handled between them.
    func closeIfIdle(at now: SteadyTime, for period: Duration) -> Bool {
        guard reading == .none, step == nil, underWay == nil, detours == 0,
            now - lastLetterAt >= period
        else {
            return false
        }
        // A device that left while it was being let in has nobody to say goodbye for it.
        customers.removeAll { !desk.audience.contains($0) }
        team.removeAll { !desk.audience.contains($0) }
        return customers.isEmpty && team.isEmpty && box.closeIfIdle()
    }

    // MARK: - Loading

    private func load() async throws(LogFailure) {
        guard held == nil else { return }
        let history = try await desk.log.history(of: id)
        guard let conversation = Conversation(id: id, replaying: history) else { return }
        await meet(conversation)
        held = Held(conversation)
        remember(conversation.obligations(idleAfter: idleAfter))
        takeStep()
        scheduleTurn()
    }

    func meet(_ conversation: Conversation) async {
        contact = try? await desk.directory.contact(conversation.contact)
        site = try? await desk.directory.site(conversation.site)
    }

    var idleAfter: Duration { site?.idleAfter ?? .seconds(24 * 3600) }

    /// Leaves memory at once: there is no such conversation, and ids are free to make up.
    func leave() {
        box.close()
        desk.forget(self)
    }

    // MARK: - Commands

    func carryOut(
        _ command: Command,
        by contact: ContactID?,
        _ done: @escaping Completion
    ) {
        if let contact, contact != held?.state.contact {
            done(.failure(.notFound))
            return
        }
        let wasResolved = held?.state.isResolved ?? false
        let verdict: Verdict
        do throws(Refusal) {
            verdict = try decide(command)
        } catch {
            done(.failure(.refused(error)))
            return
        }
        switch verdict {
        case .repeated(let receipt):
            done(
                .success(
                    Outcome(
                        conversation: id,
                        sequence: receipt.sequence,
                        message: receipt.message
                    )
                )
            )
        case .events(let events) where events.isEmpty:
            done(.success(Outcome(conversation: id, sequence: held?.state.head ?? 0)))
        case .events(let events):
            commit(events) { live, result in
                switch result {
                case .success(let numbered):
                    done(.success(live.outcome(of: numbered)))
                    live.publish(numbered)
                    live.afterCommit(numbered, wasResolved: wasResolved)
                case .failure(let failure): done(.failure(.log(failure)))
                }
            }
        }
    }

    private func decide(_ command: Command) throws(Refusal) -> Verdict {
        guard let held else { return .events([]) }
        return try held.decide(command, at: desk.clock.now)
    }

    func outcome(of events: [NumberedEvent]) -> Outcome {
        var outcome = Outcome(conversation: id, sequence: held?.state.head ?? 0)
        for event in events {
            switch event.event {
            case .message(let message) where message.clientID != nil, .noted(let message):
                outcome.sequence = event.sequence
                outcome.message = message.id
            default: break
            }
        }
        return outcome
    }
}

extension LiveConversation.Letter {
    /// Handling it takes microseconds: nothing is replayed, no briefing written, nothing waited for.
    ///
    /// What sessions send of themselves is not among them: it may be posted in the middle of a look-up.
    fileprivate var isBrief: Bool {
        switch self {
        case .command(.see, _, _), .command(.track, _, _): false
        case .command, .typing, .read, .due, .wasRead, .turnEnded: true
        default: false
        }
    }
}
