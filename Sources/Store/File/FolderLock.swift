import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// The exclusive right to a data folder, held by one open file description until released.
///
/// The kernel gives it free when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the folder, which is made first, readable by its owner alone, when `creating`.
    init(folder: URL, creating: Bool) throws(StoreFailure) {
        if creating { try Self.make(folder) }
        let path = folder.appendingPathComponent("lock").path
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .notUsable(folder, reason: Self.lastError()) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let reason = Self.lastError()
            let holder = Self.holder(file)
            Glibc.close(file)
            throw isHeld ? .inUse(folder, process: holder) : .notUsable(folder, reason: reason)
        }
        descriptor = Mutex(file)
        let text = Array("\(getpid())\n".utf8)
        ftruncate(file, 0)
        // The number only helps whoever finds the folder taken; the lock does not depend on it.
        _ = pwrite(file, text, text.count, 0)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let file = descriptor {
                // A process that is just being started may hold a copy until it runs its program:
                // closing alone would leave the folder locked for that long.
                flock(file, LOCK_UN)
                Glibc.close(file)
            }
            descriptor = nil
        }
    }

    private static func make(_ folder: URL) throws(StoreFailure) {
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw .notUsable(folder, reason: error.localizedDescription)
        }
    }

    private static func holder(_ file: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }

    static func lastError() -> String { String(cString: strerror(errno)) }
}
