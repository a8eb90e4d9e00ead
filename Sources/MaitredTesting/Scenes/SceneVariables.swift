import JSONCoding
import Model

/// What a script's `$names` stand for, and how values are matched against what it says.
///
/// In what is sent a name stands for its value; `$cid…` is made at its first use. In what is
/// expected a name takes the value it meets first and must meet it again afterwards.
package struct SceneVariables: Sendable {
    private var values: [String: JSON] = [:]

    package init() {}

    package subscript(name: String) -> JSON? {
        get { values[name] }
        set { values[name] = newValue }
    }

    // MARK: - Filling in

    /// A value with all names in it replaced; the name of one without a value is thrown.
    package mutating func fill(_ json: JSON, at time: Timestamp) throws(Unknown) -> JSON {
        switch json {
        case .string(let text):
            if text.first == "$", text.dropFirst().allSatisfy(Self.isName) {
                return try value(of: text, at: time)
            }
            return .string(try fill(text))
        case .array(let items):
            var filled: [JSON] = []
            for item in items { filled.append(try fill(item, at: time)) }
            return .array(filled)
        case .object(let object):
            var filled = JSON.Object()
            for (key, value) in object.members { filled[key] = try fill(value, at: time) }
            return .object(filled)
        default: return json
        }
    }

    /// A text with the names inside it replaced.
    package func fill(_ text: String) throws(Unknown) -> String {
        var filled = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            filled += rest[..<dollar]
            let name = rest[dollar...].prefix { $0 == "$" || Self.isName($0) }
            guard let value = values[String(name)] else { throw Unknown(name: String(name)) }
            filled += value.stringValue ?? value.text
            rest = rest[name.endIndex...]
        }
        return filled + rest
    }

    package struct Unknown: Error { package var name: String }

    private mutating func value(of name: String, at time: Timestamp) throws(Unknown) -> JSON {
        if let known = values[name] { return known }
        guard name.hasPrefix("$cid") else { throw Unknown(name: name) }
        let fresh = String(MessageID.make(at: time).description.dropFirst(4))
        values[name] = .string(fresh)
        return .string(fresh)
    }

    private static func isName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    // MARK: - Matching

    /// Whether a value is as described; names that are met for the first time take their value.
    ///
    /// Objects may have more members than described, arrays more items. `"*"` is anything that is
    /// there, `"-"` nothing or null, `"~words"` a text that contains the words.
    package mutating func match(_ pattern: JSON, _ value: JSON?) -> Bool {
        var trial = self
        guard trial.tryMatch(pattern, value) else { return false }
        self = trial
        return true
    }

    private mutating func tryMatch(_ pattern: JSON, _ value: JSON?) -> Bool {
        if case .string("-") = pattern { return value == nil || value == .null }
        guard let value else { return false }
        switch (pattern, value) {
        case (.string("*"), _): return true
        case (.string(let text), _) where text.hasPrefix("$"):
            if let known = values[text] { return known == value }
            values[text] = value
            return true
        case (.string(let text), .string(let found)) where text.hasPrefix("~"):
            return found.contains(text.dropFirst())
        case (.object(let wanted), .object(let found)):
            for (key, pattern) in wanted.members where !tryMatch(pattern, found[key]) {
                return false
            }
            return true
        case (.array(let wanted), .array(let found)):
            return wanted.allSatisfy { pattern in found.contains { match(pattern, $0) } }
        case (.int, _), (.double, _): return pattern.doubleValue == value.doubleValue
        default: return pattern == value
        }
    }
}
