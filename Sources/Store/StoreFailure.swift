import Foundation

/// Why a data folder cannot be opened or made.
package enum StoreFailure: Error, Hashable, Sendable {
    case notThere(URL)
    case alreadyThere(URL)
    /// Another process has the folder open; its id, if it could be read.
    case inUse(URL, process: Int?)
    /// A newer version of the program wrote the file.
    case newerSchema(known: Int)
    /// The file is not one of ours, or damaged.
    case unreadable(String)
    /// Secrets are sealed in the database, and the file with their key is not beside it.
    case keyMissing(URL)
    /// The key beside the database is another one than its secrets are sealed with.
    case wrongKey(URL)
    /// The migration was ended; it has changed nothing that the next opening would not.
    case interrupted
    /// The folder or file cannot be made, locked, copied or written.
    case notUsable(URL, reason: String)
}

extension StoreFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notThere(let folder):
            "There is no workspace in \(folder.path). Make one with: maitred init"
        case .alreadyThere(let folder):
            "There is a workspace in \(folder.path) already."
        case .inUse(let folder, let process?):
            "The workspace in \(folder.path) is in use by process \(process)."
        case .inUse(let folder, nil):
            "The workspace in \(folder.path) is in use by another process."
        case .newerSchema(let known):
            """
            The workspace was written by a newer version: this one knows its schema up to \
            number \(known). Use the newer version, or restore a backup.
            """
        case .unreadable(let reason): "The workspace cannot be read: \(reason)"
        case .keyMissing(let file):
            """
            \(file.path) is not there. It holds the key of this workspace's secrets: put it back \
            from the folder or the backup that maitred.sqlite is from. If it is lost, \
            “maitred secrets forget” gives the secrets up and keeps everything else.
            """
        case .wrongKey(let file):
            """
            \(file.path) is not the key of this workspace's secrets. It belongs to maitred.sqlite: \
            take both from the same folder or backup.
            """
        case .interrupted: "The migration of the workspace was interrupted."
        case .notUsable(let url, let reason): "\(url.path) cannot be used: \(reason)"
        }
    }
}
