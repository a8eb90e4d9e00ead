import Yams

/// A mapping of a YAML file, read key by key; what is wrong goes to a list with file and line.
///
/// Scalars are taken as they are written: `name: no` is the text "no".
final class YAMLFields {
    let file: String
    let line: Int
    private let lineOffset: Int
    private let values: [(key: String, node: Node, line: Int)]
    private let faults: FaultList
    private var known: Set<String> = []

    private init(_ mapping: Node.Mapping, file: String, lineOffset: Int, faults: FaultList) {
        self.file = file
        self.faults = faults
        self.lineOffset = lineOffset
        line = (mapping.mark?.line ?? 1) + lineOffset
        values = mapping.map { key, node in
            (key.scalar?.string ?? "", node, (key.mark?.line ?? 1) + lineOffset)
        }
    }

    /// Reads a document whose root is a mapping; nil, with a fault, for anything else.
    static func document(
        _ text: String,
        file: String,
        lineOffset: Int = 0,
        faults: FaultList
    ) -> YAMLFields? {
        do {
            guard let mapping = try compose(yaml: text)?.mapping else {
                faults.add(.malformed("must be a list of 'key: value'"), file: file)
                return nil
            }
            return YAMLFields(mapping, file: file, lineOffset: lineOffset, faults: faults)
        } catch {
            let (reason, line) = describe(error)
            faults.add(.malformed(reason), file: file, line: line.map { $0 + lineOffset })
            return nil
        }
    }

    private static func describe(_ error: any Error) -> (String, Int?) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return ("not YAML: \(problem)", mark.line)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            return ("\(names) is there twice", context.mark.line)
        case .reader(let problem, _, _, _): return ("not YAML: \(problem)", nil)
        default: return ("not YAML", nil)
        }
    }

    /// Reports keys that nobody asked for.
    func finish() {
        for (key, _, line) in values where !known.contains(key) {
            add(.unknownKey(key, nearest: Slug.nearest(to: key, among: known)), line: line)
        }
    }

    func add(_ problem: WorkspaceFault.Problem, line: Int? = nil) {
        faults.add(problem, file: file, line: line ?? self.line)
    }

    func has(_ key: String) -> Bool { values.contains { $0.key == key } }

    func line(of key: String) -> Int { values.first { $0.key == key }?.line ?? line }

    private func value(_ key: String) -> (node: Node, line: Int)? {
        known.insert(key)
        return values.first { $0.key == key }.map { ($0.node, $0.line) }
    }
}

// MARK: - Single values

extension YAMLFields {
    func text(_ key: String, limit: Int = 500) -> String? {
        guard let (node, line) = value(key) else { return nil }
        guard let scalar = node.scalar else {
            add(.wrongKind(key, expected: "a text"), line: line)
            return nil
        }
        return checked(scalar.string, key, limit: limit, line: line)
    }

    private func checked(_ text: String, _ key: String, limit: Int, line: Int) -> String? {
        let text = text.trimmed
        guard !text.isEmpty else {
            add(.empty(key), line: line)
            return nil
        }
        guard text.utf8.count <= limit else {
            add(.tooLong(key, limit: limit), line: line)
            return nil
        }
        return text
    }

    func requiredText(_ key: String, limit: Int = 500) -> String {
        if !has(key) { add(.missing(key)) }
        return text(key, limit: limit) ?? ""
    }

    func slug(_ key: String) -> String? {
        guard let text = text(key) else { return nil }
        return checkedSlug(text, key, line: line(of: key))
    }

    private func checkedSlug(_ text: String, _ key: String, line: Int) -> String? {
        guard Slug.isValid(text) else {
            add(.badSlug(key, value: text), line: line)
            return nil
        }
        return text
    }

    func flag(_ key: String) -> Bool? {
        guard let text = text(key) else { return nil }
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default:
            add(.wrongKind(key, expected: "true or false"), line: line(of: key))
            return nil
        }
    }

    func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            add(.badValue(key, value: text, expected: expected), line: line(of: key))
            return nil
        }
        return number
    }

    /// A number from 0 to 1.
    func share(_ key: String) -> Double? { decimal(key, in: 0...1) }

    func decimal(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let text = text(key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
            add(.badValue(key, value: text, expected: expected), line: line(of: key))
            return nil
        }
        return number
    }

    func oneOf<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        _ type: Value.Type
    ) -> Value? where Value.RawValue == String {
        guard let text = text(key) else { return nil }
        guard let value = Value(rawValue: text) else {
            let allowed = Value.allCases.map(\.rawValue)
            add(.notOneOf(key, value: text, allowed: allowed), line: line(of: key))
            return nil
        }
        return value
    }
}

