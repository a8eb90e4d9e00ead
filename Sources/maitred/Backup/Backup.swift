import Credentials
import Foundation
import Gateway
import JSONCoding
import Model
import Store

/// Writes everything that belongs to a workspace into one file.
///
/// The file is a tar archive with a manifest, the database as it was at one moment, and the other
/// files of the data folder as they were right after it. What the database names is among them:
/// files are written before their rows and removed long after.
struct Backup {
    /// Files whose content never changes are read where they are; all others are copied first.
    private static let unchanging = "files"
    /// Made anew when it is not there.
    private static let replaceable: Set = ["cache", "lock", "control.sock"]

    let folder: URL

    /// Writes a backup; an earlier one of that name stays until the new one is complete.
    func write(to file: URL) throws -> BackupManifest {
        let stage = try Stage(beside: file)
        defer { stage.remove() }
        let facts = try Store.snapshot(
            of: folder,
            to: stage.path(of: Store.databaseName)
        )
        var files = [try stage.entry(Store.databaseName)]
        for path in try paths() {
            if path.hasPrefix(Self.unchanging + "/") {
                // What the sweep has just removed was not in the database either.
                if let entry = try? Stage.entry(path, in: folder) { files.append(entry) }
            } else {
                try stage.copy(path, from: folder)
                files.append(try stage.entry(path))
            }
        }
        let manifest = BackupManifest(
            version: ServerVersion.text,
            at: SystemClock().now.description,
            epoch: facts.epoch,
            position: facts.position,
            schema: facts.schema,
            files: files
        )
        try Data(manifest.json.indented().utf8)
            .write(to: URL(fileURLWithPath: stage.path(of: BackupManifest.name)))
        try archive(manifest, from: stage, to: file)
        return manifest
    }

    /// The files of the folder but the database, what can be made anew, and what is on its way.
    private func paths() throws -> [String] {
        let keys: Set<URLResourceKey> = [.isRegularFileKey]
        let root = folder.resolvingSymlinksInPath().path
        guard
            let walk = FileManager.default.enumerator(
                at: URL(fileURLWithPath: root),
                includingPropertiesForKeys: Array(keys)
            )
        else { throw OrderFault("\(root) cannot be read") }
        var paths: [String] = []
        for case let url as URL in walk {
            let path = String(url.path.dropFirst(root.count + 1))
            if isLeftOut(path) {
                walk.skipDescendants()
            } else if try url.resourceValues(forKeys: keys).isRegularFile == true {
                paths.append(path)
            }
        }
        return paths.sorted()
    }

    private func isLeftOut(_ path: String) -> Bool {
        Self.replaceable.contains(path) || path.hasPrefix("maitred.sqlite")
            || path.hasPrefix("search.sqlite") || path.hasSuffix(".draft")
            || path.hasSuffix(".part")
    }

    private func archive(_ manifest: BackupManifest, from stage: Stage, to file: URL) throws {
        let draft = file.path + ".draft"
        var names = [BackupManifest.name]
        names += manifest.files.map(\.path).filter { !$0.hasPrefix(Self.unchanging + "/") }
        let still = manifest.files.map(\.path).filter { $0.hasPrefix(Self.unchanging + "/") }
        try stage.list(names, as: "staged")
        try stage.list(still, as: "unchanging")
        let from = ["--null", "--verbatim-files-from", "--no-recursion"]
        try Tar.run(
            ["--create", "--file", draft, "--format=posix", "--owner=0", "--group=0"] + from
                + ["--directory", stage.folder.path, "--files-from", stage.path(of: ".staged")]
                + ["--directory", folder.path, "--files-from", stage.path(of: ".unchanging")]
        )
        try OwnersOnly.publish(draft, as: file.path)
    }
}

/// The folder beside a backup in which its parts are put together.
private struct Stage {
    let folder: URL

    init(beside file: URL) throws {
        folder = URL(fileURLWithPath: file.path + ".parts", isDirectory: true)
        try? FileManager.default.removeItem(at: folder)
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            let place = file.deletingLastPathComponent().path
            throw OrderFault("nothing can be written to \(place): \(error.localizedDescription)")
        }
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func path(of name: String) -> String { folder.appending(path: name).path }

    func copy(_ path: String, from source: URL) throws {
        let place = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(at: source.appending(path: path), to: place)
    }

    func entry(_ path: String) throws -> BackupManifest.Entry { try Self.entry(path, in: folder) }

    static func entry(_ path: String, in folder: URL) throws -> BackupManifest.Entry {
        let file = folder.appending(path: path).path
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        guard let sha256 = Digest.sha256Hex(contentsOf: file) else {
            throw OrderFault("\(file) cannot be read")
        }
        return BackupManifest.Entry(
            path: path,
            bytes: (attributes[.size] as? Int) ?? 0,
            sha256: sha256
        )
    }

    /// Writes names for tar, each ended by a zero byte.
    func list(_ names: [String], as name: String) throws {
        var bytes: [UInt8] = []
        for name in names { bytes += Array(name.utf8) + [0] }
        try Data(bytes).write(to: folder.appending(path: ".\(name)"))
    }
}
