// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A file of customers that is read again whenever it has changed.
package final class CustomerFile: Sendable {
    package static let byteLimit = 32 << 20

    /// What tells one version of the file from another.
    private struct Version: Equatable {
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    private struct Loaded {
        let version: Version
        let table: Result<CustomerTable, CRMFailure>
    }

    private let config: CRMPlugin.Config
    private let loaded = Mutex<Loaded?>(nil)

    package init(_ config: CRMPlugin.Config) { self.config = config }

    /// The customers as the file now has them.
    ///
    /// Costs two system calls, or reading it when it has changed.
    /// Whoever comes while it is being read waits: they would only read it too.
    package func current() throws(CRMFailure) -> CustomerTable {
        let result = loaded.withLock { loaded in
            Result { () throws(CRMFailure) in
                let file = open(config.file, O_RDONLY | O_CLOEXEC)
                guard file >= 0 else { throw unreadable() }
                defer { close(file) }
                let version = try version(of: file)
                if let loaded, loaded.version == version { return try loaded.table.get() }
                let new = Result { () throws(CRMFailure) in
                    try table(of: read(file, version.size))
                }
                loaded = Loaded(version: version, table: new)
                return try new.get()
            }
        }
        return try result.get()
    }

    private func table(of bytes: [UInt8]) throws(CRMFailure) -> CustomerTable {
        let delimiter = config.delimiter.utf8.first ?? UInt8(ascii: ",")
        return try CustomerTable(
            CSVReader(bytes, delimiter: delimiter),
            keyColumn: config.keyColumn,
            columns: config.columns
        )
    }

    private func unreadable() -> CRMFailure {
        .unreadable(path: config.file, reason: String(cString: strerror(errno)))
    }

    private func version(of file: Int32) throws(CRMFailure) -> Version {
        var about = stat()
        guard fstat(file, &about) == 0 else { throw unreadable() }
        guard about.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: config.file, reason: "not a file")
        }
        guard about.st_size <= Self.byteLimit else { throw .tooLarge(bytes: about.st_size) }
        return Version(
            inode: about.st_ino,
            size: about.st_size,
            seconds: about.st_mtim.tv_sec,
            nanoseconds: about.st_mtim.tv_nsec
        )
    }

    /// Reads as many bytes as the file had a moment ago; fewer when it has become shorter.
    private func read(_ file: Int32, _ size: Int) throws(CRMFailure) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { return }
                count += got
            }
        }
        if failed { throw unreadable() }
        return bytes
    }
}
