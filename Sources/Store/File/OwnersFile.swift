import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Files that their owner alone may read, made before SQLite opens them: its logs take over the mode.
enum OwnersFile {
    /// Makes an empty file unless there is one.
    static func make(_ path: String) throws(StoreFailure) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .notUsable(URL(fileURLWithPath: path), reason: FolderLock.lastError())
        }
        Glibc.close(file)
    }

    /// Gives a complete file its name, on the disk too.
    static func rename(_ draft: String, to path: String) throws(StoreFailure) {
        try sync(draft)
        guard Glibc.rename(draft, path) == 0 else {
            throw .notUsable(URL(fileURLWithPath: path), reason: FolderLock.lastError())
        }
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static func sync(_ path: String) throws(StoreFailure) {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { Glibc.close(file) } }
        guard file >= 0, fsync(file) == 0 else {
            throw .notUsable(URL(fileURLWithPath: path), reason: FolderLock.lastError())
        }
    }
}
