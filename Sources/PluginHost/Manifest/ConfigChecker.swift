import Foundation
import JSONCoding

/// Checks a configuration against its schema and collects what is wrong with it.
struct ConfigChecker {
    private(set) var faults: [String] = []
    private(set) var files: [String] = []
    /// Values of `format: secret`, by path.
    private(set) var secrets: [String: String] = [:]
    private let folder: String

    init(folder: String) { self.folder = folder }

    /// The object with defaults filled in.
    mutating func object(
        _ object: JSON.Object,
        _ schema: ConfigSchema,
        path: String
    ) -> JSON.Object {
        for key in object.keys where !schema.fields.contains(where: { $0.name == key }) {
            faults.append("\(path).\(key.prefix(60)): the plugin has no such setting")
        }
        var resolved = JSON.Object()
        for field in schema.fields {
            let path = "\(path).\(field.name)"
            if let value = object[field.name] ?? field.defaultValue {
                resolved[field.name] = self.value(value, field.kind, path: path)
            } else if field.isRequired, schema.isShown(field, in: object) {
                faults.append("\(path): missing")
            }
        }
        return resolved
    }

    private mutating func value(_ value: JSON, _ kind: ConfigSchema.Kind, path: String) -> JSON {
        switch (kind, value) {
        case (.text(let format, let limit), .string(let text)):
            if text.unicodeScalars.count > limit {
                faults.append("\(path): longer than \(limit) characters")
            }
            return .string(self.text(text, format, path: path))
        case (.choice(let choices), .string(let text)):
            if !choices.contains(text) {
                let quoted = choices.map { "\"\($0)\"" }.joined(separator: ", ")
                faults.append("\(path): not one of \(quoted)")
            }
        case (.integer(let range), _) where value.intValue != nil:
            check(value.intValue ?? 0, in: range, path: path)
        case (.number(let range), _) where value.doubleValue != nil:
            check(value.doubleValue ?? 0, in: range, path: path)
        case (.boolean, .bool): break
        case (.list(let item, let limit), .array(let items)):
            if items.count > limit { faults.append("\(path): more than \(limit) entries") }
            return .array(
                items.prefix(limit).enumerated().map { index, entry in
                    self.value(entry, item, path: "\(path)[\(index)]")
                }
            )
        case (.object(let schema), .object(let object)):
            return .object(self.object(object, schema, path: path))
        default:
            faults.append("\(path): not \(kind.noun)")
        }
        return value
    }

    private mutating func check<Number: Comparable>(
        _ number: Number,
        in range: ClosedRange<Number>,
        path: String
    ) {
        if range.contains(number) { return }
        faults.append("\(path): not from \(range.lowerBound) to \(range.upperBound)")
    }

    /// The value a plugin is given for a text.
    private mutating func text(
        _ text: String,
        _ format: ConfigSchema.Format?,
        path: String
    ) -> String {
        switch format {
        case .secret:
            // Only the server's own services know what stands behind it.
            let name = String(path.dropFirst("config.".count))
            secrets[name] = text
            return "{{secret:\(name)}}"
        case .file:
            if text.isEmpty || text.utf8.contains(0) {
                faults.append("\(path): not a file's name")
                return text
            }
            let file = text.hasPrefix("/") ? text : "\(folder)/\(text)"
            files.append(file)
            return file
        case .uri:
            let scheme = URL(string: text)?.scheme
            if scheme != "https", scheme != "http" { faults.append("\(path): not a web address") }
            // What is put behind it begins with a slash.
            return String(text.reversed().drop { $0 == "/" }.reversed())
        case .email:
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            if parts.count != 2 || parts.contains(where: \.isEmpty) {
                faults.append("\(path): not an email address")
            }
        case .multiline, .duration, nil: break
        }
        return text
    }
}

extension ConfigSchema.Kind {
    fileprivate var noun: String {
        switch self {
        case .text, .choice: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
