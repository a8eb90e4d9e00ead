import JSONCoding

/// What of a form somebody sees who has not typed anything into it.
extension ConfigSchema {
    /// What a model may not fill in: nobody has told it a secret, and files are the operator's.
    private static let unofferedFormats: Set<Format> = [.secret, .file]

    /// Whether a value of a kind can be offered to a model as a whole.
    static func isOffered(_ kind: Kind) -> Bool {
        switch kind {
        case .text(let format, _): format.map { !unofferedFormats.contains($0) } ?? true
        case .choice, .integer, .number, .boolean: true
        case .list(let item, _): isOffered(item)
        case .object(let schema): schema.fields.allSatisfy { isOffered($0.kind) || !$0.isRequired }
        }
    }

    /// An input without what the form would not show: fields whose condition does not hold, and
    /// those that are not offered.
    ///
    /// A form says again what it was given, seen or not. What nobody has looked at is not to be in
    /// it.
    func seen(_ input: JSON.Object) -> JSON.Object {
        var seen = input
        // Taking a field away may hide another one.
        for _ in fields {
            let hidden = fields.filter { field in
                seen[field.name] != nil
                    && (!Self.isOffered(field.kind) || !isShown(field, in: seen))
            }
            if hidden.isEmpty { break }
            for field in hidden { seen[field.name] = nil }
        }
        for field in fields {
            if let value = seen[field.name] { seen[field.name] = Self.seen(value, field.kind) }
        }
        return seen
    }

    private static func seen(_ value: JSON, _ kind: Kind) -> JSON {
        switch (kind, value) {
        case (.object(let schema), .object(let object)): .object(schema.seen(object))
        case (.list(let item, _), .array(let items)): .array(items.map { seen($0, item) })
        default: value
        }
    }
}
