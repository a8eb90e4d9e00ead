import Foundation

/// A plugin as it lies in a folder: its manifest and its library, or what is wrong with them.
package struct PluginBundle: Sendable, Hashable {
    package var folder: String
    package var manifest: PluginManifest
    package var library: String
}

extension PluginBundle {
    /// A folder that holds a plugin which cannot be used.
    package struct Broken: Error, Sendable, Hashable {
        package var folder: String
        package var faults: [String]

        package init(folder: String, faults: [String]) {
            self.folder = folder
            self.faults = faults
        }
    }

    /// Looks at every subfolder that has a `plugin.json`, in order of name.
    ///
    /// Reads files; runs none of the plugins' code. Of two plugins with one id the first counts.
    package static func find(
        in folders: [String],
        libraryFolders: [String]
    ) -> (found: [PluginBundle], broken: [Broken]) {
        var found: [PluginBundle] = []
        var broken: [Broken] = []
        for folder in folders.flatMap(Self.pluginFolders) {
            do {
                let bundle = try PluginBundle(folder: folder, libraryFolders: libraryFolders)
                if let other = found.first(where: { $0.manifest.id == bundle.manifest.id }) {
                    let fault = "id: \(bundle.manifest.id) is also the plugin in \(other.folder)"
                    broken.append(Broken(folder: folder, faults: [fault]))
                } else {
                    found.append(bundle)
                }
            } catch {
                broken.append(error)
            }
        }
        return (found, broken)
    }

    /// The same for folders that hold one plugin's versions, all of which count.
    package static func find(
        versionsIn folders: [String]
    ) -> (found: [PluginBundle], broken: [Broken]) {
        var found: [PluginBundle] = []
        var broken: [Broken] = []
        for folder in folders.flatMap(Self.pluginFolders) {
            do throws(Broken) {
                found.append(try PluginBundle(folder: folder, libraryFolders: []))
            } catch {
                broken.append(error)
            }
        }
        return (found, broken)
    }

    /// Reads one bundle: `plugin.json` in the folder, the library in it or in a library folder.
    package init(folder: String, libraryFolders: [String]) throws(Broken) {
        guard let bytes = Self.bounded("\(folder)/plugin.json") else {
            throw Broken(folder: folder, faults: ["plugin.json cannot be read"])
        }
        do {
            manifest = try PluginManifest(parsing: bytes)
        } catch {
            throw Broken(folder: folder, faults: error.list)
        }
        self.folder = folder
        let name = manifest.library
        let places = ([folder] + libraryFolders).map { "\($0)/\(name)" }
        guard let library = places.first(where: FileManager.default.fileExists) else {
            throw Broken(folder: folder, faults: ["entry: there is no \(name), not even built"])
        }
        self.library = library
    }

    private static func pluginFolders(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
            .filter { FileManager.default.fileExists(atPath: "\($0)/plugin.json") }
    }

    /// The file's bytes, one more than the limit at most.
    private static func bounded(_ path: String) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        let data = try? file.read(upToCount: PluginManifest.byteLimit + 1)
        return data.map { [UInt8]($0) }
    }
}
