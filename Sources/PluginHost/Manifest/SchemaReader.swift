import JSONCoding

/// Reads the `config` member of a manifest and collects what is wrong with it.
struct SchemaReader {
    private(set) var faults: [String] = []
    private static let textLimit = 10_000
    private static let fieldLimit = 64
    private static let depthLimit = 4

    /// The schema; without fields when the manifest has none.
    mutating func schema(_ json: JSON?, path: String = "config", depth: Int = 1) -> ConfigSchema {
        guard let json else { return ConfigSchema(fields: []) }
        guard json["type"]?.stringValue == "object", depth <= Self.depthLimit else {
            faults.append("\(path).type: not \"object\", or too deep")
            return ConfigSchema(fields: [])
        }
        let properties = json["properties"]?.objectValue ?? JSON.Object()
        if properties.count > Self.fieldLimit {
            faults.append("\(path).properties: more than \(Self.fieldLimit)")
        }
        let required = json["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        for name in required where properties[name] == nil {
            faults.append("\(path).required: \(name.prefix(60)) is not among the properties")
        }
        let fields = properties.members.prefix(Self.fieldLimit).map { name, property in
            field(
                name,
                property,
                isRequired: required.contains(name),
                path: "\(path).properties.\(name.prefix(60))",
                depth: depth
            )
        }
        return ConfigSchema(fields: fields.sorted { $0.order < $1.order })
    }

    private mutating func field(
        _ name: String,
        _ json: JSON,
        isRequired: Bool,
        path: String,
        depth: Int
    ) -> ConfigSchema.Field {
        let field = ConfigSchema.Field(
            name: name,
            title: json["title"]?.stringValue ?? name,
            explanation: json["description"]?.stringValue,
            kind: kind(json, path: path, depth: depth),
            isRequired: isRequired,
            defaultValue: json["default"],
            order: json["x-order"]?.intValue ?? Int.max,
            condition: json["x-if"]?.objectValue ?? [:]
        )
        if let value = field.defaultValue, faults.isEmpty {
            var checker = ConfigChecker(folder: "/")
            let schema = ConfigSchema(fields: [field])
            _ = checker.object([name: value], schema, path: "\(path).default")
            faults += checker.faults
        }
        return field
    }

    private mutating func kind(_ json: JSON, path: String, depth: Int) -> ConfigSchema.Kind {
        switch json["type"]?.stringValue {
        case "string": return text(json, path: path)
        case "integer":
            let low = json["minimum"]?.intValue ?? Int.min
            return .integer(low...max(low, json["maximum"]?.intValue ?? Int.max))
        case "number":
            let low = json["minimum"]?.doubleValue ?? -Double.greatestFiniteMagnitude
            let high = json["maximum"]?.doubleValue ?? Double.greatestFiniteMagnitude
            return .number(low...max(low, high))
        case "boolean": return .boolean
        case "array":
            let limit = min(max(json["maxItems"]?.intValue ?? 100, 0), 1000)
            guard let items = json["items"], depth < Self.depthLimit else { break }
            let item = kind(items, path: "\(path).items", depth: depth + 1)
            if item.isSecret {
                faults.append("\(path).items: a secret cannot be one of a list")
            }
            return .list(item, limit: limit)
        case "object": return .object(schema(json, path: path, depth: depth + 1))
        default: break
        }
        faults.append("\(path): not a kind of value that settings can have")
        return .boolean
    }

    private mutating func text(_ json: JSON, path: String) -> ConfigSchema.Kind {
        if let choices = json["enum"] {
            let texts = choices.arrayValue?.compactMap(\.stringValue) ?? []
            if texts.isEmpty || texts.count != choices.arrayValue?.count || texts.count > 100 {
                faults.append("\(path).enum: not a list of at most 100 texts")
            }
            return .choice(texts)
        }
        let name = json["format"]?.stringValue
        let format = name.flatMap(ConfigSchema.Format.init)
        if let name, format == nil {
            let known = ConfigSchema.Format.allCases.map(\.rawValue).joined(separator: ", ")
            faults.append("\(path).format: \(name.prefix(60)) is not one of \(known)")
        }
        let limit = json["maxLength"]?.intValue ?? Self.textLimit
        return .text(format, limit: min(max(limit, 0), Self.textLimit))
    }
}

extension ConfigSchema.Kind {
    /// Whether a value of it has a secret in it: lists have no places at which one could be kept.
    fileprivate var isSecret: Bool {
        switch self {
        case .text(.secret, _): true
        case .object(let schema): schema.fields.contains { $0.kind.isSecret }
        default: false
        }
    }
}
