import JSONCoding

/// What a plugin says about itself in `plugin.json`, checked and complete.
package struct PluginManifest: Sendable, Hashable {
    /// A moment at which the plugin wants to be asked.
    package struct Hook: Sendable, Hashable {
        package var name: String
        package var deadline: Duration

        /// What the plugin's invoke is called with.
        package var method: String { "hook/\(name)" }
    }

    /// In reverse-DNS form; the last part is the name of the bundle's folder.
    package var id: String
    package var name: String
    package var version: String
    /// The library's file name, for this machine.
    package var library: String
    /// Hooks in mode enrich, the one this version serves.
    package var hooks: [Hook]
    package var config: ConfigSchema
    /// How many calls run side by side.
    package var concurrency: Int
    package var memoryMegabytes: Int
    /// As written, for comparison with what the library says.
    package var source: JSON
}

extension PluginManifest {
    /// The largest `plugin.json`, in bytes.
    package static let byteLimit = 65_536

    /// Every fault of a manifest, each with the path of the member it is about.
    package struct Faults: Error, Sendable, Hashable {
        package var list: [String]
    }

    /// Reads a manifest without running anything; throws all its faults together.
    package init(parsing bytes: [UInt8]) throws(Faults) {
        guard bytes.count <= Self.byteLimit else {
            throw Faults(list: ["plugin.json is larger than \(Self.byteLimit) bytes"])
        }
        let json: JSON
        do {
            json = try JSON(parsing: bytes, depth: 16)
        } catch {
            throw Faults(list: ["plugin.json: \(error)"])
        }
        var reader = ManifestReader(json)
        self = reader.manifest()
        if !reader.faults.isEmpty { throw Faults(list: reader.faults) }
    }
}
