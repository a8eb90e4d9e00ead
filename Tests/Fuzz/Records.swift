import Desk
import MaitredTesting
import Model
import Store

/// What a server keeps of conversations, and what has to hold of it whatever was said.
struct Records {
    private static let most = 10_000

    private let server: LoopbackServer

    init(_ server: LoopbackServer) { self.server = server }

    func conversations(of contact: ContactID) async -> [ConversationID] {
        do throws(LogFailure) {
            return try await server.store.rows(RowQuery(contact: contact, limit: Self.most))
                .map(\.id)
        } catch {
            fatalError("rows are not read: \(error)")
        }
    }

    /// Holds the log of a conversation against its rules, and the live one against its log.
    func check(_ id: ConversationID) async {
        while true {
            guard let live = await server.desk.look(at: id) else {
                return Fuzz.hold(false, "a conversation that has a row and is not there")
            }
            let events = await events(of: id)
            check(events)
            // What the assistant does goes on meanwhile.
            guard events.count == live.head else { continue }
            let replayed = Conversation(id: id, replaying: events.map(\.event))
            Fuzz.hold(
                replayed == live,
                "a conversation that is not as its log has it: \(live)\n\(events)"
            )
            return
        }
    }

    private func events(of id: ConversationID) async -> [NumberedEvent] {
        do throws(LogFailure) {
            return try await server.store.events(of: id, after: 0, limit: Self.most)
        } catch {
            fatalError("events are not read: \(error)")
        }
    }

    /// In order, each message once, one owner at a time, and nobody else speaks.
    private func check(_ events: [NumberedEvent]) {
        var (owner, epoch) = (Owner.bot, 1)
        var said: Set<String> = []
        for (index, numbered) in events.enumerated() {
            Fuzz.hold(numbered.sequence == index + 1, "event \(index + 1) is \(numbered)")
            switch numbered.event {
            case .started: Fuzz.hold(index == 0, "a second start")
            case .changed(let change):
                let next = change.owner == owner ? epoch : epoch + 1
                Fuzz.hold(change.epoch == next, "epoch \(change.epoch) in place of \(next)")
                (owner, epoch) = (change.owner, change.epoch)
            case .message(let message):
                if let own = message.clientID {
                    let isNew = said.insert("\(message.author) \(own)").inserted
                    Fuzz.hold(isNew, "a message twice: \(message)")
                }
                switch message.author {
                case .bot: Fuzz.hold(owner == .bot, "the assistant speaks beside \(owner)")
                case .agent(let id, _):
                    Fuzz.hold(owner == .agent(id), "\(id) speaks beside \(owner)")
                case .customer, .system: break
                }
            default: break
            }
        }
    }
}
