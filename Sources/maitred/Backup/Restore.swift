import Credentials
import Foundation
import Gateway
import JSONCoding
import Store

/// Makes a data folder from a backup, complete or not at all.
struct Restore {
    let file: URL

    /// Unpacks and checks everything beside the folder, then puts it there.
    ///
    /// - Parameters:
    ///   - folder: Where the workspace is to be; it must not be there, or be empty.
    ///   - replacing: A workspace that is there is moved aside instead.
    /// - Returns: What was restored, its new epoch, and where the earlier folder went.
    /// - Throws: What is wrong with the backup or the place; nothing has changed then.
    func make(
        _ folder: URL,
        replacing: Bool
    ) throws -> (manifest: BackupManifest, epoch: String, aside: URL?) {
        let manager = FileManager.default
        let isThere = (try? manager.contentsOfDirectory(atPath: folder.path))?.isEmpty == false
        guard !isThere || replacing else {
            throw OrderFault("\(folder.path) is not empty; --replace moves it aside")
        }
        if isThere { try refuseWhileServed(folder) }
        let draft = URL(fileURLWithPath: folder.path + ".restoring", isDirectory: true)
        try? manager.removeItem(at: draft)
        try manager.createDirectory(
            at: draft,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        do {
            try Tar.run([
                "--extract", "--file", file.path, "--directory", draft.path, "--no-same-owner",
                "--no-same-permissions",
            ])
            let manifest = try checked(draft)
            let epoch = try Store.adopt(draft.appending(path: Store.databaseName).path)
            try manager.removeItem(at: draft.appending(path: BackupManifest.name))
            try OwnersOnly.restrict(draft)
            let aside = isThere ? try moveAside(folder) : nil
            if !isThere { try? manager.removeItem(at: folder) }
            try manager.moveItem(at: draft, to: folder)
            return (manifest, epoch, aside)
        } catch {
            try? manager.removeItem(at: draft)
            throw error
        }
    }

    /// Takes the folder's lock for a moment: a server that runs there would go on in the old one.
    private func refuseWhileServed(_ folder: URL) throws {
        if try ControlSocket.ask(["do": "status"], folder: folder) != nil {
            throw OrderFault("a server runs on \(folder.path); stop it first")
        }
    }

    /// Compares every file with the manifest; what it does not name is refused.
    private func checked(_ draft: URL) throws -> BackupManifest {
        let name = draft.appending(path: BackupManifest.name)
        guard let bytes = try? Data(contentsOf: name), let json = try? JSON(parsing: Array(bytes))
        else { throw OrderFault("\(file.path) is not a backup: it has no manifest") }
        let manifest = try BackupManifest(json: json)
        var unseen = try regularFiles(draft)
        unseen.remove(BackupManifest.name)
        for entry in manifest.files {
            guard unseen.remove(entry.path) != nil else {
                throw OrderFault("the backup lacks \(entry.path)")
            }
            let path = draft.appending(path: entry.path).path
            guard Digest.sha256Hex(contentsOf: path) == entry.sha256 else {
                throw OrderFault("\(entry.path) is not as it was backed up")
            }
        }
        if let stranger = unseen.first { throw OrderFault("\(stranger) is not in the manifest") }
        guard manifest.files.contains(where: { $0.path == Store.databaseName }) else {
            throw OrderFault("the backup lacks \(Store.databaseName)")
        }
        return manifest
    }

    /// The files below a folder; links and devices are refused.
    private func regularFiles(_ folder: URL) throws -> Set<String> {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .isDirectoryKey]
        let root = folder.resolvingSymlinksInPath().path
        guard
            let walk = FileManager.default.enumerator(
                at: URL(fileURLWithPath: root),
                includingPropertiesForKeys: Array(keys)
            )
        else { throw OrderFault("\(root) cannot be read") }
        var paths: Set<String> = []
        for case let url as URL in walk {
            let values = try url.resourceValues(forKeys: keys)
            let path = String(url.path.dropFirst(root.count + 1))
            if values.isRegularFile == true {
                paths.insert(path)
            } else if values.isDirectory != true {
                throw OrderFault("\(path) is neither a file nor a folder")
            }
        }
        return paths
    }

    private func moveAside(_ folder: URL) throws -> URL {
        for number in 1... {
            let place = URL(fileURLWithPath: "\(folder.path).before-restore-\(number)")
            if FileManager.default.fileExists(atPath: place.path) { continue }
            try FileManager.default.moveItem(at: folder, to: place)
            return place
        }
        preconditionFailure("numbers do not end")
    }
}
