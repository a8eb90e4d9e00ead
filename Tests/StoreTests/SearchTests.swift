import Desk
import Foundation
import Model
import Store
import Testing

struct SearchTests {
    @Test func `finds messages and notes right after they were committed`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            try await conversation.say("My invoice shows the wrong café address")
            try await conversation.append([conversation.note("the invoices are mended")])
            let hits = try await workspace.store.search("wrong invoice", limit: 10)
            let hit = try #require(hits.first)
            #expect(hits.count == 1)
            #expect((hit.conversation, hit.sequence, hit.kind) == (conversation.id, 2, "customer"))
            #expect(hit.snippet == "My \u{2}invoice\u{3} shows the \u{2}wrong\u{3} café address")
            let both = try await workspace.store.search("invoic", limit: 10)
            #expect(Set(both.map(\.kind)) == ["customer", "note"])
            #expect(try await workspace.store.search("invoic ", limit: 10).isEmpty)
            #expect(try await workspace.store.search("CAFE", limit: 10).count == 1)
            #expect(try await workspace.store.search("invoic", limit: 1).count == 1)
        }
    }

    @Test(arguments: [
        "\"", "\"\"", "a OR", "NEAR(", "text:x", "*", "^a", "- - -", "", "   ", "(", "a AND (b",
        "\u{0}", "🙂", "'; DROP TABLE messages", "x\"y*", "{a b}: c",
    ]) func `takes anything as words`(words: String) async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            try await conversation.say("plain")
            #expect(try await workspace.store.search(words, limit: 10).isEmpty)
        }
    }

    @Test func `finds everything while more is being said and others search`() async throws {
        try await TestWorkspace.with { workspace in
            let store = workspace.store
            let conversation = try await workspace.start()
            let count = 400
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var conversation = conversation
                    for number in 1...count { try await conversation.say("parcel p\(number)") }
                }
                for _ in 0..<2 {
                    group.addTask {
                        var found = 0
                        while found < 200 {
                            let hits = try await store.search("parcel", limit: 200).count
                            #expect(hits >= found)
                            found = hits
                        }
                    }
                }
                try await group.waitForAll()
            }
            for number in [1, 199, count] {
                #expect(try await store.search("p\(number) ", limit: 10).count == 1)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `indexes on a thread that gives way to the others`()
        async throws
    {
        try await TestWorkspace.with { _ in
            let own = Int(getpriority(.init(PRIO_PROCESS.rawValue), id_t(getpid())))
            let quiet = min(own + 10, 19)
            while !Self.niceness(ofThreads: "maitred.search").contains(where: { $0 >= quiet }) {
                await Task.yield()
            }
        }
    }

    private static func niceness(ofThreads name: String) -> [Int] {
        let tasks = URL(filePath: "/proc/self/task")
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: tasks.path)) ?? []
        return ids.compactMap { id in
            let file = tasks.appending(path: id).appending(path: "stat")
            guard let text = try? String(contentsOf: file, encoding: .utf8),
                text.contains("(\(name))"),
                let fields = text.split(separator: ")").last?.split(separator: " "),
                fields.count > 16
            else { return nil }
            return Int(fields[16])
        }
    }

    @Test func `makes a lost or damaged index anew`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start()
            try await conversation.say("persistent words")
            #expect(try await workspace.store.search("persistent", limit: 5).count == 1)
            await workspace.store.close()
            let file = workspace.folder.appendingPathComponent("search.sqlite")
            for damage in [Data(), Data(repeating: 7, count: 9000)] {
                try damage.write(to: file)
                let store = try Store.open(folder: workspace.folder)
                #expect(try await store.search("persistent", limit: 5).count == 1)
                await store.close()
            }
        }
    }
}
