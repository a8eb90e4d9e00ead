import Desk
import Foundation
import GRDB
import Model
import Store
import Testing

struct RunningTests {
    @Test func `ends its own work when it is cancelled, and can still be searched`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            for number in 0..<30 { try await conversation.say("number \(number) of many") }
            let work = Task { await workspace.store.run() }
            #expect(try await workspace.store.search("many", limit: 100).count == 30)
            work.cancel()
            await work.value
            try await conversation.say("one more of many")
            #expect(try await workspace.store.search("many", limit: 100).count == 31)
        }
    }

    @Test func `gives the folder free when it is forgotten without being closed`() async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            var store: Store? = try Store.open(folder: workspace.folder)
            let secret = try await store?.secret("kept")
            store = nil
            await lockIsFree(in: workspace.folder)
            let reopened = try Store.open(folder: workspace.folder)
            #expect(try await reopened.secret("kept") == secret)
            await reopened.close()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `writes before it has to, once it has rested and is told to get ready`() async throws {
        try await TestWorkspace.with { workspace in
            let path = workspace.folder.appendingPathComponent("maitred.sqlite").path
            let reader = try DatabaseQueue(path: path)
            // Another number whenever another connection has committed something.
            func version() throws -> Int? {
                try reader.read { try Int.fetchOne($0, sql: "PRAGMA data_version") }
            }
            let before = try version()
            while try version() == before {
                workspace.store.getReady()
                await Task.yield()
            }
            #expect(try await workspace.store.position() == 0)
        }
    }

    /// Waits as the kernel lets those wait who want the lock: the writer's thread gives it free.
    private func lockIsFree(in folder: URL) async {
        let path = folder.appendingPathComponent("lock").path
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let file = open(path, O_RDWR | O_CLOEXEC)
                flock(file, LOCK_EX)
                close(file)
                continuation.resume()
            }
        }
    }
}
