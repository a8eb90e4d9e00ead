import JSONCoding

/// What one plugin knows about a conversation.
package struct EnrichResult: Sendable, Hashable {
    /// The plugin's id.
    package var plugin: String
    package var title: String
    /// Texts, numbers and booleans by name, in the plugin's order.
    package var facts: JSON.Object

    package static let factLimit = 64
    package static let textLimit = 1024

    /// Reads a plugin's answer; nil when it has nothing to say.
    package init?(plugin: String, name: String, answer: [UInt8]) throws(PluginError) {
        if answer.isEmpty { return nil }
        let json: JSON
        do {
            json = try JSON(parsing: answer, depth: 8)
        } catch {
            throw .malformed("\(error)")
        }
        guard let facts = json["facts"]?.objectValue else {
            throw .malformed("the member facts is missing")
        }
        guard facts.count <= Self.factLimit else {
            throw .malformed("more than \(Self.factLimit) facts")
        }
        for (key, value) in facts.members where !Self.isFact(key, value) {
            throw .malformed("a fact that is not a short text, a number or a boolean")
        }
        let title = json["title"]?.stringValue ?? name
        self.plugin = plugin
        self.title = String(title.prefix(100))
        self.facts = facts
        if facts.isEmpty { return nil }
    }

    /// Whether an object is what people can be shown as facts.
    static func areFacts(_ facts: JSON.Object) -> Bool {
        facts.count <= factLimit && facts.members.allSatisfy { isFact($0.key, $0.value) }
    }

    private static func isFact(_ key: String, _ value: JSON) -> Bool {
        guard !key.isEmpty, key.utf8.count <= 100 else { return false }
        return switch value {
        case .string(let text): text.utf8.count <= textLimit
        case .int, .double, .bool, .null: true
        case .array, .object: false
        }
    }
}
