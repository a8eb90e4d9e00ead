import Foundation
import GRDB

extension Store {
    /// Gives up what is sealed in a folder whose key is lost, so that it can be opened again.
    ///
    /// Conversations, people, files and public keys stay. What has to be set again: the secrets with
    /// which sites sign who their customers are, and those of plugins and webhooks. Sessions end.
    /// Nobody else may have the folder open.
    /// - Returns: how many of sites' keys are gone; nil when the key fits and nothing was given up.
    package static func giveUpSecrets(in folder: URL) throws(StoreFailure) -> Int? {
        let file = DatabaseFile(folder: folder, schema: .current)
        guard file.exists else { throw .notThere(folder) }
        let lock = try FolderLock(folder: folder, creating: false)
        defer { lock.release() }
        let pool = try file.connect()
        return try DatabaseFile.translating { () throws in
            defer { try? pool.close() }
            return try pool.write { db in
                do {
                    _ = try Vault.open(file.keyFile, for: db)
                    return nil
                } catch StoreFailure.keyMissing, StoreFailure.wrongKey {
                    return try Vault(try file.keyFile.readOrMake()).beginAnew(db)
                }
            }
        }
    }
}
