import Desk
import Foundation
import GRDB
import Logging

#if canImport(Glibc)
import Glibc
#endif

/// Whether what is acknowledged outlives a power cut.
package enum Durability: String, Sendable {
    case full = "FULL"
    /// For measuring what durability costs, and for nothing else: acknowledged messages are lost.
    case unsynced = "NORMAL"
}

/// The SQLite file of a data folder: opening, making and migrating it.
struct DatabaseFile: Sendable {
    let folder: URL
    let schema: Schema
    var durability = Durability.full
    let sizeLimit = SizeLimit()
    let checkpoint = SyncedCheckpoint()

    /// Readers beside the one writer; reads are short, and more would wait for the same cores.
    private static let readers = 4
    /// The write-ahead log is brought back into the file when it has so many pages.
    static let checkpointPages = 1000

    var path: String { folder.appendingPathComponent("maitred.sqlite").path }
    var searchFile: URL { folder.appendingPathComponent("search.sqlite") }
    var keyFile: KeyFile { KeyFile(folder: folder) }
    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes the file with an empty workspace; readable by its owner alone, as it holds secrets.
    ///
    /// It is made under another name, so that a file that exists is a whole one.
    func create() throws(StoreFailure) -> DatabasePool {
        let vault = Vault(try keyFile.readOrMake())
        let draft = path + ".draft"
        for suffix in ["", "-wal", "-shm"] { unlink(draft + suffix) }
        try OwnersFile.make(draft)
        SQLiteWrites.prepare()
        try Self.translating { () throws in
            let queue = try DatabaseQueue(path: draft)
            try schema.migrator.migrate(queue)
            try queue.write { db in
                try Meta.makeEpoch(db)
                try vault.mark(db)
            }
            try queue.close()
        }
        try OwnersFile.rename(draft, to: path)
        return try connect()
    }

    /// Opens the file and what seals its secrets; an older one is copied beside itself and migrated.
    ///
    /// The folder's lock is held, and nobody has the file open for writing.
    func open(
        logger: Logger,
        watch: MigrationWatch
    ) throws(StoreFailure) -> (pool: DatabasePool, vault: Vault) {
        renewLog(logger)
        let pool = try connect()
        let state = try Self.translating { () throws in
            try pool.read { db in
                (
                    isNewer: try schema.migrator.hasBeenSuperseded(db),
                    isCurrent: try schema.migrator.hasCompletedMigrations(db),
                    isOurs: try db.tableExists("grdb_migrations")
                )
            }
        }
        guard state.isOurs else { throw .unreadable("maitred.sqlite has no schema of ours.") }
        guard !state.isNewer else { throw .newerSchema(known: schema.version) }
        let vault = try Self.translating { () throws in
            try pool.read { db in try Vault.open(keyFile, for: db) }
        }
        if !state.isCurrent {
            try Self.translating { () throws in
                try Migration(file: self, pool: pool, vault: vault, watch: watch).run()
            }
            logger.notice("Migrated the workspace", metadata: ["schema": "\(schema.version)"])
        }
        // What fails here fails again, and is told, when something is written.
        try? pool.write { _ in reserveLog() }
        return (pool, vault)
    }

    /// Connects without looking at the schema.
    ///
    /// Checkpoints are SQLite's own, until ``Checkpoints`` takes them over.
    func connect() throws(StoreFailure) -> DatabasePool {
        SQLiteWrites.prepare()
        return try Self.translating { () throws in
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL when it turns the write-ahead log on; acknowledged means synced.
                try db.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
                try sizeLimit.apply(db)
                if durability == .full { SQLiteWrites.combine(db) }
            }
            return pool
        }
    }

    /// Connects for reading alone, which asks nothing of the disk.
    func connectForReading() throws(StoreFailure) -> DatabasePool {
        try Self.translating { () throws in
            var configuration = configuration
            configuration.readonly = true
            return try DatabasePool(path: path, configuration: configuration)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "maitred"
        configuration.maximumReaderCount = Self.readers
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(5)
        return configuration
    }

    /// Turns SQLite's errors at opening into ours.
    static func translating<Value>(_ body: () throws -> Value) throws(StoreFailure) -> Value {
        do {
            return try body()
        } catch let error as StoreFailure {
            throw error
        } catch DatabaseError.SQLITE_INTERRUPT {
            throw .interrupted
        } catch let error as DatabaseError {
            throw .unreadable(error.summary)
        } catch {
            throw .unreadable("\(error)")
        }
    }
}

extension DatabaseError {
    /// What SQLite says, without statement and values.
    var summary: String {
        "SQLite error \(extendedResultCode.rawValue): \(message ?? "\(resultCode)")"
    }

    /// How the log's callers are told.
    var failure: LogFailure {
        switch resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA: .corrupt(summary)
        case .SQLITE_FULL: .unavailable("The disk is full.")
        default: .unavailable(summary)
        }
    }
}
