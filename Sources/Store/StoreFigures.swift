import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// How much room the workspace takes and has left, in bytes.
package struct StoreFigures: Hashable, Sendable {
    /// Below this an operator should be told: the database must be able to grow.
    package static let littleDisk = 1 << 30
    /// A write-ahead log above this is not brought back into the database as it should be.
    package static let largeLog = 256 << 20

    package var database: Int
    /// Of the write-ahead log: it mostly has 4 MB from the start, and is brought back at that, later while
    /// readers hold on to it.
    package var writeAheadLog: Int
    /// Nil when the disk does not say.
    package var diskFree: Int?
}

extension Store {
    /// Asks the disk; some microseconds, any thread.
    package var figures: StoreFigures { StoreFigures(of: databasePath) }
}

extension StoreFigures {
    /// `database`: the path of `maitred.sqlite`.
    init(of database: String) {
        func size(_ path: String) -> Int {
            var state = stat()
            return stat(path, &state) == 0 ? Int(state.st_size) : 0
        }
        self.database = size(database)
        writeAheadLog = size(database + "-wal")
        var disk = statvfs()
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        diskFree =
            statvfs(folder, &disk) == 0 ? Int(disk.f_bavail) * Int(disk.f_frsize) : nil
    }

    /// Those of a data folder, whoever has it open.
    package init(folder: URL) {
        self.init(of: folder.appendingPathComponent(Store.databaseName).path)
    }
}
