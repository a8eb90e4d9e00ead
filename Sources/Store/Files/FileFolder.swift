import Credentials
import Dispatch
import Foundation
import Model
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// The folder `files` beside the database: what was uploaded, each under its id.
///
/// A file gets its name when it is complete and on the disk, and its row in the database after
/// that: what has a row is whole. What a crash leaves without a row is removed by the sweep.
/// Everything that touches the disk happens on threads of its own.
package final class FileFolder: Sendable {
    /// The ending of a file on its way.
    static let draft = ".part"

    let path: String
    /// Bytes of all files that have a row.
    let total: Atomic<Int>
    private let queue = DispatchQueue(label: "maitred.files", attributes: .concurrent)

    init(beside database: URL, total: Int) {
        path = database.appendingPathComponent("files").path
        self.total = Atomic(total)
    }

    /// Bytes of all files, for limits.
    package var bytes: Int { total.load(ordering: .relaxed) }

    /// What the disk has left for whoever is not its superuser; nil when it does not say.
    package func freeBytes() async -> Int? {
        await onDisk { [path] in
            var state = statvfs()
            let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
            guard statvfs(parent, &state) == 0 else { return nil }
            return Int(state.f_bavail) * Int(state.f_frsize)
        }
    }

    /// Begins a file; it has no name before ``IncomingFile/keep()``.
    package func begin(_ id: FileID) async throws(FileFailure) -> IncomingFile {
        let result: Result<Int32, FileFailure> = await onDisk { [path] in
            if mkdir(path, 0o700) != 0, errno != EEXIST { return .failure(.last) }
            let file = Glibc.open(
                self.path(of: id) + Self.draft,
                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                0o600
            )
            return file < 0 ? .failure(.last) : .success(file)
        }
        return IncomingFile(id: id, folder: self, descriptor: try result.get())
    }

    /// Opens a file for reading; nil when it is not there.
    package func open(_ id: FileID) async -> OutgoingFile? {
        let file = await onDisk { Glibc.open(self.path(of: id), O_RDONLY | O_CLOEXEC) }
        return file < 0 ? nil : OutgoingFile(folder: self, descriptor: file)
    }

    func path(of id: FileID) -> String { "\(path)/\(id)" }

    /// Does something on a thread that may wait for the disk.
    func onDisk<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}

/// Why a file could not be kept.
package enum FileFailure: Error, Hashable, Sendable {
    /// The disk, or its owner's share of it, is full.
    case full
    case failed(String)

    /// What the last call of this thread ended with.
    static var last: FileFailure {
        switch errno {
        case ENOSPC, EDQUOT, EFBIG: .full
        default: .failed(FolderLock.lastError())
        }
    }
}

/// A file on its way to the disk, written by one task; gone unless it is kept.
package final class IncomingFile: Sendable {
    package let id: FileID
    private let folder: FileFolder
    private let descriptor: Mutex<Int32?>

    fileprivate init(id: FileID, folder: FileFolder, descriptor: Int32) {
        self.id = id
        self.folder = folder
        self.descriptor = Mutex(descriptor)
    }

    deinit { abandon() }

    package func append(_ bytes: [UInt8]) async throws(FileFailure) {
        let failure: FileFailure? = await folder.onDisk { [self] in
            guard let file = descriptor.withLock({ $0 }) else { return .failed("It is closed.") }
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { raw in
                    write(file, raw.baseAddress.map { $0 + written }, raw.count - written)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return .last }
                written += count
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Gives it its name, once it is on the disk; returns the SHA-256 of what is there.
    package func keep() async throws(FileFailure) -> String {
        let result: Result<String, FileFailure> = await folder.onDisk { [self] in
            let draft = folder.path(of: id) + FileFolder.draft
            guard let file = descriptor.withLock({ $0 }) else {
                return .failure(.failed("It is closed."))
            }
            guard fsync(file) == 0 else { return .failure(.last) }
            guard let hash = Digest.sha256Hex(contentsOf: draft) else { return .failure(.last) }
            do throws(StoreFailure) {
                try OwnersFile.rename(draft, to: folder.path(of: id))
            } catch {
                return .failure(.failed("\(error)"))
            }
            descriptor.withLock { $0 = nil }
            close(file)
            return .success(hash)
        }
        return try result.get()
    }

    /// Removes it, whether it has been kept or not: nobody knows of it.
    package func discard() async {
        await folder.onDisk { [self] in
            abandon()
            unlink(folder.path(of: id))
        }
    }

    private func abandon() {
        descriptor.withLock { descriptor in
            guard let file = descriptor else { return }
            descriptor = nil
            close(file)
            unlink(folder.path(of: id) + FileFolder.draft)
        }
    }
}

/// A file on its way to somebody, read by one task.
package final class OutgoingFile: Sendable {
    private static let piece = 262_144
    private let folder: FileFolder
    private let descriptor: Int32

    fileprivate init(folder: FileFolder, descriptor: Int32) {
        self.folder = folder
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The next bytes; none at the end.
    package func next() async throws(FileFailure) -> [UInt8] {
        let result: Result<[UInt8], FileFailure> = await folder.onDisk { [descriptor] in
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, filled in
                repeat {
                    count = read(descriptor, buffer.baseAddress, buffer.count)
                } while count < 0 && errno == EINTR
                filled = max(0, count)
            }
            return count < 0 ? .failure(.last) : .success(bytes)
        }
        return try result.get()
    }
}
