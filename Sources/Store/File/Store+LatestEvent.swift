import Foundation
import GRDB
import Model

extension Store {
    /// The latest time that stands on one of the last hundred events of a folder; nil for none.
    ///
    /// A server may run on the folder.
    package static func latestEvent(in folder: URL) throws(StoreFailure) -> Timestamp? {
        let file = DatabaseFile(folder: folder, schema: .current)
        guard file.exists else { throw .notThere(folder) }
        return try DatabaseFile.translating { () throws in
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            defer { try? queue.close() }
            let latest = try queue.read { db in
                try Int64.fetchOne(
                    db,
                    sql: """
                        SELECT max(json_extract(CAST(payload AS TEXT), '$.at'))
                        FROM (SELECT payload FROM events ORDER BY position DESC LIMIT 100)
                        """
                )
            }
            return latest.map(Timestamp.init(milliseconds:))
        }
    }
}
