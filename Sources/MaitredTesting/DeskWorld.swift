import Desk
import Foundation
import JSONCoding
import Knowledge
import Model
import Workflows

/// A whole desk over a log in memory and a clock that tests move.
package final class DeskWorld: Sendable {
    package let clock = ManualClock()
    package let log: MemoryLog
    package let directory = MemoryDirectory()
    package let desk: Desk
    package let site: Site
    package let ann: Agent
    package let bea: Agent
    private let clocks: Task<Void, Never>

    /// Makes a desk with one site and two agents, and starts its clocks.
    ///
    /// `workspace`: what the triage core is taught; empty hands everything off.
    /// `integrations`: who supplies facts.
    /// `log`: another desk's log, to go on where it ended.
    /// `cache`: where what was learned is kept.
    package init(
        _ workspace: Workspace = Workspace(),
        integrations: any Integrations = NoIntegrations(),
        log: MemoryLog = MemoryLog(),
        site: Site? = nil,
        cache: URL? = nil,
        options: DeskOptions = .init()
    ) async throws {
        let now = clock.now
        self.log = log
        self.site =
            site ?? Site(id: .make(at: now), name: "Shop", origins: ["https://shop.example"])
        ann = Agent(
            id: .make(at: now),
            name: "Ann",
            email: "ann@example.com",
            role: .agent,
            skills: ["billing"],
            capacity: 2
        )
        bea = Agent(
            id: .make(at: now),
            name: "Bea",
            email: "bea@example.com",
            role: .agent,
            skills: ["technical"],
            capacity: 2
        )
        directory.add(self.site)
        directory.add(ann)
        directory.add(bea)
        let triage = TriageDesk(embeddings: nil, cache: cache, book: log)
        await triage.take(workspace)
        desk = Desk(
            log: log,
            directory: directory,
            integrations: integrations,
            triage: triage,
            clock: clock,
            options: options
        )
        try await desk.start()
        clocks = Task { [desk] in await desk.run() }
    }

    deinit {
        clocks.cancel()
        desk.stop()
    }

    /// A customer with one device.
    package func customer(name: String? = nil) -> Customer {
        let contact = Contact(
            id: .make(at: clock.now),
            site: site.id,
            name: name,
            createdAt: clock.now
        )
        directory.add(contact)
        let device = Listener()
        desk.audience.join(device, as: contact.id)
        return Customer(world: self, contact: contact, device: device)
    }

    /// An agent's console, on duty.
    package func console(of agent: Agent) async -> Listener {
        let device = Listener()
        desk.joinTeam(device, agent, feed: 0)
        desk.setPresence(.online, of: agent)
        await device.first { delivery in
            if case .presence(agent, .online, _) = delivery { return true }
            return false
        }
        return device
    }

    /// A customer under test.
    package struct Customer: Sendable {
        let world: DeskWorld
        package let contact: Contact
        package let device: Listener

        /// Says something; without a conversation it starts one.
        @discardableResult
        package func say(
            _ text: String,
            in id: ConversationID? = nil,
            clientID: String? = nil
        ) async throws -> LiveConversation.Outcome {
            let post = Command.Post(
                id: .make(at: world.clock.now),
                clientID: clientID ?? MessageID.make(at: world.clock.now).description,
                text: text
            )
            if let id {
                return try await world.desk.submit(.post(post), to: id, for: contact.id).get()
            }
            return try await withCheckedContinuation { continuation in
                world.desk.begin(
                    site: world.site.id,
                    contact: contact.id,
                    pages: [],
                    post
                ) { continuation.resume(returning: $0) }
            }.get()
        }
    }
}

/// Nobody contributes anything.
package struct NoIntegrations: Integrations {
    package init() {}

    package func enrich(_ opening: Opening, within deadline: Duration) async -> [Enrichment] { [] }

    package var namesCandidates: Bool { false }

    package func candidates(
        for question: CandidateQuestion,
        within deadline: Duration
    ) async -> [String] { [] }

    package func filters(_ moment: MessageToFilter.Moment) -> Bool { false }

    package func filter(_ message: MessageToFilter) async -> FilterVerdict { .keep }

    package func perform(_ order: WorkflowOrder) async -> ActionResult? {
        .forPerson("There are no plugins here.")
    }
}
