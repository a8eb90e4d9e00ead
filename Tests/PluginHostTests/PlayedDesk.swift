import Desk
import JSONCoding
import Model
import PluginHost
import Synchronization

/// Conversations for plugins to look at, and a record of what they do to them.
final class PlayedDesk: DeskAccess {
    private struct State {
        var wishes: [PluginWish] = []
        var acts: [Event.Act] = []
    }

    /// The one conversation there is.
    let conversation = ConversationID.make(at: Timestamp(milliseconds: 1_800_000_000_000))
    let contact = Contact(
        id: .make(at: Timestamp(milliseconds: 0)),
        site: .make(at: Timestamp(milliseconds: 0)),
        name: "Ada",
        email: "ada@example.com",
        externalID: "u_1",
        createdAt: Timestamp(milliseconds: 0)
    )
    private let state = Mutex(State())
    private let beforeRecord: @Sendable () async -> Void

    /// - Parameter beforeRecord: Awaited before an act is written down.
    init(beforeRecord: @escaping @Sendable () async -> Void = {}) {
        self.beforeRecord = beforeRecord
    }

    var wishes: [PluginWish] { state.withLock(\.wishes) }
    /// What was written into the conversation, as often as it was.
    var acts: [Event.Act] { state.withLock(\.acts) }

    func summary(of id: ConversationID, messages: Int) -> ConversationSummary? {
        guard id == conversation else { return nil }
        let said = Message(
            id: .make(at: contact.createdAt),
            author: .customer(contact.id, name: contact.name),
            text: "Where is my order?",
            at: contact.createdAt
        )
        return ConversationSummary(
            id: id,
            status: "bot",
            contact: contact,
            page: PageContext(number: 1, path: "/orders"),
            tags: ["vip"],
            messages: messages > 0 ? [said] : []
        )
    }

    func carryOut(
        _ wish: PluginWish,
        in id: ConversationID,
        for plugin: Message.Origin
    ) async throws(PluginWishFailure) {
        guard id == conversation else { throw .notFound }
        state.withLock { $0.wishes.append(wish) }
    }

    func open(
        _ arrival: PluginArrival,
        for plugin: Message.Origin
    ) async throws(PluginWishFailure) -> ConversationID { throw .refused("nobody opens here") }

    func record(_ act: Event.Act, in id: ConversationID) async {
        await beforeRecord()
        state.withLock { $0.acts.append(act) }
    }

    func contacts(_ query: ContactQuery) -> [Contact] {
        let isMeant =
            query.id == contact.id || query.email == contact.email
            || query.externalID == contact.externalID
        return isMeant ? [contact] : []
    }

    func url(of id: ConversationID) -> String { "https://desk.example/#\(id)" }
}
