import Foundation
import GRDB
import JSONCoding
import Model
import Store
import Testing

struct VaultTests {
    private static let site = SiteID.make(at: TestWorkspace.time(0))
    private static let shared: JSON = ["kty": "oct", "alg": "HS256", "k": "c2hhcmVkLXNlY3JldA"]
    private static let published: JSON = ["kty": "RSA", "alg": "RS256", "n": "cHVibGljLW1vZHVsdXM"]
    private static let own = Array(repeating: UInt8(ascii: "k"), count: 32)

    @Test func `seals what an older version left open and leaves no trace of it`() async throws {
        try await Self.withOldFile { folder in
            let store = try Store.open(folder: folder)
            #expect(try await store.identityKeys(of: Self.site) == [Self.shared, Self.published])
            #expect(try await store.secret("plugins") == Self.own)
            #expect(try Self.files(in: folder, holding: "c2hhcmVkLXNlY3JldA").isEmpty)
            #expect(try Self.files(in: folder, holding: String(repeating: "k", count: 32)).isEmpty)
            // Public keys can be read, and so would the others be.
            #expect(try !Self.files(in: folder, holding: "cHVibGljLW1vZHVsdXM").isEmpty)
            await store.close()
        }
    }

    @Test func `opens no workspace without the key of its secrets`() async throws {
        try await TestWorkspace.with { workspace in
            let secret = try await workspace.store.secret("plugins")
            await workspace.store.close()
            let file = workspace.folder.appendingPathComponent("maitred.key")
            let key = try Data(contentsOf: file)
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(mode[.posixPermissions] as? Int == 0o600)

            try FileManager.default.removeItem(at: file)
            #expect(throws: StoreFailure.keyMissing(file)) {
                try Store.open(folder: workspace.folder)
            }
            #expect(!FileManager.default.fileExists(atPath: file.path))
            try Data("\(String(repeating: "A", count: 43))\n".utf8).write(to: file)
            #expect(throws: StoreFailure.wrongKey(file)) {
                try Store.open(folder: workspace.folder)
            }
            try Data("no key".utf8).write(to: file)
            #expect(throws: StoreFailure.notUsable(file, reason: "it holds no key")) {
                try Store.open(folder: workspace.folder)
            }
            try key.write(to: file)
            let store = try Store.open(folder: workspace.folder)
            #expect(try await store.secret("plugins") == secret)
            await store.close()
        }
    }

    @Test func `gives up what nobody can open, and keeps the rest`() async throws {
        try await TestWorkspace.with { workspace in
            var conversation = try await workspace.start(withRow: true)
            try await conversation.say("hello")
            try await workspace.store.addIdentityKey(Self.shared, to: Self.site)
            try await workspace.store.addIdentityKey(Self.published, to: Self.site)
            let secret = try await workspace.store.secret("plugins")
            await workspace.store.close()
            #expect(try Store.giveUpSecrets(in: workspace.folder) == nil)

            let file = workspace.folder.appendingPathComponent("maitred.key")
            try FileManager.default.removeItem(at: file)
            #expect(try Store.giveUpSecrets(in: workspace.folder) == 1)
            let store = try Store.open(folder: workspace.folder)
            #expect(try await store.history(of: conversation.id) == conversation.events)
            #expect(try await store.identityKeys(of: Self.site) == [Self.published])
            #expect(try await store.secret("plugins") != secret)
            await store.close()
        }
    }

    @Test func `opens no key of one site for another`() async throws {
        try await TestWorkspace.with { workspace in
            let other = SiteID.make(at: TestWorkspace.time(1))
            try await workspace.store.addIdentityKey(Self.shared, to: Self.site)
            await workspace.store.close()
            let file = workspace.folder.appendingPathComponent("maitred.sqlite")
            let queue = try DatabaseQueue(path: file.path)
            try await queue.write { db in
                try db.execute(
                    sql: "UPDATE identity_keys SET site = ?",
                    arguments: [other.description]
                )
            }
            try queue.close()
            let store = try Store.open(folder: workspace.folder)
            await #expect(throws: (any Error).self) { try await store.identityKeys(of: other) }
            await store.close()
        }
    }

    /// Runs a test on a folder with a file of the first schema, whose secrets lie open.
    private static func withOldFile(_ test: (URL) async throws -> Void) async throws {
        try await TestWorkspace.with { workspace in
            await workspace.store.close()
            let old = workspace.folder.appendingPathComponent("old")
            try FileManager.default.createDirectory(at: old, withIntermediateDirectories: false)
            let file = old.appendingPathComponent("maitred.sqlite")
            try FirstSchema.write(to: file)
            let queue = try DatabaseQueue(path: file.path)
            try await queue.write { db in
                for key in [shared, published] {
                    try db.execute(
                        sql: "INSERT INTO identity_keys (site, document) VALUES (?, ?)",
                        arguments: [site.description, Data(key.bytes())]
                    )
                }
                try db.execute(
                    sql: "INSERT INTO meta VALUES ('secret.plugins', ?)",
                    arguments: [Data(own)]
                )
            }
            try queue.close()
            try await test(old)
        }
    }

    /// The files of the workspace that hold a text; the copy from before the migration is no part of it.
    private static func files(in folder: URL, holding text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
            guard !name.contains(".before-") else { return false }
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            return bytes.range(of: Data(text.utf8)) != nil
        }
    }
}
