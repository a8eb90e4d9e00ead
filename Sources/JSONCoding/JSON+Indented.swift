extension JSON {
    private static let width = 96

    /// For people to read and edit: two spaces a level, what fits into a line on one line.
    package func indented(_ depth: Int = 0) -> String {
        let flat = spaced
        if flat.utf8.count + 2 * depth <= Self.width { return flat }
        let inner = String(repeating: "  ", count: depth + 1)
        let outer = String(repeating: "  ", count: depth)
        if let members = objectValue?.members, !members.isEmpty {
            let lines = members.map { key, value in
                "\(inner)\(JSON.string(key).text): \(value.indented(depth + 1))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
        if let items = arrayValue, !items.isEmpty {
            let lines = items.map { inner + $0.indented(depth + 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        }
        return flat
    }

    private var spaced: String {
        if let members = objectValue?.members {
            if members.isEmpty { return "{}" }
            let parts = members.map { "\(JSON.string($0.key).text): \($0.value.spaced)" }
            return "{ " + parts.joined(separator: ", ") + " }"
        }
        if let items = arrayValue {
            return "[" + items.map(\.spaced).joined(separator: ", ") + "]"
        }
        return text
    }
}
