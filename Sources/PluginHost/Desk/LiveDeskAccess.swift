import Credentials
import Desk
import JSONCoding
import Model

/// Conversations of the running desk, for plugins.
package final class LiveDeskAccess: DeskAccess {
    private let desk: Desk
    private let finder: any ContactFinder
    private let consoleURL: String
    private let register: ArrivalRegister

    /// - Parameters:
    ///   - desk: Whose conversations they are.
    ///   - finder: Finds contacts by what plugins know of them.
    ///   - consoleURL: Where the team's pages are, without a slash at the end.
    package init(desk: Desk, finder: any ContactFinder, consoleURL: String) {
        self.desk = desk
        self.finder = finder
        self.consoleURL = consoleURL
        register = ArrivalRegister(finder: finder)
    }

    package func summary(
        of id: ConversationID,
        messages: Int
    ) async throws(LogFailure) -> ConversationSummary? {
        guard let conversation = await desk.look(at: id),
            let contact = try await desk.directory.contact(conversation.contact)
        else { return nil }
        return ConversationSummary(
            id: id,
            status: conversation.status.rawValue,
            contact: contact,
            page: conversation.context,
            tags: conversation.tags,
            messages: conversation.recent.suffix(messages).map(\.message)
        )
    }

    package func carryOut(
        _ wish: PluginWish,
        in id: ConversationID,
        for plugin: Message.Origin
    ) async throws(PluginWishFailure) {
        for command in try await commands(for: wish, in: id, plugin) {
            if case .failure(let failure) = await desk.submit(command, to: id) {
                throw Self.failure(failure)
            }
        }
    }

    package func open(
        _ arrival: PluginArrival,
        for plugin: Message.Origin
    ) async throws(PluginWishFailure) -> ConversationID {
        let contact: Contact
        do throws(LogFailure) {
            contact = try await register.contact(of: arrival, at: desk.clock.now)
        } catch {
            throw .unavailable("\(error)")
        }
        let now = desk.clock.now
        let post = Command.Post(
            id: .make(at: now),
            clientID: Self.clientID(arrival.key, plugin),
            text: arrival.text,
            origin: plugin,
            replyTo: arrival.replyTo
        )
        let result = await withCheckedContinuation { done in
            desk.begin(site: contact.site, contact: contact.id, pages: [], post) {
                done.resume(returning: $0)
            }
        }
        switch result {
        case .success(let outcome): return outcome.conversation
        case .failure(let failure): throw Self.failure(failure)
        }
    }

    package func record(_ act: Event.Act, in id: ConversationID) async {
        _ = await desk.submit(.record(act), to: id)
    }

    package func contacts(_ query: ContactQuery) async throws(LogFailure) -> [Contact] {
        if let id = query.id { return try await desk.directory.contact(id).map { [$0] } ?? [] }
        return try await finder.contacts(
            email: query.email,
            externalID: query.externalID,
            limit: 20
        )
    }

    package func url(of id: ConversationID) -> String { "\(consoleURL)/console/#\(id)" }

    // MARK: - Commands

    private func commands(
        for wish: PluginWish,
        in id: ConversationID,
        _ plugin: Message.Origin
    ) async throws(PluginWishFailure) -> [Command] {
        let now = desk.clock.now
        switch wish {
        case .note(let text, let key):
            return [
                .tell(
                    Command.Told(
                        id: .make(at: now),
                        clientID: key.map { Self.clientID($0, plugin) },
                        origin: plugin,
                        text: text,
                        isNote: true
                    )
                )
            ]
        case .message(let text, let key):
            return [
                .tell(
                    Command.Told(
                        id: .make(at: now),
                        clientID: Self.clientID(key, plugin),
                        origin: plugin,
                        text: text,
                        isNote: false
                    )
                )
            ]
        case .reply(let text, let email, let key):
            let person = try await person(email)
            let conversation = await desk.look(at: id)
            let reply = Command.Reply(
                id: .make(at: now),
                clientID: Self.clientID(key, plugin),
                by: person,
                text: text,
                seen: conversation?.head ?? 0,
                origin: plugin
            )
            // Told once more, it takes nothing from whoever has the conversation by now.
            if conversation?.hasSaid(reply) ?? false { return [] }
            return [.takeOver(person), .reply(reply)]
        case .post(let text, let key, let replyTo):
            return [
                .post(
                    Command.Post(
                        id: .make(at: now),
                        clientID: Self.clientID(key, plugin),
                        text: text,
                        origin: plugin,
                        replyTo: replyTo
                    )
                )
            ]
        case .tag(let add, let remove): return [.label(add: add, remove: remove, by: plugin)]
        case .facts(let title, let facts):
            return [.learnFacts(source: plugin.plugin, title: title, facts: facts)]
        }
    }

    private func person(_ email: String) async throws(PluginWishFailure) -> Command.Person {
        let agents: [Agent]
        do throws(LogFailure) {
            agents = try await desk.directory.agents()
        } catch {
            throw .unavailable("\(error)")
        }
        guard let agent = agents.first(where: { $0.email.lowercased() == email.lowercased() })
        else { throw .refused("no agent has the address \(email)") }
        return Command.Person(id: agent.id, name: agent.name)
    }

    /// A client id of the wire's form, the same for the same key of the same plugin.
    private static func clientID(_ key: String, _ plugin: Message.Origin) -> String {
        "p-" + String(Digest.sha256Hex("\(plugin.plugin) \(key)").prefix(40))
    }

    private static func failure(_ failure: DeskFailure) -> PluginWishFailure {
        switch failure {
        case .notFound, .noSuchAgent: .notFound
        case .refused(.conflict(let why)), .refused(.rejected(let why)): .refused(why)
        case .refused(.gone): .refused("the conversation ended too long ago")
        case .refused(let refusal): .refused("\(refusal)")
        case .log(let failure): .unavailable("\(failure)")
        }
    }
}

/// Who somebody is that writes from elsewhere: one after another, so that two letters of a stranger do
/// not make two contacts.
private actor ArrivalRegister {
    private let finder: any ContactFinder
    private var last: Task<Result<Contact, LogFailure>, Never>?

    init(finder: any ContactFinder) { self.finder = finder }

    func contact(
        of arrival: PluginArrival,
        at now: Timestamp
    ) async throws(LogFailure) -> Contact {
        let next = Task { [last, finder] in
            _ = await last?.value
            return await Self.look(up: arrival, in: finder, at: now)
        }
        last = next
        return try await next.value.get()
    }

    /// Somebody we know by that id or address, or a new contact, for whom nobody vouches.
    private static func look(
        up arrival: PluginArrival,
        in finder: any ContactFinder,
        at now: Timestamp
    ) async -> Result<Contact, LogFailure> {
        do throws(LogFailure) {
            let known = try await finder.contacts(
                email: arrival.externalID == nil ? arrival.email : nil,
                externalID: arrival.externalID,
                limit: 20
            )
            let found = known.first { arrival.site == nil || $0.site == arrival.site }
            if let found { return .success(found) }
            guard let site = try await finder.site(arrival.site) else {
                return .failure(.unavailable("there is no such site"))
            }
            let contact = Contact(
                id: .make(at: now),
                site: site,
                name: arrival.name,
                email: arrival.email,
                externalID: arrival.externalID,
                createdAt: now
            )
            try await finder.save(contact)
            return .success(contact)
        } catch {
            return .failure(error)
        }
    }
}
