import ArgumentParser
import Foundation
import Gateway
import JSONCoding

/// `maitred backup`: everything in one file, while the server runs or not.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write the whole workspace into one file.",
        discussion: """
            A server on the folder goes on. The file holds the database, attachments, packages of \
            plugins and settings with a checksum each, secrets among them: keep it as safe as the \
            data folder.
            """
    )
    @Argument(help: "The file to write, such as maitred-2026-11-28.tar.") var file: String
    @OptionGroup var data: DataFolder

    func run() async throws {
        let place = URL(fileURLWithPath: file)
        let manifest = try Backup(folder: data.url).write(to: place)
        let answer: JSON = [
            "file": .string(place.path), "epoch": .string(manifest.epoch),
            "position": .int(manifest.position), "files": .int(Int64(manifest.files.count)),
            "bytes": .int(Int64(manifest.bytes)),
        ]
        data.show(answer) { _ in
            """
            Wrote \(manifest.files.count) files, \(manifest.bytes >> 10) KiB, to \(place.path).
            Give it back with: maitred restore \(file) --data FOLDER
            """
        }
    }
}

/// `maitred restore`: a data folder from a backup.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data folder from a backup.",
        discussion: """
            Everything is checked before the folder is touched. Clients that had seen more than the \
            backup holds notice it by a new epoch and fetch their conversations anew.
            """
    )
    @Argument(help: "The file that backup wrote.") var file: String
    @Flag(help: "Move a workspace that is there aside.") var replace = false
    @OptionGroup var data: DataFolder

    func run() async throws {
        let (manifest, epoch, aside) = try Restore(file: URL(fileURLWithPath: file))
            .make(data.url, replacing: replace)
        var answer: JSON.Object = [
            "data": .string(data.url.path), "epoch": .string(epoch),
            "position": .int(manifest.position), "at": .string(manifest.at),
        ]
        answer["aside"] = aside.map { .string($0.path) }
        data.show(.object(answer)) { _ in
            let earlier = aside.map { "\nWhat was there is in \($0.path) now." } ?? ""
            return "\(data.url.path) is as it was at \(manifest.at).\(earlier)"
        }
    }
}
