import Desk
import Foundation
import GRDB

/// What a copy of a workspace's database is a copy of.
package struct SnapshotFacts: Sendable {
    /// The epoch of the workspace it was taken from.
    package var epoch: String
    /// The last event in it.
    package var position: Int64
    package var schema: Int
}

extension Store {
    /// The file of a workspace's database, in its folder and in backups.
    package static let databaseName = "maitred.sqlite"

    /// Writes a copy of a workspace's database as it is at one moment.
    ///
    /// A server may run on the folder and goes on writing meanwhile: the copy reads one snapshot of the
    /// write-ahead log. Nobody else may read the copy. Blocks for as long as copying takes.
    package static func snapshot(
        of folder: URL,
        to path: String
    ) throws(StoreFailure) -> SnapshotFacts {
        let file = DatabaseFile(folder: folder, schema: .current)
        guard file.exists else { throw .notThere(folder) }
        try OwnersFile.make(path)
        return try DatabaseFile.translating { () throws in
            var configuration = Configuration()
            configuration.label = "backup"
            configuration.readonly = true
            configuration.busyMode = .timeout(30)
            let source = try DatabaseQueue(path: file.path, configuration: configuration)
            let copy = try DatabaseQueue(path: path)
            // All pages in one step: one read transaction, so nothing is begun anew by a busy writer.
            try source.backup(to: copy)
            try source.close()
            let facts = try copy.writeWithoutTransaction { db in
                // A backup is one file, with nothing beside it.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                return SnapshotFacts(
                    epoch: try Meta.epoch(db),
                    position: try LogPosition.last(db),
                    schema: Schema.current.version
                )
            }
            try copy.close()
            return facts
        }
    }

    /// Makes a copy of a database one that may be served: looks for damage, tries the key beside it,
    /// and gives it another epoch, so that clients who saw more than it holds fetch everything anew.
    ///
    /// - Returns: The new epoch.
    package static func adopt(_ path: String) throws(StoreFailure) -> String {
        let migrator = Schema.current.migrator
        let known = Schema.current.version
        let keyFile = KeyFile(folder: URL(fileURLWithPath: path).deletingLastPathComponent())
        return try DatabaseFile.translating { () throws in
            let copy = try DatabaseQueue(path: path)
            defer { try? copy.close() }
            return try copy.write { db in
                let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
                guard verdict == "ok" else {
                    throw StoreFailure.unreadable(verdict ?? "it cannot be checked")
                }
                guard try db.tableExists("grdb_migrations") else {
                    throw StoreFailure.unreadable("it has no schema of ours")
                }
                guard try !migrator.hasBeenSuperseded(db) else {
                    throw StoreFailure.newerSchema(known: known)
                }
                _ = try Vault.open(keyFile, for: db)
                try Meta.makeEpoch(db)
                return try Meta.epoch(db)
            }
        }
    }
}
