import Credentials
import Desk
import JSONCoding

/// A plugin's record, read: the whole configuration with its secrets, and what was agreed to.
struct PluginSettings: Sendable {
    var isEnabled: Bool
    /// As the manifest's `config` asks, secrets in clear: never leaves the server.
    var config: JSON.Object
    /// The manifest's permissions as they stood when somebody said yes; nil before that.
    var granted: JSON?
    var allowsPrivateNetwork: Bool
    /// Which installed version runs; nil for what lies in a plugin folder.
    var version: String?
    var previousVersion: String?
    /// Who may have actions done and how often, by action.
    var policies: JSON.Object

    init(
        isEnabled: Bool = false,
        config: JSON.Object = [:],
        granted: JSON? = nil,
        allowsPrivateNetwork: Bool = false
    ) {
        self.isEnabled = isEnabled
        self.config = config
        self.granted = granted
        self.allowsPrivateNetwork = allowsPrivateNetwork
        policies = [:]
    }

    /// Reads a record; secrets that do not open are missing.
    init(_ record: PluginRecord, vault: SealedSecrets) {
        isEnabled = record.isEnabled
        config = record.config
        granted = record.document["granted"]
        allowsPrivateNetwork = record.document["private_network"]?.boolValue ?? false
        version = record.document["version"]?.stringValue
        previousVersion = record.document["previous_version"]?.stringValue
        policies = record.document["policies"]?.objectValue ?? [:]
        guard let sealed = record.secrets,
            let bytes = try? vault.open(sealed, context: Self.context(record.id)),
            let secrets = (try? JSON(parsing: bytes))?.objectValue
        else { return }
        for (path, value) in secrets.members {
            config.set(value, at: path.split(separator: ".").map(String.init)[...])
        }
    }

    /// The record, secrets sealed.
    func record(
        _ id: String,
        _ schema: ConfigSchema?,
        vault: SealedSecrets
    ) throws(SealFault) -> PluginRecord {
        var plain = config
        var secrets = JSON.Object()
        for path in schema?.secretPaths ?? [] {
            guard let value = config.value(at: path[...]) else { continue }
            secrets[path.joined(separator: ".")] = value
            plain.set(nil, at: path[...])
        }
        var document: JSON.Object = ["private_network": .bool(allowsPrivateNetwork)]
        document["granted"] = granted
        document["version"] = version.map(JSON.string)
        document["previous_version"] = previousVersion.map(JSON.string)
        if !policies.isEmpty { document["policies"] = .object(policies) }
        return PluginRecord(
            id: id,
            isEnabled: isEnabled,
            config: plain,
            secrets: secrets.isEmpty
                ? nil
                : try vault.seal(JSON.object(secrets).bytes(), context: Self.context(id)),
            document: document
        )
    }

    private static func context(_ id: String) -> String { "plugin/\(id)" }
}

extension ConfigSchema {
    /// Where values of `format: secret` are.
    var secretPaths: [[String]] {
        fields.flatMap { field -> [[String]] in
            switch field.kind {
            case .text(.secret, _): [[field.name]]
            case .object(let schema): schema.secretPaths.map { [field.name] + $0 }
            default: []
            }
        }
    }
}

extension JSON.Object {
    func value(at path: ArraySlice<String>) -> JSON? {
        guard let first = path.first else { return nil }
        if path.count == 1 { return self[first] }
        return self[first]?.objectValue?.value(at: path.dropFirst())
    }

    mutating func set(_ value: JSON?, at path: ArraySlice<String>) {
        guard let first = path.first else { return }
        if path.count == 1 {
            self[first] = value
            return
        }
        // What is no object is a fault, which is not to be hidden; what is not there stays away.
        guard var inner = (self[first] ?? (value == nil ? .null : [:])).objectValue else { return }
        inner.set(value, at: path.dropFirst())
        self[first] = .object(inner)
    }
}
