import Credentials
import Foundation
import JSONCoding

/// A plugin in one file to hand on: a tar archive of its folder with `MANIFEST.json`, the SHA-256 of
/// each file, and `SIGNATURE`, an Ed25519 signature over `MANIFEST.json`.
///
/// Tar itself is left to the system's `tar`; what came out of it is believed only where a digest
/// says so.
package enum PluginPackage {
    /// The largest package, in bytes; the archive is not compressed, so its content is no larger.
    package static let byteLimit = 64 << 20
    static let listName = "MANIFEST.json"
    static let signatureName = "SIGNATURE"
    private static let fileLimit = 200

    /// Why a package cannot be made or used, in words for people.
    package struct Fault: Error, Sendable, CustomStringConvertible {
        package var description: String
        package init(_ description: String) { self.description = description }
    }

    // MARK: - Making

    /// Packs a plugin: `plugin.json`, the library, `README.md` and `LICENSE` where they are.
    ///
    /// - Parameters:
    ///   - bundle: The plugin.
    ///   - file: The package to write.
    ///   - key: Signs it; nil leaves it unsigned.
    /// - Throws: ``Fault``.
    package static func pack(
        _ bundle: PluginBundle,
        into file: String,
        signedWith key: SigningKey?
    ) throws(Fault) {
        try withFolder { folder throws(Fault) in
            var names = ["plugin.json", bundle.manifest.library]
            try copy("\(bundle.folder)/plugin.json", to: "\(folder)/plugin.json")
            try copy(bundle.library, to: "\(folder)/\(bundle.manifest.library)")
            for name in ["README.md", "LICENSE"]
            where FileManager.default.fileExists(atPath: "\(bundle.folder)/\(name)") {
                try copy("\(bundle.folder)/\(name)", to: "\(folder)/\(name)")
                names.append(name)
            }
            let list = try list(of: names, in: folder, bundle.manifest)
            try write(list, to: "\(folder)/\(listName)")
            names.append(listName)
            if let key {
                try write(signature(of: list, by: key), to: "\(folder)/\(signatureName)")
                names.append(signatureName)
            }
            try tar(
                [
                    "--create", "--file", file, "--directory", folder, "--format", "ustar",
                    "--owner", "0", "--group", "0", "--mtime", "@0", "--sort", "name",
                ] + names
            )
        }
    }

    /// Signs a package that is there, in place of any signature it has.
    package static func sign(_ file: String, with key: SigningKey) throws(Fault) {
        try withFolder { folder throws(Fault) in
            try unpack(file, into: folder)
            let list = try read("\(folder)/\(listName)")
            try write(signature(of: list, by: key), to: "\(folder)/\(signatureName)")
            let names = try names(in: folder)
            try tar(
                [
                    "--create", "--file", file, "--directory", folder, "--format", "ustar",
                    "--owner", "0", "--group", "0", "--mtime", "@0", "--sort", "name",
                ] + names
            )
        }
    }

    private static func list(
        of names: [String],
        in folder: String,
        _ manifest: PluginManifest
    ) throws(Fault) -> [UInt8] {
        var files = JSON.Object()
        for name in names {
            files[name] = .string(Digest.sha256Hex(try read("\(folder)/\(name)")))
        }
        let list: JSON = [
            "id": .string(manifest.id), "version": .string(manifest.version),
            "files": .object(files),
        ]
        return list.bytes()
    }

    private static func signature(of list: [UInt8], by key: SigningKey) -> [UInt8] {
        let text = Base64.padded.encode(key.sign(list))
        return Array("ed25519 \(key.publicKey.id) \(text)\n".utf8)
    }

    // MARK: - Installing

    /// Unpacks a package below a folder, as `ID/VERSION`, once its digests are right.
    ///
    /// - Parameters:
    ///   - file: The package.
    ///   - folder: Where installed plugins are.
    ///   - check: Says why this plugin is not to be installed; nil when it is.
    ///   - trustedKeys: Whose signatures count, by name.
    /// - Returns: The installed plugin.
    /// - Throws: ``Fault``.
    package static func install(
        _ file: String,
        below folder: String,
        unless check: (PluginBundle, Trust) -> String?,
        trustedKeys: [String: VerifyingKey]
    ) throws(Fault) -> PluginBundle {
        try withFolder { staging throws(Fault) in
            try unpack(file, into: staging)
            let bundle: PluginBundle
            do throws(PluginBundle.Broken) {
                bundle = try PluginBundle(folder: staging, libraryFolders: [])
            } catch {
                throw Fault(error.faults.joined(separator: "; "))
            }
            let trust = trust(of: bundle, trustedKeys: trustedKeys)
            if let reason = check(bundle, trust) { throw Fault(reason) }
            let place = "\(folder)/\(bundle.manifest.id)/\(bundle.manifest.version)"
            if FileManager.default.fileExists(atPath: place) {
                throw Fault("\(bundle.manifest.id) \(bundle.manifest.version) is installed already")
            }
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(bundle.manifest.id)",
                    withIntermediateDirectories: true
                )
                try FileManager.default.copyItem(atPath: staging, toPath: "\(place).part")
                try FileManager.default.moveItem(atPath: "\(place).part", toPath: place)
            } catch {
                throw Fault("\(place) cannot be written: \(error)")
            }
            do throws(PluginBundle.Broken) {
                return try PluginBundle(folder: place, libraryFolders: [])
            } catch {
                throw Fault(error.faults.joined(separator: "; "))
            }
        }
    }

    private static func unpack(_ file: String, into folder: String) throws(Fault) {
        let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        guard let size else { throw Fault("\(file) cannot be read") }
        guard size <= byteLimit else { throw Fault("\(file) is larger than \(byteLimit) bytes") }
        guard let archive = FileHandle(forReadingAtPath: file) else {
            throw Fault("\(file) cannot be read")
        }
        defer { try? archive.close() }
        // Read from its input, tar unpacks nothing that is compressed.
        try tar(
            [
                "--extract", "--file", "-", "--directory", folder, "--no-same-owner",
                "--no-same-permissions",
            ],
            from: archive
        )
        _ = try names(in: folder)
    }

    /// The files of a folder; refuses everything that is not a plain file in it.
    static func names(in folder: String) throws(Fault) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw Fault("\(folder) cannot be read")
        }
        guard names.count <= fileLimit else { throw Fault("more than \(fileLimit) files") }
        for name in names {
            let about = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            guard about?[.type] as? FileAttributeType == .typeRegular else {
                throw Fault("\(name) is not a plain file")
            }
            // A file with holes in it takes little room in an archive.
            guard let size = about?[.size] as? Int, size <= byteLimit else {
                throw Fault("\(name) is larger than \(byteLimit) bytes")
            }
        }
        return names.sorted()
    }

    // MARK: - Files

    private static func withFolder<Value>(
        _ body: (String) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "maitred-package-\(SecureRandom.word(16))"
        ).path
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Fault("\(folder) cannot be made: \(error)")
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    static func read(_ path: String) throws(Fault) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault("\(path) cannot be read")
        }
        return [UInt8](data)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Fault) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Fault("\(path) cannot be written: \(error)")
        }
    }

    private static func copy(_ path: String, to other: String) throws(Fault) {
        try write(try read(path), to: other)
    }

    private static func tar(
        _ arguments: [String],
        from input: FileHandle = .nullDevice
    ) throws(Fault) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tar"] + arguments
        process.standardInput = input
        let errors = Pipe()
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw Fault("tar cannot be run: \(error)")
        }
        let words = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Fault("tar failed: \(String(decoding: words.prefix(300), as: UTF8.self))")
        }
    }
}

