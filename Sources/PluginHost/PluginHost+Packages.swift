import Foundation
import Logging

/// Installed packages: what lies in the folder for them, and whether it may run.
extension PluginHost {
    /// Every version of every installed plugin that can be read.
    func installed() -> [PluginBundle] {
        Self.installed(in: options.installFolder).flatMap { id, found -> [PluginBundle] in
            for broken in found.broken { note(.invalid(broken.faults), of: id) }
            return found.found
        }
    }

    /// What lies in the folder of packages, by id.
    nonisolated static func installed(
        in folder: String?
    ) -> [(id: String, (found: [PluginBundle], broken: [PluginBundle.Broken]))] {
        guard let folder else { return [] }
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ids.sorted().map { id in
            var there = PluginBundle.find(versionsIn: ["\(folder)/\(id)"])
            there.found.removeAll { $0.manifest.id != id }
            return (id, there)
        }
    }

    /// Installs a package beside what is there; it does not run before it is switched on or chosen.
    ///
    /// - Parameter file: The `.maitredplugin`.
    /// - Returns: The plugin's id, its version and what it asks for.
    /// - Throws: ``PluginPackage/Fault``.
    package func install(
        _ file: String
    ) throws(PluginPackage.Fault) -> (id: String, version: String, permissions: [String]) {
        guard let folder = options.installFolder else {
            throw PluginPackage.Fault("this server has no folder for packages")
        }
        let unsigned = options.unsigned
        let bundle = try PluginPackage.install(
            file,
            below: folder,
            unless: { bundle, trust in
                switch trust {
                case .firstParty, .trusted: nil
                case .modified(let why): "it was changed after it was packed: \(why)"
                case .unsigned where unsigned.contains(bundle.manifest.id): nil
                case .unsigned:
                    "nobody you trust has signed it; name \(bundle.manifest.id) in "
                        + "allow_unsigned_plugins to install it all the same"
                }
            },
            trustedKeys: options.trustedKeys
        )
        let id = bundle.manifest.id
        var known = entries[id] ?? entry()
        known.versions.append(bundle)
        entries[id] = known
        if known.settings == nil { chooseVersion(of: id) }
        log.notice(
            "plugin installed",
            metadata: ["plugin.id": "\(id)", "version": "\(bundle.manifest.version)"]
        )
        return (id, bundle.manifest.version, bundle.manifest.permissions.lines)
    }
}

extension PluginHostOptions {
    /// Why a plugin is not to be loaded; nil when it may be.
    func mayNotRun(_ bundle: PluginBundle) -> String? {
        switch trust(of: bundle) {
        case .firstParty, .trusted: nil
        case .unsigned:
            unsigned.contains(bundle.manifest.id)
                ? nil
                : "nobody you trust has signed it; name it in allow_unsigned_plugins to run it"
        case .modified(let why): "it was changed after it was packed: \(why)"
        }
    }

    /// Whose word there is for a plugin.
    func trust(of bundle: PluginBundle) -> PluginPackage.Trust {
        guard let folder = installFolder, bundle.folder.hasPrefix(folder + "/") else {
            return .firstParty
        }
        return PluginPackage.trust(of: bundle, trustedKeys: trustedKeys)
    }
}
