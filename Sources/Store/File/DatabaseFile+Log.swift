import Foundation
import Logging

#if canImport(Glibc)
import Glibc
#endif

extension DatabaseFile {
    private static let piece = 1 << 20

    private var logPath: String { path + "-wal" }

    /// Puts a copy, which is on the disk as a whole, in the place of the log that a process left behind.
    ///
    /// After a failed sync the kernel shows bytes of the log that the disk does not have. It takes them
    /// for written, so that no later sync writes them. SQLite reads them when the file is opened: a
    /// commit behind such a gap would be lost with it when the power fails, and so would the database
    /// into which a part of it had been copied. Bytes that are written anew are synced like any others.
    ///
    /// Only for whoever holds the folder's lock, before the file is opened. Takes a read and a write of
    /// the log, some tens of megabytes at most, after a crash; after a proper end there is none. Where
    /// there is no room for a copy the server comes up without one.
    func renewLog(_ logger: Logger) {
        let draft = logPath + ".draft"
        unlink(draft)
        do {
            guard let log = FileHandle(forReadingAtPath: logPath) else { return }
            defer { try? log.close() }
            guard try log.seekToEnd() > 0 else { return }
            try log.seek(toOffset: 0)
            try OwnersFile.make(draft)
            try Self.copy(log, to: draft)
            try OwnersFile.rename(draft, to: logPath)
        } catch {
            unlink(draft)
            logger.warning(
                "The log of the last run is used as it is: it could not be copied",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    /// Makes the log as long as it gets between two checkpoints, with zeros behind what is in it.
    ///
    /// A sync after a write that made the file longer has to write where the file's new blocks are too: on
    /// ext4 it takes half as long again as one within the file. SQLite takes what stands behind the last
    /// commit for the rest of an older log, as it is after every checkpoint: zeros have no checksum that it
    /// believes.
    ///
    /// Only where nobody writes yet. Takes a write and a sync of 16 MB. Where little room is left the log
    /// grows as it is needed.
    func reserveLog() {
        let free = StoreFigures(of: path).diskFree ?? .max
        guard free > 4 * Self.reservedBytes, let log = FileHandle(forUpdatingAtPath: logPath) else {
            return
        }
        defer { try? log.close() }
        guard let written = try? log.seekToEnd() else { return }
        do {
            var length = Int(written)
            while length < Self.reservedBytes {
                let zeros = Data(count: min(Self.piece, Self.reservedBytes - length))
                try log.write(contentsOf: zeros)
                length += zeros.count
            }
            try log.synchronize()
        } catch {
            try? log.truncate(atOffset: written)
        }
    }

    /// A header, and for each page of a checkpoint its frame.
    private static let reservedBytes = 32 + checkpointPages * (24 + 4096)

    private static func copy(_ log: FileHandle, to path: String) throws {
        let copy = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? copy.close() }
        while let bytes = try log.read(upToCount: piece), !bytes.isEmpty {
            try copy.write(contentsOf: bytes)
        }
    }
}
