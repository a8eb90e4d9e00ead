import JSONCoding

/// What a plugin can be configured with: the subset of JSON Schema that can be drawn as a form.
package struct ConfigSchema: Sendable, Hashable {
    /// One member of the configuration.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var title: String
        package var explanation: String?
        package var kind: Kind
        package var isRequired: Bool
        package var defaultValue: JSON?
        /// Where it stands in the form (`x-order`).
        package var order: Int
        /// It counts only while another field has a value (`x-if`).
        package var condition: JSON.Object = [:]
    }

    package indirect enum Kind: Sendable, Hashable {
        case text(Format?, limit: Int)
        case choice([String])
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case boolean
        case list(Kind, limit: Int)
        case object(ConfigSchema)
    }

    package enum Format: String, Sendable, CaseIterable {
        case secret, uri, email, multiline, duration, file
    }

    package var fields: [Field]
}

extension ConfigSchema {
    /// A configuration that is right: complete with defaults, secrets replaced.
    package struct Resolved: Sendable, Hashable {
        /// What the plugin is given.
        package var config: JSON.Object
        /// The files its process may read.
        package var files: [String]
        /// What the plugin is not given, by path: only the server's own services fill it in.
        package var secrets: [String: String]
    }

    /// Whether the form shows a field: each it depends on has the value, or one of those, it names.
    func isShown(_ field: Field, in object: JSON.Object) -> Bool {
        field.condition.members.allSatisfy { name, value in
            let other = fields.first { $0.name == name }
            let given = object[name] ?? other?.defaultValue
            return value.arrayValue?.contains { $0 == given } ?? (value == given)
        }
    }

    /// Checks a form that was filled in, such as an action's input; defaults are filled in.
    ///
    /// - Parameters:
    ///   - object: As it was filled in.
    ///   - path: What the faults begin with.
    /// - Returns: The complete object.
    /// - Throws: Every fault together, each with its path.
    package func check(
        _ object: JSON.Object,
        path: String
    ) throws(PluginManifest.Faults) -> JSON.Object {
        var checker = ConfigChecker(folder: "/")
        let complete = checker.object(object, self, path: path)
        guard checker.faults.isEmpty else { throw PluginManifest.Faults(list: checker.faults) }
        return complete
    }

    /// Checks an operator's configuration.
    ///
    /// - Parameters:
    ///   - config: As the operator wrote it.
    ///   - folder: What relative values of `format: file` are relative to.
    /// - Returns: What the plugin is given.
    /// - Throws: Every fault together, each with its path.
    package func resolve(
        _ config: JSON.Object,
        in folder: String
    ) throws(PluginManifest.Faults) -> Resolved {
        var checker = ConfigChecker(folder: folder)
        let config = checker.object(config, self, path: "config")
        guard checker.faults.isEmpty else {
            throw PluginManifest.Faults(list: checker.faults)
        }
        return Resolved(config: config, files: checker.files, secrets: checker.secrets)
    }
}
