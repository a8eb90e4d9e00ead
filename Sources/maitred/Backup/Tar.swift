import Foundation
import Gateway
import Glibc

/// GNU tar, which every Debian has.
enum Tar {
    /// Runs it to its end; what it says on standard error is the fault.
    static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/tar")
        process.arguments = arguments
        let errors = Pipe()
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw OrderFault("tar cannot be run: \(error.localizedDescription)")
        }
        let said = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw OrderFault(said.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}

/// Files that hold a workspace: nobody but their owner reads them.
enum OwnersOnly {
    /// Gives a complete file its name, on the disk too.
    static func publish(_ draft: String, as path: String) throws {
        chmod(draft, 0o600)
        try sync(draft)
        guard rename(draft, path) == 0 else { throw fault(path) }
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Takes everything below a folder from everybody else, and puts it on the disk.
    static func restrict(_ folder: URL) throws {
        guard
            let walk = FileManager.default.enumerator(
                at: folder,
                includingPropertiesForKeys: [.isDirectoryKey]
            )
        else { throw fault(folder.path) }
        for case let url as URL in walk {
            let isFolder = try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
            chmod(url.path, isFolder ? 0o700 : 0o600)
            try sync(url.path)
        }
        chmod(folder.path, 0o700)
        try sync(folder.path)
    }

    private static func sync(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        guard file >= 0, fsync(file) == 0 else { throw fault(path) }
    }

    private static func fault(_ path: String) -> OrderFault {
        OrderFault("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