// MARK: - Lists

extension YAMLFields {
    /// A list of texts with their lines; a single text counts as a list of one.
    func lines(_ key: String, limit: Int = 500, maximum: Int = 100) -> [(text: String, line: Int)] {
        guard let (node, line) = value(key) else { return [] }
        guard node.scalar == nil else {
            return text(key, limit: limit).map { [($0, line)] } ?? []
        }
        return elements(node, key, line: line, maximum: maximum).compactMap { element in
            let line = element.mark.map { $0.line + lineOffset } ?? line
            guard let scalar = element.scalar else {
                add(.wrongKind(key, expected: "a list of texts"), line: line)
                return nil
            }
            return checked(scalar.string, key, limit: limit, line: line).map { ($0, line) }
        }
    }

    func texts(_ key: String, limit: Int = 500, maximum: Int = 100) -> [String] {
        lines(key, limit: limit, maximum: maximum).map(\.text)
    }

    func slugs(_ key: String, maximum: Int = 100) -> [String] {
        lines(key, maximum: maximum).compactMap { checkedSlug($0.text, key, line: $0.line) }
    }

    /// A list of mappings.
    func entries(_ key: String, maximum: Int = 1000) -> [YAMLFields] {
        guard let (node, line) = value(key) else { return [] }
        return elements(node, key, line: line, maximum: maximum).compactMap { element in
            guard let mapping = element.mapping else {
                let line = element.mark.map { $0.line + lineOffset } ?? line
                add(.wrongKind(key, expected: "a list of 'key: value' entries"), line: line)
                return nil
            }
            return YAMLFields(mapping, file: file, lineOffset: lineOffset, faults: faults)
        }
    }

    /// A mapping of names to mappings.
    func sections(_ key: String) -> [(name: String, fields: YAMLFields)] {
        guard let (node, line) = value(key) else { return [] }
        guard let mapping = node.mapping else {
            add(.wrongKind(key, expected: "a mapping of names"), line: line)
            return []
        }
        return mapping.compactMap { name, node in
            guard let name = name.scalar?.string, let section = node.mapping else {
                let line = node.mark.map { $0.line + lineOffset } ?? line
                add(.wrongKind(key, expected: "'name:' with entries below"), line: line)
                return nil
            }
            let fields = YAMLFields(section, file: file, lineOffset: lineOffset, faults: faults)
            return (name, fields)
        }
    }

    /// A mapping of names to texts, in its order.
    func pairs(_ key: String, limit: Int = 500) -> [(name: String, text: String)] {
        guard let (node, line) = value(key) else { return [] }
        guard let mapping = node.mapping else {
            add(.wrongKind(key, expected: "a mapping of names to values"), line: line)
            return []
        }
        let fields = YAMLFields(mapping, file: file, lineOffset: lineOffset, faults: faults)
        return fields.values.compactMap { entry in
            fields.text(entry.key, limit: limit).map { (entry.key, $0) }
        }
    }

    /// A mapping of names to numbers from 0 to 1.
    func shares(_ key: String) -> [String: Double] {
        guard let (node, line) = value(key) else { return [:] }
        guard let mapping = node.mapping else {
            add(.wrongKind(key, expected: "a mapping of names to numbers"), line: line)
            return [:]
        }
        let fields = YAMLFields(mapping, file: file, lineOffset: lineOffset, faults: faults)
        return fields.values.reduce(into: [:]) { $0[$1.key] = fields.share($1.key) }
    }

    private func elements(_ node: Node, _ key: String, line: Int, maximum: Int) -> [Node] {
        guard let sequence = node.sequence else {
            add(.wrongKind(key, expected: "a list"), line: line)
            return []
        }
        if sequence.count > maximum { add(.tooMany(key, limit: maximum), line: line) }
        return Array(sequence.prefix(maximum))
    }
}
