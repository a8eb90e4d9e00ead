import Foundation
import Logging

#if canImport(Glibc)
import Glibc
#endif

extension DatabaseFile {
    private static let piece = 1 << 20
    private static let headerBytes = 32
    private static let frameHeaderBytes = 24
    /// A header, and for each page of a checkpoint its frame.
    private static let reservedBytes = headerBytes + checkpointPages * (frameHeaderBytes + 4096)

    private var logPath: String { path + "-wal" }

    /// Puts a copy, which is on the disk as a whole, in the place of the log that a process left behind.
    ///
    /// After a failed sync the kernel shows bytes of the log that the disk does not have. It takes them
    /// for written, so that no later sync writes them. SQLite reads them when the file is opened: a
    /// commit behind such a gap would be lost with it when the power fails, and so would the database
    /// into which a part of it had been copied. Bytes that are written anew are synced like any others.
    ///
    /// Only for whoever holds the folder's lock, before the file is opened. Takes a read and a write of
    /// what is in the log, some tens of megabytes at most, after a crash; after a proper end there is none.
    /// Where there is no room for a copy the server comes up without one.
    func renewLog(_ logger: Logger) {
        let draft = logPath + ".draft"
        unlink(draft)
        do {
            guard let log = FileHandle(forReadingAtPath: logPath) else { return }
            defer { try? log.close() }
            let length = try Self.written(log)
            guard length > 0 else { return }
            try log.seek(toOffset: 0)
            try OwnersFile.make(draft)
            try Self.copy(length, of: log, to: draft)
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
    /// Only inside a transaction that may write, so that nobody else does. Takes a write and a sync of
    /// 4 MB. Where little room is left the log grows as it is needed.
    func reserveLog() {
        let free = StoreFigures(of: path).diskFree ?? .max
        guard free > 4 * Self.reservedBytes, let log = FileHandle(forUpdatingAtPath: logPath) else {
            return
        }
        defer { try? log.close() }
        guard let before = try? log.seekToEnd() else { return }
        var length = Int(before)
        let zeros = [UInt8](repeating: 0, count: Self.piece)
        while length < Self.reservedBytes {
            let count = min(zeros.count, Self.reservedBytes - length)
            guard pwrite(log.fileDescriptor, zeros, count, off_t(length)) == count else {
                try? log.truncate(atOffset: before)
                return
            }
            length += count
        }
        try? log.synchronize()
    }

    /// How many bytes at the beginning were written since the last checkpoint: what is behind the last
    /// frame with the header's salts is zeros, or an older log (https://sqlite.org/fileformat2.html, 4.1).
    private static func written(_ log: FileHandle) throws -> Int {
        let length = Int(try log.seekToEnd())
        func bytes(_ count: Int, at offset: Int) throws -> Data {
            try log.seek(toOffset: UInt64(offset))
            return try log.read(upToCount: count) ?? Data()
        }
        let header = try bytes(headerBytes, at: 0)
        guard header.count == headerBytes else { return length }
        let page = header[8..<12].reduce(0) { $0 << 8 | Int($1) }
        let salts = header[16..<24]
        var end = headerBytes
        while page > 0, end < length, try bytes(8, at: end + 8).elementsEqual(salts) {
            end += frameHeaderBytes + page
        }
        return min(end, length)
    }

    private static func copy(_ length: Int, of log: FileHandle, to path: String) throws {
        let copy = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? copy.close() }
        var left = length
        while left > 0, let bytes = try log.read(upToCount: min(piece, left)), !bytes.isEmpty {
            try copy.write(contentsOf: bytes)
            left -= bytes.count
        }
    }
}
