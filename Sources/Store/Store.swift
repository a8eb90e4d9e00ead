import Desk
import Foundation
import GRDB
import Logging
import Model
import Synchronization

/// Everything the server remembers, in one SQLite file in the data folder.
///
/// The log of events is written by one thread that commits whatever is pending together, with one
/// fsync; what ``append(_:)`` has returned from is on disk. Reads run on connections of their own and
/// see every write that returned before them. No call blocks the cooperative pool.
///
/// The words of messages are found through `search.sqlite` beside it: a reader of the log that can be
/// deleted at any time and is then made anew.
///
/// ## Topics
/// - ``StoreFailure``
/// - ``StoreHealth``
/// - ``FileFolder``
/// - ``VisitorRecord``
/// - ``ConsoleSession``
package final class Store: EventLog, Directory {
    package let epoch: String
    /// Sessions of widgets that were ended before their time, as they were at the start.
    package let endedSessions: [EndedSession]

    let databasePath: String
    let vault: Vault
    let writer: LogWriter
    let lookUps: LookUps
    let index: SearchIndex
    let cache = DirectoryCache()
    let newcomers = Newcomers()
    let logger: Logger
    /// What was uploaded.
    package let files: FileFolder

    /// Makes an empty workspace in a folder, which is made too if it does not exist.
    package static func initialise(folder: URL) throws(StoreFailure) {
        let lock = try FolderLock(folder: folder, creating: true)
        defer { lock.release() }
        let file = DatabaseFile(folder: folder, schema: .current)
        if file.exists { throw .alreadyThere(folder) }
        let pool = try file.create()
        try? pool.close()
    }

    /// Opens the workspace of a folder for this process alone, migrating it if it is older.
    ///
    /// - Parameters:
    ///   - folder: Where it is.
    ///   - schema: Another one in tests of migrations only.
    ///   - durability: Another one in measurements only.
    ///   - watch: Who hears of a migration's progress, which takes its time when much was said.
    /// - Throws: ``StoreFailure``; `interrupted` when the watch has ended the migration.
    /// - Returns: The store, which writes already.
    package static func open(
        folder: URL,
        schema: Schema = .current,
        durability: Durability = .full,
        watch: MigrationWatch = MigrationWatch()
    ) throws(StoreFailure) -> Store {
        let file = DatabaseFile(folder: folder, schema: schema, durability: durability)
        guard file.exists else { throw .notThere(folder) }
        let lock = try FolderLock(folder: folder, creating: false)
        do throws(StoreFailure) {
            return try Store(file: file, lock: lock, watch: watch)
        } catch {
            lock.release()
            throw error
        }
    }

    private init(
        file: DatabaseFile,
        lock: FolderLock,
        watch: MigrationWatch
    ) throws(StoreFailure) {
        logger = Logger(label: "maitred.store")
        let (pool, vault) = try file.open(logger: logger, watch: watch)
        self.vault = vault
        let start = try DatabaseFile.translating { () throws in
            try pool.read { db in
                (
                    try Meta.epoch(db), try LogPosition.last(db), try EndedSession.all(db),
                    try Int.fetchOne(db, sql: "SELECT coalesce(sum(size), 0) FROM files") ?? 0
                )
            }
        }
        databasePath = file.path
        epoch = start.0
        endedSessions = start.2
        files = FileFolder(beside: file.folder, total: start.3)
        writer = LogWriter(file: file, lock: lock, pool: pool, position: start.1, logger: logger)
        index = SearchIndex(
            file: file.searchFile,
            epoch: start.0,
            end: start.1,
            logger: logger
        )
        lookUps = LookUps(writer)
        writer.start()
        lookUps.start()
    }

    deinit {
        lookUps.stop()
        writer.stop()
    }

    /// Whether writes succeed, as any thread may ask.
    package var health: StoreHealth { writer.status.health }

    /// Commits what is pending, closes the files and gives the folder free.
    ///
    /// Everything asked of the file afterwards fails as unavailable.
    package func close() async {
        lookUps.stop()
        index.close()
        await writer.close()
    }
}
