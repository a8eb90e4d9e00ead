import JSONCoding

/// The members of an object under inspection.
package struct FieldReader {
    private let object: JSON.Object
    private let path: String

    package init(_ value: FieldValue) throws(WireFault) {
        guard case .object(let object) = value.json else {
            throw .field(value.path.isEmpty ? "d" : value.path, "must be an object")
        }
        self.object = object
        path = value.path
    }

    private func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    package func required(_ name: String) throws(WireFault) -> FieldValue {
        guard let value = optional(name) else { throw .field(path(of: name), "is required") }
        return value
    }

    /// A field that may be left out; null counts as left out.
    package func optional(_ name: String) -> FieldValue? {
        guard let json = object[name] else { return nil }
        if case .null = json { return nil }
        return FieldValue(json, path: path(of: name))
    }

    /// A field that must be there and may be null.
    package func nullable(_ name: String) throws(WireFault) -> FieldValue? {
        guard object[name] != nil else { throw .field(path(of: name), "is required (or null)") }
        return optional(name)
    }

    /// Refuses members of other names: a misspelt one must not be taken for one left out.
    package func only(_ names: String...) throws(WireFault) {
        for member in object.members where !names.contains(member.key) {
            throw .field(
                path(of: member.key),
                "is not known; there are \(names.joined(separator: ", "))"
            )
        }
    }

    package func exactlyOne(of names: String...) throws(WireFault) {
        let present = names.count { optional($0) != nil }
        if present == 1 { return }
        throw WireFault(
            .invalid,
            "exactly one of \(names.joined(separator: ", ")) is required",
            field: names.first.map(path(of:))
        )
    }

    /// Refuses an object in which all of these are absent, or empty strings and lists.
    package func oneNotEmpty(of names: String...) throws(WireFault) {
        let isFilled = names.contains { name in
            switch optional(name)?.json {
            case .string(let text): !text.isEmpty
            case .array(let items): !items.isEmpty
            case nil: false
            default: true
            }
        }
        if isFilled { return }
        throw WireFault(
            .invalid,
            "one of \(names.joined(separator: ", ")) must not be empty",
            field: names.first.map(path(of:))
        )
    }

    package func atLeastOne(of names: String...) throws(WireFault) {
        if names.contains(where: { optional($0) != nil }) { return }
        throw WireFault(
            .invalid,
            "at least one of \(names.joined(separator: ", ")) is required",
            field: names.first.map(path(of:))
        )
    }
}