extension PluginPackage {
    /// Whose word there is for a plugin.
    package enum Trust: Sendable, Hashable {
        /// Comes with the server, or lies in a folder the operator named.
        case firstParty
        /// Signed by a key the operator trusts.
        case trusted(String)
        /// Signed by nobody the operator knows.
        case unsigned
        /// Not as it was when it was packed: never loaded.
        case modified(String)

        package var name: String {
            switch self {
            case .firstParty: "first_party"
            case .trusted: "trusted"
            case .unsigned: "unsigned"
            case .modified: "modified"
            }
        }
    }

    /// Compares an unpacked plugin with its own list and the list with its signature.
    package static func trust(
        of bundle: PluginBundle,
        trustedKeys: [String: VerifyingKey]
    ) -> Trust {
        do throws(Fault) {
            let list = try read("\(bundle.folder)/\(listName)")
            guard let json = try? JSON(parsing: list), let files = json["files"]?.objectValue,
                json["id"]?.stringValue == bundle.manifest.id,
                json["version"]?.stringValue == bundle.manifest.version
            else { return .modified("\(listName) is not this plugin's") }
            let names = try names(in: bundle.folder).filter {
                $0 != listName && $0 != signatureName
            }
            for name in names where files[name] == nil { return .modified("\(name) is not listed") }
            for (name, digest) in files.members {
                guard names.contains(name),
                    digest.stringValue == Digest.sha256Hex(try read("\(bundle.folder)/\(name)"))
                else { return .modified("\(name) is not as it was packed") }
            }
            guard files["plugin.json"] != nil, files[bundle.manifest.library] != nil else {
                return .modified("\(listName) leaves out the library")
            }
            return signer(of: list, in: bundle.folder, trustedKeys).map(Trust.trusted) ?? .unsigned
        } catch {
            return .modified(error.description)
        }
    }

    private static func signer(
        of list: [UInt8],
        in folder: String,
        _ keys: [String: VerifyingKey]
    ) -> String? {
        guard let bytes = try? read("\(folder)/\(signatureName)") else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 3, parts[0] == "ed25519",
            let signature = Base64.padded.decode(parts[2])
        else { return nil }
        return keys.sorted { $0.key < $1.key }
            .first { $0.value.isRight(signature, over: list) }?.key
    }
}
