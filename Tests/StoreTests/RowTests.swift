import Desk
import Foundation
import Model
import Store
import Testing

struct RowTests {
    @Test func `shows head and preview of messages that came without a row`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start(withRow: true)
            try await conversation.say("one")
            try await conversation.say(String(repeating: "x", count: 300))
            try await conversation.append([conversation.note("between us")])
            let row = try #require(try await workspace.store.row(of: conversation.id))
            #expect(row == ConversationRow(conversation.value))
            #expect(row.preview?.count == 120)
            #expect((row.head, row.publicHead) == (4, 3))
        }
    }

    @Test func `builds the row of a conversation that never had one`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            try await conversation.say("hello")
            let row = try await workspace.store.row(of: conversation.id)
            #expect(row == ConversationRow(conversation.value))
        }
    }

    @Test func `lists the newest change first, page by page`() async throws {
        try await TestWorkspace.with { workspace in
            var conversations: [TestConversation] = []
            for _ in 0..<6 { conversations.append(try await workspace.start(withRow: true)) }
            for index in [3, 1] { try await conversations[index].say("news") }
            for index in [0, 5] {
                let end = conversations[index].change(.resolved, .nobody)
                try await conversations[index].append([end], withRow: true)
            }
            let expected = [5, 0, 1, 3, 4, 2].map { conversations[$0].id }
            let store = workspace.store
            #expect(try await store.rows(RowQuery()).map(\.id) == expected)
            var listed: [ConversationID] = []
            while true {
                let page = try await store.rows(RowQuery(before: listed.last, limit: 2))
                listed += page.map(\.id)
                if page.isEmpty { break }
            }
            #expect(listed == expected)
        }
    }

    @Test func `lists by the newest change also where only a row changed`() async throws {
        try await TestWorkspace.with { workspace in
            var all: [TestConversation] = []
            for _ in 0..<3 { all.append(try await workspace.start(withRow: true)) }
            func listed() async throws -> [Int] {
                let rows = try await workspace.store.rows(RowQuery())
                return rows.map { row in all.firstIndex { $0.id == row.id } ?? -1 }
            }
            try await all[0].append([all[0].note("looked at")], withRow: true)
            #expect(try await listed() == [0, 2, 1])
            try await all[1].append([all[1].change(.resolved, .nobody)], withRow: true)
            #expect(try await listed() == [1, 0, 2])
            try await all[0].append([all[0].note("and again")], withRow: true)
            try await all[1].append([all[1].note("after its end")], withRow: true)
            #expect(try await listed() == [1, 0, 2])
            try await all[1].append([all[1].change(.bot, .bot)], withRow: true)
            try await all[2].append([all[2].note("at last")], withRow: true)
            #expect(try await listed() == [2, 1, 0])
            for conversation in all {
                let row = try await workspace.store.row(of: conversation.id)
                #expect(row == ConversationRow(conversation.value))
            }
        }
    }

    @Test func `shows a contact what they come back to, the newest first`() async throws {
        try await TestWorkspace.with { workspace in
            let contact = ContactID.make(at: TestWorkspace.time(0))
            var conversations: [TestConversation] = []
            for _ in 0..<7 {
                conversations.append(try await workspace.start(contact, withRow: true))
            }
            _ = try await workspace.start(withRow: true)
            for index in [4, 0, 2] {
                let end = conversations[index].change(.resolved, .nobody)
                try await conversations[index].append([end], withRow: true)
            }
            // A note behind an end does not bring it forward, words in an open one do.
            try await conversations[4].append([conversations[4].note("between us")])
            try await conversations[1].say("news")
            let ids = conversations.map(\.id)
            let all = try await workspace.rows(of: contact, open: 50, ended: 50)
            #expect(all.open.map(\.id) == [1, 6, 5, 3].map { ids[$0] })
            #expect(all.ended.map(\.id) == [2, 0, 4].map { ids[$0] })
            let few = try await workspace.rows(of: contact, open: 2, ended: 1)
            #expect(few.open.map(\.id) == [1, 6].map { ids[$0] })
            #expect(few.ended.map(\.id) == [ids[2]])
            let stranger = ContactID.make(at: TestWorkspace.time(1))
            let none = try await workspace.rows(of: stranger, open: 50, ended: 50)
            #expect(none.open.isEmpty && none.ended.isEmpty)
        }
    }

    @Test func `lists by status, contact and owner`() async throws {
        try await TestWorkspace.with { workspace in
            let contact = ContactID.make(at: TestWorkspace.time(0))
            let agent = AgentID.make(at: TestWorkspace.time(0))
            let bot = try await workspace.start(contact, withRow: true)
            var queued = try await workspace.start(withRow: true)
            try await queued.append([queued.change(.queued, .queue)], withRow: true)
            var open = try await workspace.start(contact, withRow: true)
            try await open.append([open.change(.open, .agent(agent))], withRow: true)
            func ids(_ query: RowQuery) async throws -> Set<ConversationID> {
                Set(try await workspace.store.rows(query).map(\.id))
            }
            #expect(try await ids(RowQuery(statuses: [.queued])) == [queued.id])
            #expect(try await ids(RowQuery(contact: contact)) == [bot.id, open.id])
            #expect(try await ids(RowQuery(owner: agent)) == [open.id])
            #expect(try await ids(RowQuery(statuses: [.resolved])).isEmpty)
            #expect(try await ids(RowQuery(statuses: [])).isEmpty)
            #expect(try await workspace.store.rows(RowQuery(limit: 0)).isEmpty)
        }
    }
}

extension TestWorkspace {
    fileprivate func rows(
        of contact: ContactID,
        open: Int,
        ended: Int
    ) async throws -> (open: [ConversationRow], ended: [ConversationRow]) {
        try await withCheckedThrowingContinuation { continuation in
            store.rows(of: contact, open: open, ended: ended) { continuation.resume(with: $0) }
        }
    }
}
