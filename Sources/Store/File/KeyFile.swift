import Credentials
import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// The key that seals a workspace's secrets, in a file beside the database.
///
/// It is made once and never changes: 32 random bytes, as one line of base64url. A copy of the
/// database without it opens none of the secrets.
struct KeyFile: Sendable {
    private static let length = 32
    let path: String

    init(folder: URL) { path = folder.appendingPathComponent("maitred.key").path }

    /// The key that is there, else a new one, which is on the disk before anything is sealed with it.
    func readOrMake() throws(StoreFailure) -> [UInt8] {
        if let key = try read() { return key }
        let key = SecureRandom.bytes(Self.length)
        let draft = path + ".draft"
        unlink(draft)
        try OwnersFile.make(draft)
        do {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
            try handle.write(contentsOf: Data((Base64.url.encode(key) + "\n").utf8))
            try handle.close()
        } catch {
            throw .notUsable(URL(fileURLWithPath: path), reason: error.localizedDescription)
        }
        try OwnersFile.rename(draft, to: path)
        return key
    }

    /// The key that is there; nil when there is no file.
    ///
    /// - Throws: `notUsable` when the file cannot be read or holds no key.
    func read() throws(StoreFailure) -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let url = URL(fileURLWithPath: path)
        guard let bytes = try? Data(contentsOf: url) else {
            throw .notUsable(url, reason: "it cannot be read")
        }
        let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard let key = Base64.url.decode(line), key.count == Self.length else {
            throw .notUsable(url, reason: "it holds no key")
        }
        return key
    }
}
