import Glibc

/// Tells a file from another one that has taken its name.
///
/// A process is allowed to read files, not names: when one is replaced, the permission stays
/// behind.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt

    /// Nil when there is no such file.
    init?(path: String) {
        var about = stat()
        guard stat(path, &about) == 0 else { return nil }
        device = about.st_dev
        inode = about.st_ino
    }
}
