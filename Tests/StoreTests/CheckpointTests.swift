import Foundation
import GRDB
import Store
import Testing

/// How long the write-ahead log becomes.
///
/// At 3.5 KB a message has a page of its own, and changes some more.
struct CheckpointTests {
    private static let text = String(repeating: "long ", count: 700)
    /// Some 8 MB, twice as much as the log is to have.
    private static let many = 1000

    @Test func `begins the log anew while it is written without a pause`() async throws {
        try await TestWorkspace.with { workspace in
            try await say(4 * Self.many, in: workspace)
            #expect(workspace.store.figures.writeAheadLog < 16 << 20)
            #expect(workspace.store.figures.database > 8 << 20)
        }
    }

    @Test func `begins the log anew once those have gone who read what was there before`()
        async throws
    {
        try await TestWorkspace.with { workspace in
            let path = workspace.folder.appendingPathComponent("maitred.sqlite").path
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let reader = try DatabaseQueue(path: path, configuration: configuration)
            try await reader.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN; SELECT count(*) FROM events")
            }
            try await say(2 * Self.many, in: workspace)
            let long = workspace.store.figures.writeAheadLog
            #expect(long > 8 << 20)
            try await reader.writeWithoutTransaction { db in try db.execute(sql: "COMMIT") }
            try await say(4 * Self.many, in: workspace)
            #expect(workspace.store.figures.writeAheadLog < long + 8 << 20)
            try reader.close()
        }
    }

    @Test func `has everything in the file when it is closed`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            for _ in 0..<Self.many { try await conversation.say(Self.text) }
            await workspace.store.close()
            let path = workspace.folder.appendingPathComponent("maitred.sqlite").path
            #expect(workspace.store.figures.writeAheadLog == 0)
            let file = try DatabaseQueue(path: path)
            let check = try await file.read { db in
                try String.fetchOne(db, sql: "PRAGMA integrity_check")
            }
            #expect(check == "ok")
            try file.close()
            let again = try Store.open(folder: workspace.folder)
            #expect(try await again.history(of: conversation.id) == conversation.events)
            await again.close()
        }
    }

    /// Several at a time, as customers do.
    private func say(_ count: Int, in workspace: TestWorkspace) async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    var conversation = try await workspace.start()
                    for _ in 0..<count / 4 { try await conversation.say(Self.text) }
                }
            }
            try await group.waitForAll()
        }
    }
}
