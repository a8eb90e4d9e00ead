import Desk
import Foundation
import Model
import Store
import Testing

struct HistoryTests {
    /// Random appends, some of them from a wrong head, then everything is read back.
    @Test(arguments: [1, 2, 3]) func `gives back exactly what it acknowledged`(
        round: Int
    ) async throws {
        try await TestWorkspace.with { workspace in
            let conversations = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { try await Self.live(in: workspace) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for conversation in conversations {
                let history = try await workspace.store.history(of: conversation.id)
                #expect(history == conversation.events)
                #expect(
                    Conversation(id: conversation.id, replaying: history) == conversation.value
                )
            }
            let last = conversations.map(\.position).max()
            #expect(try await workspace.store.position() == last)
        }
    }

    private static func live(in workspace: TestWorkspace) async throws -> TestConversation {
        var conversation = try await workspace.start(withRow: .random())
        for number in 0..<40 {
            let events = (0...Int.random(in: 0...2)).map { _ in
                Bool.random() ? conversation.message("m\(number)") : conversation.note("n\(number)")
            }
            if Int.random(in: 0..<5) == 0 {
                var stale = conversation
                stale.value = try #require(
                    Conversation(id: conversation.id, replaying: conversation.events.prefix(1))
                )
                if stale.value.head == conversation.value.head { continue }
                await #expect(throws: LogFailure.conflict(head: conversation.value.head)) {
                    try await stale.append(events)
                }
            } else {
                try await conversation.append(events, withRow: .random())
            }
        }
        return conversation
    }

    @Test func `reads the files of a process that ended without closing them`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start(withRow: true)
            for number in 0..<30 { try await conversation.say("message \(number)") }
            // What the disk holds at this moment is what a killed process would have left.
            let copy = workspace.folder.appendingPathComponent("copy")
            try FileManager.default.createDirectory(
                at: copy,
                withIntermediateDirectories: false
            )
            for name in ["maitred.sqlite", "maitred.sqlite-wal", "maitred.key"] {
                try FileManager.default.copyItem(
                    at: workspace.folder.appendingPathComponent(name),
                    to: copy.appendingPathComponent(name)
                )
            }
            let reopened = try Store.open(folder: copy)
            #expect(reopened.epoch == workspace.store.epoch)
            #expect(try await reopened.history(of: conversation.id) == conversation.events)
            #expect(try await reopened.position() == conversation.position)
            await reopened.close()
        }
    }

    @Test func `finds nothing of a conversation that does not exist`() async throws {
        try await TestWorkspace.with { workspace in
            let id = ConversationID.make(at: TestWorkspace.time(0))
            let history = try await workspace.store.history(of: id)
            let events = try await workspace.store.events(of: id, after: 0, limit: 9)
            let row = try await workspace.store.row(of: id)
            #expect(history.isEmpty && events.isEmpty && row == nil)
        }
    }

    @Test func `refuses everything once it is closed`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            var conversation = try await workspace.start()
            await store.close()
            await #expect(throws: LogFailure.unavailable("The store is closed.")) {
                try await conversation.say("late")
            }
            await #expect(throws: LogFailure.unavailable("The store is closed.")) {
                try await store.history(of: conversation.id)
            }
        }
    }
}
