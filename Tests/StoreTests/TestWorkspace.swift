import Desk
import Foundation
import Model
import Store

/// A store in a folder of its own, and short ways to fill it.
struct TestWorkspace {
    let folder: URL
    let store: Store
    let site = SiteID.make(at: time(0))

    /// Runs a test on an empty workspace and clears up behind it.
    static func with(_ test: (TestWorkspace) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("maitred-store-\(UInt64.random(in: .min ... .max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Store.initialise(folder: folder)
        let workspace = TestWorkspace(folder: folder, store: try Store.open(folder: folder))
        try await test(workspace)
        await workspace.store.close()
    }

    static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_800_000_000_000 + seconds * 1000)
    }

    /// Starts a conversation, with a row when asked.
    func start(
        _ contact: ContactID = .make(at: time(0)),
        clientID: String? = nil,
        withRow: Bool = false
    ) async throws -> TestConversation {
        let id = ConversationID.make(at: Self.time(0))
        var conversation = Conversation(id: id, site: site, contact: contact, at: Self.time(0))
        let events = conversation.start(clientID: clientID, at: Self.time(0))
        for event in events { conversation.apply(event) }
        let position = try await store.append(
            AppendRequest(
                conversation: id,
                after: 0,
                publicHead: 0,
                events: events,
                row: withRow ? ConversationRow(conversation) : nil,
                obligations: nil
            )
        )
        return TestConversation(
            store: store,
            value: conversation,
            events: events,
            position: position
        )
    }
}

/// A conversation in a store, and what the test knows of it.
struct TestConversation {
    let store: Store
    var value: Conversation
    var events: [Event]
    var position: Int64

    var id: ConversationID { value.id }

    /// Appends what follows and keeps it only if the store took it.
    mutating func append(
        _ more: [Event],
        withRow: Bool = false,
        obligations: [Obligation]? = nil
    ) async throws {
        var next = value
        for event in more { next.apply(event) }
        position = try await store.append(
            AppendRequest(
                conversation: id,
                after: value.head,
                publicHead: value.publicHead,
                events: more,
                row: withRow ? ConversationRow(next) : nil,
                obligations: obligations
            )
        )
        value = next
        events += more
    }

    mutating func say(_ text: String, withRow: Bool = false) async throws {
        try await append([message(text)], withRow: withRow)
    }

    func message(_ text: String) -> Event {
        let at = TestWorkspace.time(Int64(value.head))
        return .message(
            Message(
                id: .make(at: at),
                author: .customer(value.contact, name: nil),
                text: text,
                at: at
            )
        )
    }

    func note(_ text: String) -> Event {
        let at = TestWorkspace.time(Int64(value.head))
        return .noted(
            Message(
                id: .make(at: at),
                author: .agent(.make(at: at), name: "Ana"),
                text: text,
                at: at
            )
        )
    }

    func change(_ status: Status, _ owner: Owner) -> Event {
        .changed(
            Event.Change(
                status: status,
                owner: owner,
                epoch: value.epoch + 1,
                by: .system,
                at: TestWorkspace.time(Int64(value.head))
            )
        )
    }
}
