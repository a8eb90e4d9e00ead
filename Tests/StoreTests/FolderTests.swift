import Desk
import Foundation
import GRDB
import Model
import Store
import Synchronization
import Testing

struct FolderTests {
    @Test func `opens a folder for one at a time and says who has it`() async throws {
        try await TestWorkspace.with { workspace in
            let folder = workspace.folder
            let me = Int(ProcessInfo.processInfo.processIdentifier)
            #expect(throws: StoreFailure.inUse(folder, process: me)) {
                try Store.open(folder: folder)
            }
            await workspace.store.close()
            let again = try Store.open(folder: folder)
            await again.close()
        }
    }

    @Test func `makes a workspace once and opens only what is there`() async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            #expect(throws: StoreFailure.alreadyThere(workspace.folder)) {
                try Store.initialise(folder: workspace.folder)
            }
            let empty = workspace.folder.appendingPathComponent("empty")
            #expect(throws: StoreFailure.notThere(empty)) { try Store.open(folder: empty) }
        }
    }

    @Test func `keeps its files from other users`() async throws {
        try await TestWorkspace.with { workspace in
            _ = try await workspace.store.search("words", limit: 1)
            for name in ["maitred.sqlite", "maitred.sqlite-wal", "lock", "search.sqlite"] {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: workspace.folder.appendingPathComponent(name).path
                )
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test func `has room for its log before anything is written, opened again too`() async throws {
        try await TestWorkspace.with { workspace in
            let room = workspace.store.figures.writeAheadLog
            #expect(room > 4_000_000)
            var conversation = try await workspace.start()
            for number in 0..<50 { try await conversation.say("\(number)") }
            #expect(workspace.store.figures.writeAheadLog == room)
            await workspace.store.close()
            let again = try Store.open(folder: workspace.folder)
            #expect(again.figures.writeAheadLog == room)
            await again.close()
        }
    }

    @Test func `refuses a file that is not a workspace`() async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            let file = workspace.folder.appendingPathComponent("maitred.sqlite")
            try Data(repeating: 1, count: 10_000).write(to: file)
            #expect(throws: StoreFailure.self) { try Store.open(folder: workspace.folder) }
        }
    }

    // MARK: - Migration

    private static let later = Schema(
        steps: Schema.current.steps + [
            Schema.Step(sql: "ALTER TABLE contacts ADD COLUMN phone TEXT")
        ]
    )

    @Test func `copies an older file before it migrates it`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start(withRow: true)
            try await conversation.say("before the migration")
            await workspace.store.close()

            let store = try Store.open(folder: workspace.folder, schema: Self.later)
            #expect(try await store.history(of: conversation.id) == conversation.events)
            #expect(store.epoch == workspace.store.epoch)
            await store.close()

            let copy = workspace.folder.appendingPathComponent(
                "maitred.sqlite.before-\(Self.later.version)"
            )
            let old = try DatabaseQueue(path: copy.path)
            let (columns, events) = try await old.read { db in
                (
                    try db.columns(in: "contacts").map(\.name),
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM events")
                )
            }
            #expect(!columns.contains("phone"))
            #expect(events == conversation.events.count)
            try old.close()
        }
    }

    @Test func `refuses the file of a newer version`() async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            let newer = try Store.open(folder: workspace.folder, schema: Self.later)
            await newer.close()
            #expect(throws: StoreFailure.newerSchema(known: Schema.current.version)) {
                try Store.open(folder: workspace.folder)
            }
        }
    }

    @Test func `tells how far a migration is, and goes on after it was ended`() async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            let old = workspace.folder.appendingPathComponent("old")
            try FileManager.default.createDirectory(at: old, withIntermediateDirectories: false)
            try FirstSchema.write(
                to: old.appendingPathComponent("maitred.sqlite"),
                moreEvents: 20_000
            )
            let told = Mutex<[MigrationProgress]>([])
            let isHalfway: @Sendable () -> Bool = {
                told.withLock { told in
                    told.contains { $0.phase == .step(2, of: 7) && $0.fraction > 0.5 }
                }
            }
            let watch = MigrationWatch(every: .zero, isEnded: isHalfway) { progress in
                told.withLock { $0.append(progress) }
            }
            #expect(throws: StoreFailure.interrupted) { try Store.open(folder: old, watch: watch) }
            let first = told.withLock(\.self)
            #expect(first.first?.phase == .copy)
            #expect(first.last?.phase == .step(2, of: 7))
            #expect(first.map(\.fraction).allSatisfy { (0..<1).contains($0) })
            #expect(first.last?.left != nil)

            told.withLock { $0 = [] }
            let patient = MigrationWatch(every: .zero, isEnded: { false }) { progress in
                told.withLock { $0.append(progress) }
            }
            let store = try Store.open(folder: old, watch: patient)
            // The copy of the whole file is there already, and the first step had been taken.
            #expect(told.withLock { $0.first?.phase } == .step(2, of: 7))
            let steps = told.withLock { $0 }.filter { $0.phase == .step(2, of: 7) }
            #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.fraction <= $1.fraction })
            #expect(try #require(steps.last).fraction > 0.9)
            #expect(try await store.history(of: FirstSchema.conversation).count == 20_002)
            await store.close()
        }
    }

    @Test func `opens a file of the first schema`() async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            let old = workspace.folder.appendingPathComponent("old")
            try FileManager.default.createDirectory(at: old, withIntermediateDirectories: false)
            try FirstSchema.write(to: old.appendingPathComponent("maitred.sqlite"))
            let store = try Store.open(folder: old, schema: Self.later)
            let history = try await store.history(of: FirstSchema.conversation)
            #expect(history.count == 2)
            #expect(try await store.rows(RowQuery()).map(\.preview) == ["Hello from long ago"])
            #expect(try await store.obligations().map(\.1.kind) == [.idle])
            #expect(store.epoch == "firstone")
            await store.close()
        }
    }
}
