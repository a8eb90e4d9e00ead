import Foundation
import GRDB
import Logging

#if canImport(Glibc)
import Glibc
#endif

/// Leads an older file to the current schema: a copy first, then one step after the other.
///
/// Copy and steps are each there as a whole or not at all. Whoever is killed in between loses nothing
/// but time: the next opening takes the copy that is there, and goes on with the step it was at.
struct Migration {
    let file: DatabaseFile
    let pool: DatabasePool
    let vault: Vault
    let watch: MigrationWatch

    func run() throws {
        try copy()
        let (steps, watch, vault) = (file.schema.steps, watch, vault)
        var migrator = DatabaseMigrator()
        for (index, step) in steps.enumerated() {
            migrator.registerMigration("\(index + 1)") { db in
                let all = try step.instructions(db)
                try ProgressMeter.run(
                    db,
                    watch,
                    .step(index + 1, of: steps.count),
                    fraction: { done in all > 0 ? Double(done) / Double(all) : nil },
                    {
                        try db.execute(sql: step.sql)
                        if step.seals { try vault.sealWhatLiesOpen(db) }
                    }
                )
            }
        }
        try migrator.migrate(pool)
        // The write-ahead log has pages as they were before. It stays when a backup reads just now:
        // then it is written over later.
        try? pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }

    // MARK: - The copy

    private var place: String { "\(file.path).before-\(file.schema.version)" }

    /// Keeps the file as it is before a migration, complete or not at all.
    private func copy() throws {
        if try isCopied() { return }
        let draft = place + ".draft"
        unlink(draft)
        try OwnersFile.make(draft)
        do {
            try pool.writeWithoutTransaction { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                let all = Double(max(1, (pages - free) * size))
                try ProgressMeter.run(
                    db,
                    watch,
                    .copy,
                    fraction: { _ in Double(Self.size(of: draft)) / all },
                    { try db.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
                )
            }
        } catch {
            unlink(draft)
            throw error
        }
        try OwnersFile.rename(draft, to: place)
    }

    /// Whether an earlier attempt has made the copy: it ends where the file ends.
    ///
    /// A second one would be a copy of what is half migrated.
    private func isCopied() throws -> Bool {
        guard FileManager.default.fileExists(atPath: place) else { return false }
        var configuration = Configuration()
        configuration.readonly = true
        guard let copy = try? DatabaseQueue(path: place, configuration: configuration) else {
            return false
        }
        defer { try? copy.close() }
        guard let kept = try? copy.read(Self.end) else { return false }
        return try pool.read(Self.end) == kept
    }

    private static func end(_ db: Database) throws -> [String] {
        [try Meta.epoch(db), "\(try LogPosition.last(db))"]
    }

    private static func size(of path: String) -> Int {
        var state = stat()
        return stat(path, &state) == 0 ? Int(state.st_size) : 0
    }
}

extension Schema.Step {
    /// How many of SQLite's instructions it takes, about; 0 when it is done at once.
    fileprivate func instructions(_ db: Database) throws -> Int {
        guard let work else { return 0 }
        return try (Int.fetchOne(db, sql: work.rows) ?? 0) * work.instructions
    }
}
