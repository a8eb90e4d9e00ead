import JSONCoding

/// What must hold for a branch: `look.status == shipped`, `total <= 5000`, `order known`.
///
/// A name, a relation, and a value where the relation has one. Texts are compared without regard to
/// case. Something that is not known holds for `missing` and `!=` alone.
package struct Condition: Hashable, Sendable {
    package enum Relation: String, Hashable, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case more = ">"
        /// One of several values, with commas between them.
        case among = "in"
        case known
        case missing
    }

    package var name: String
    package var relation: Relation
    package var values: [String]

    /// As it is written.
    package var text: String {
        ([name, relation.rawValue] + [values.joined(separator: ", ")]).filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// Reads a condition; nil for words that are none.
    package init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count >= 2, let relation = Relation(rawValue: String(words[1])) else {
            return nil
        }
        name = String(words[0])
        self.relation = relation
        let rest = words.count > 2 ? Self.trimmed(words[2]) : ""
        switch relation {
        case .known, .missing:
            guard rest.isEmpty else { return nil }
            values = []
        case .among:
            values = rest.split(separator: ",").map(Self.unquoted)
            guard !values.isEmpty else { return nil }
        case .equal, .unequal:
            guard !rest.isEmpty else { return nil }
            values = [Self.unquoted(rest[...])]
        case .atMost, .atLeast, .less, .more:
            // Only numbers have an order here.
            guard Double(rest) != nil else { return nil }
            values = [rest]
        }
    }

    /// Whether it holds, where `lookup` says what is known under a name.
    package func holds(_ lookup: (String) -> JSON?) -> Bool {
        let value = lookup(name)
        switch relation {
        case .known: return value != nil
        case .missing: return value == nil
        case .equal, .among: return values.contains { Self.isSame(value, $0) }
        case .unequal: return !Self.isSame(value, values[0])
        case .atMost: return compare(value) { $0 <= $1 }
        case .atLeast: return compare(value) { $0 >= $1 }
        case .less: return compare(value) { $0 < $1 }
        case .more: return compare(value) { $0 > $1 }
        }
    }

    private func compare(_ value: JSON?, _ relation: (Double, Double) -> Bool) -> Bool {
        guard let bound = Double(values[0]) else { return false }
        let number = value?.doubleValue ?? value?.stringValue.flatMap(Double.init)
        return number.map { relation($0, bound) } ?? false
    }

    private static func isSame(_ value: JSON?, _ text: String) -> Bool {
        switch value {
        case .string(let own): own.lowercased() == text.lowercased()
        case .bool(let flag): (flag ? ["true", "yes"] : ["false", "no"]).contains(text)
        case .int, .double: value?.doubleValue == Double(text)
        case .null, .array, .object, nil: false
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        let text = trimmed(text)
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
